"""The wiring of a Newsroom site: settings, addresses, admin site, server entry points."""

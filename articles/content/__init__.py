"""Pure functions over text and HTML: no database, no request, no settings."""

"""What has changed is told to the caches in front of the site as well: to a CDN, or to a Varnish of one's own."""

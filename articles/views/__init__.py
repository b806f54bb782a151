"""What readers open in a browser: a page family a module."""

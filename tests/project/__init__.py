"""The rules that the tree itself keeps: files, locks, documents, templates, static files."""

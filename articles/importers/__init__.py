"""Texts come in here: read from disk, parsed into one neutral form, planned against what is stored, saved in bulk."""

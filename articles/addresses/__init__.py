"""Addresses: where a story lives, and where it lived before."""

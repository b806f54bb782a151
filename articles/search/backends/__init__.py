"""The index of each database behind one interface."""

from django.db import connection

from articles.search.backends.base import TextIndex
from articles.search.backends.postgres import PostgresIndex
from articles.search.backends.sqlite_fts5 import SQLiteIndex


def text_index() -> TextIndex:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()

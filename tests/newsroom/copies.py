"""A second database that begins as a copy of the test's own, as a replica does, and then goes its own way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

from newsroom.databases import REPLICA


@contextmanager
def replica_of_this_moment(folder: Path) -> Iterator[Any]:
    """The connection to a copy under the name of the replica. What was written after it was made stands in one alone."""
    name = copy_into(folder)
    # Known to this thread alone, and to no setting: Django's tests let such connections be.
    copy = connection.copy(alias=REPLICA)
    copy.settings_dict["NAME"] = name
    connections[REPLICA] = copy
    try:
        yield copy
    finally:
        copy.close()
        del connections[REPLICA]
        if connection.vendor == "postgresql":
            command_elsewhere("DROP DATABASE {} WITH (FORCE)", name)


def copy_into(folder: Path) -> str:
    if connection.vendor == "sqlite":
        path = folder / "replica.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return str(path)
    original = connection.settings_dict["NAME"]
    name = f"{original}_replica"
    # PostgreSQL copies a database to which nobody is connected.
    connections.close_all()
    command_elsewhere("DROP DATABASE IF EXISTS {}", name)
    command_elsewhere("CREATE DATABASE {} TEMPLATE {}", name, original)
    return name


def command_elsewhere(command: str, *names: str) -> None:
    """From another database of the same server: none may be dropped or copied from within."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(command.format(*map(connection.ops.quote_name, names)))

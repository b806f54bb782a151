"""A cache that all processes of one machine share, in a file of SQLite's: for sites that need no cache server."""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

Answer = TypeVar("Answer")

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value, expires_at REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_time ON entries (expires_at) WHERE expires_at IS NOT NULL;
"""
# Nothing in the file outlives a crash of the machine, so nothing has to reach the disk.
PRAGMAS: Final = ("journal_mode=WAL", "synchronous=OFF", "journal_size_limit=16777216")
DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
# Seconds to wait for another writer, who needs some microseconds.
PATIENCE: Final = 2.0
# How many writes of a connection pass before it looks for what has expired.
WRITES_BETWEEN_CULLS: Final = 1000

GET: Final = "SELECT value FROM entries WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)"
SET: Final = "INSERT OR REPLACE INTO entries (key, value, expires_at) VALUES (?, ?, ?)"
ADD: Final = """INSERT INTO entries (key, value, expires_at) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    WHERE entries.expires_at <= ?"""
TOUCH: Final = "UPDATE entries SET expires_at = ? WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)"
INCREASE: Final = """UPDATE entries SET value = value + ?
    WHERE key = ? AND (expires_at IS NULL OR expires_at > ?) AND typeof(value) = 'integer' RETURNING value"""
DELETE: Final = "DELETE FROM entries WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)"
DELETE_EXPIRED: Final = "DELETE FROM entries WHERE expires_at <= ?"
# Those first that expire soonest.
DELETE_SURPLUS: Final = """DELETE FROM entries WHERE key IN (
    SELECT key FROM entries ORDER BY expires_at IS NULL, expires_at LIMIT ?)"""


class SharedCache(BaseCache):
    """Django's cache over one table: `add` and `incr` are one statement each, so that they hold between processes.

    ``LOCATION`` is the file's path. Values are kept as JSON, which runs no code when it is read: what JSON does not
    know is refused. A file that was deleted or is no database any more is begun anew, as an empty cache.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._file = CacheFile(Path(location))
        self._writes = 0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        parameters = (self.make_and_validate_key(key, version=version), time.time())
        row = self._file.use(lambda connection: connection.execute(GET, parameters).fetchone())
        return default if row is None else unpacked(row[0])

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(SET, self.make_and_validate_key(key, version=version), packed(value), self._expiry(timeout))

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._write(ADD, name, packed(value), self._expiry(timeout), time.time()) > 0

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._write(TOUCH, self._expiry(timeout), name, time.time()) > 0

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._write(DELETE, self.make_and_validate_key(key, version=version), time.time()) > 0

    def has_key(self, key: str, version: int | None = None) -> bool:
        missing = object()
        return self.get(key, missing, version=version) is not missing

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        parameters = (delta, self.make_and_validate_key(key, version=version), time.time())
        rows = self._file.use(lambda connection: connection.execute(INCREASE, parameters).fetchall())
        if not rows:
            raise ValueError(f"There is no number under {key!r}.")
        return int(rows[0][0])

    def clear(self) -> None:
        self._file.use(lambda connection: connection.execute("DELETE FROM entries"))

    def cull(self) -> None:
        """Drops what has expired, and what is too much."""
        self._file.use(lambda connection: connection.execute(DELETE_EXPIRED, (time.time(),)))
        number = self._file.use(lambda connection: connection.execute("SELECT COUNT(*) FROM entries").fetchone())[0]
        if number > self._max_entries:
            surplus = number - self._max_entries + self._max_entries // self._cull_frequency
            self._file.use(lambda connection: connection.execute(DELETE_SURPLUS, (surplus,)))

    def _expiry(self, timeout: float | None) -> float | None:
        return self.get_backend_timeout(timeout)

    def _write(self, statement: str, *parameters: Any) -> int:
        self._writes += 1
        if self._writes % WRITES_BETWEEN_CULLS == 0:
            self.cull()
        return self._file.use(lambda connection: connection.execute(statement, parameters).rowcount)


def packed(value: Any) -> Any:
    """Whole numbers as they are, so that SQLite can count with them; all else as JSON."""
    if type(value) is int and abs(value) < 2**63:
        return value
    return json.dumps(value)


def unpacked(value: Any) -> Any:
    return value if isinstance(value, int) else json.loads(value)


class CacheFile:
    """The file, with a connection for each thread that uses it, and all that can become of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = threading.local()

    def use(self, action: Callable[[sqlite3.Connection], Answer]) -> Answer:
        try:
            return action(self._connection())
        except sqlite3.DatabaseError as error:
            self._give_up_connection()
            if is_busy(error):
                raise
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_IOERR:
                # Of the connection, perhaps, and not of the file: another one tells, and nothing is forgotten.
                with suppress(sqlite3.DatabaseError):
                    return action(self._connection())
                self._give_up_connection()
            self._put_aside_if_damaged(error)
            return action(self._connection())

    def _connection(self) -> sqlite3.Connection:
        """That of this thread and process; another one when the file is another one."""
        local = self._connections
        held: HeldConnection | None = getattr(local, "held", None)
        if held is None or held.process != os.getpid() or held.identity != identity_of(self._path):
            self._give_up_connection()
            held = local.held = HeldConnection(self._path)
        return held.connection

    def _give_up_connection(self) -> None:
        vars(self._connections).pop("held", None)

    def _put_aside_if_damaged(self, error: sqlite3.DatabaseError) -> None:
        """Not deleted: it may be another file, which somebody named by mistake."""
        if error.sqlite_errorcode & 0xFF in DAMAGED:
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                self._path.replace(self._path.with_name(self._path.name + ".damaged"))


class HeldConnection:
    """A connection, and the file and the process for which it is good."""

    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        # Nobody else reads it: made before SQLite would make it, whose other files then get the same mode. One that is
        # there is never opened here: to close it would take away the locks of all other connections of this process.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        self.identity = identity_of(path)
        self.connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            for pragma in PRAGMAS:
                self.connection.execute(f"PRAGMA {pragma}")
            self.connection.executescript(SCHEMA)
        except sqlite3.DatabaseError:
            self.connection.close()
            raise

    def __del__(self) -> None:
        # One that a child inherited is left alone: to close it would take the parent's locks away.
        if self.process == os.getpid():
            with suppress(AttributeError, sqlite3.Error):
                self.connection.close()


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file it is that lies there; none where none does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_busy(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

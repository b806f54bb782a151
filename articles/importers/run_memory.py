"""What a run has seen so far, on disk rather than in memory: an archive may hold millions of texts."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType
from typing import Any, Self

from articles.models.chunks import KEYS_AT_ONCE, chunks


class RunMemory:
    """Content hashes with the path where each was met first, and the articles that a text has claimed."""

    def __init__(self) -> None:
        # Without a name SQLite keeps a private file that it removes by itself, and holds a small part in memory.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("PRAGMA cache_size=-2000")
        self._database.execute("CREATE TABLE seen (hash TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID")
        self._database.execute("CREATE TABLE claimed (article INTEGER PRIMARY KEY)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()

    def paths_of(self, hashes: Collection[str]) -> dict[str, str]:
        """Where texts with these hashes were met in this run."""
        rows = self._select("SELECT hash, path FROM seen WHERE hash IN ({})", hashes)
        return {row[0]: row[1] for row in rows}

    def claimed_among(self, articles: Collection[int]) -> set[int]:
        return {row[0] for row in self._select("SELECT article FROM claimed WHERE article IN ({})", articles)}

    def remember(self, seen: Iterable[tuple[str, str]], claimed: Iterable[int]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", seen)
        self._database.executemany("INSERT OR IGNORE INTO claimed VALUES (?)", ((article,) for article in claimed))

    def _select(self, query: str, values: Collection[str] | Collection[int]) -> Iterator[tuple[Any, ...]]:
        for chunk in chunks([*values], KEYS_AT_ONCE):
            # Question marks alone are put into the query.
            yield from self._database.execute(query.format(",".join("?" * len(chunk))), chunk)

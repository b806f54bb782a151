"""SQLite: an FTS5 index over the table of articles, kept by triggers, scored by BM25."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from articles.search.backends.base import TextIndex, Wording

# The words of stories, and all that stands in their headlines, three letters at a time.
_INDEXES: Final = {"articles_search": ("headline", "dek", "body_text"), "articles_headlines": ("headline",)}


def _triggers_of(index: str, columns: tuple[str, ...]) -> dict[str, str]:
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("old", "new"))
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    # How FTS5 forgets a row: it must be told the very words that it had read.
    forget = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.id, {old});"
    read = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {new});"
    return {
        f"{index}_insert": f"AFTER INSERT ON articles_article BEGIN {read} END",
        f"{index}_delete": f"AFTER DELETE ON articles_article BEGIN {forget} END",
        # A save that changes none of the words costs the index nothing.
        f"{index}_update": f"AFTER UPDATE OF {names} ON articles_article WHEN {changed} BEGIN {forget} {read} END",
    }


# What a word in the headline or in the dek weighs against one in the body.
_WEIGHTS: Final = "4.0, 2.0, 1.0"

# The rows of a word are read to the end, whatever else is asked for: of more frequent words nobody asks.
_READ_TO_THE_END: Final = 5_000
# Behind all that begins in one way.
_LAST_CHARACTER: Final = "\U0010ffff"


def quoted(term: str) -> str:
    """A term as FTS5 takes it, whatever is in it: no operator, no prefix, no column."""
    return '"' + term.replace('"', '""').replace("\0", " ") + '"'


class SQLiteIndex(TextIndex):
    budget = 800

    def ensure(self) -> bool:
        """Whenever Django changes the table of articles it makes another one, and the triggers go with the old one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'articles_article' OR sql LIKE '%%fts5%%'")
            found = {name for (name,) in cursor.fetchall()}
            lost = [index for index in _INDEXES if index in found and self._ensure_triggers(cursor, index, found)]
            for index in lost:
                self._rebuild(cursor, index)
        return bool(lost)

    @staticmethod
    def _ensure_triggers(cursor: CursorWrapper, index: str, found: set[str]) -> bool:
        triggers = _triggers_of(index, _INDEXES[index])
        missing = sorted(triggers.keys() - found)
        for name in missing:
            cursor.execute(f"CREATE TRIGGER {name} {triggers[name]}")
        return bool(missing)

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            for index in _INDEXES:
                self._rebuild(cursor, index)

    @staticmethod
    def _rebuild(cursor: CursorWrapper, index: str) -> None:
        cursor.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")

    def document_frequencies(self, terms: Sequence[str], *, language: str, most: int) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT json_extract(term.value, '$[0]'), (SELECT count(*) FROM"
                " (SELECT 1 FROM articles_search WHERE articles_search MATCH json_extract(term.value, '$[1]') LIMIT %s))"
                " FROM json_each(%s) AS term",
                [most, json.dumps([(term, quoted(term)) for term in terms])],
            )
            return dict(cursor.fetchall())

    def score(self, terms: Sequence[str], *, language: str, limit: int, itself: int) -> list[tuple[int, float]]:
        asked = " OR ".join(map(quoted, terms))
        best = f"SELECT rowid, -bm25(articles_search, {_WEIGHTS}) AS score FROM articles_search WHERE articles_search MATCH %s"
        with connection.cursor() as cursor:
            cursor.execute(f"{best} ORDER BY score DESC, rowid LIMIT %s", [asked, limit])
            rows: list[tuple[int, float]] = cursor.fetchall()
            if itself not in {key for key, _ in rows}:
                cursor.execute(f"{best} AND rowid = %s", [asked, itself])
                rows += cursor.fetchall()
            return rows

    def find_wordings(self, wordings: Sequence[Wording], *, language: str, most: int) -> list[set[str]]:
        together = {word for each in wordings for words in each.together for word in words}
        read = self.document_frequencies(list(together), language=language, most=_READ_TO_THE_END)
        asked = [(_in_headline(each, read), each.beginning, f"{each.beginning}{_LAST_CHARACTER}") for each in wordings]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT json_group_array(headline_key) FROM (SELECT headline_key FROM articles_search"
                " JOIN articles_article ON articles_article.id = articles_search.rowid"
                " WHERE articles_search MATCH json_extract(asked.value, '$[0]')"
                " ORDER BY articles_search.rowid DESC LIMIT %s)),"
                " (SELECT json_group_array(headline_key) FROM (SELECT headline_key FROM articles_article"
                " WHERE headline_key >= json_extract(asked.value, '$[1]')"
                " AND headline_key < json_extract(asked.value, '$[2]') ORDER BY headline_key LIMIT %s))"
                " FROM json_each(%s) AS asked ORDER BY asked.key",
                [most, most, json.dumps(asked)],
            )
            return [{*json.loads(by_words), *json.loads(by_beginning)} for by_words, by_beginning in cursor.fetchall()]

    def headlines_with(self, words: Sequence[str], *, most: int) -> list[int]:
        asked = " ".join(map(quoted, words))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM articles_headlines WHERE articles_headlines MATCH %s ORDER BY rowid DESC LIMIT %s",
                [asked, most],
            )
            return [key for (key,) in cursor.fetchall()]


def _in_headline(wording: Wording, read: Mapping[str, int]) -> str:
    together = (words for words in wording.together if all(read[word] < _READ_TO_THE_END for word in words))
    asked = [*map(quoted, wording.rare), *(f"({' AND '.join(map(quoted, words))})" for words in together)]
    return f"headline : ({' OR '.join(asked) or quoted('')})"

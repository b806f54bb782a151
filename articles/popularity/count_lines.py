"""Reading counts that another system wrote: a table of story, day and reads, a line each, whatever it parts them with."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

EXPECTED: Final = "a line such as “/2026/11/harbour-cranes/,2026-11-22,153”"
DELIMITERS: Final = ",;\t"

# What columns are called, here and elsewhere.
STORY_NAMES: Final = frozenset(("story", "address", "slug", "url", "page", "path", "link", "page path", "landing page"))
DAY_NAMES: Final = frozenset(("day", "date"))
READS_NAMES: Final = frozenset(("reads", "views", "pageviews", "page views", "visits", "count"))

LONGEST_LINE: Final = 10_000
# So many that the days of a month fit into the column that holds their sum.
MOST_READS: Final = 50_000_000
FIRST_DAY: Final = date(1990, 1, 1)

DAY: Final = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
READS: Final = re.compile(r"([0-9]{1,12})(?:\.0+)?")


@dataclass(frozen=True)
class CountLine:
    number: int
    story: str
    day: date
    reads: int


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be used, and what was expected of it."""

    number: int
    message: str


class NoTable(ValueError):
    """The first line says that the columns that are needed are not there."""


def read_count_lines(stream: io.BufferedReader, *, today: date) -> Iterator[CountLine | BadLine]:
    """The lines of a table, with a heading or without; empty lines and those that begin with “#” are passed over.

    UTF-8 or, as spreadsheets write it, UTF-16 with its mark. Nothing is kept in memory but the line at hand.
    """
    lines = ((number, line) for number, line in _lines(stream) if line.strip() and not line.startswith("#"))
    first = next(lines, None)
    if first is None:
        return
    delimiter = max(DELIMITERS, key=first[1].count)
    try:
        columns = _heading(first[1], delimiter)
    except NoTable as error:
        yield BadLine(first[0], str(error))
        return
    rest = lines if columns else chain([first], lines)
    for number, line in rest:
        try:
            yield CountLine(number, *_values(line, delimiter, columns, today))
        except ValueError as error:
            yield BadLine(number, str(error))


def _lines(stream: io.BufferedReader) -> Iterator[tuple[int, str]]:
    mark = stream.peek(2)[:2]
    encoding = "utf-16" if mark in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape" if encoding != "utf-16" else "replace")
    number, begun = 0, False
    try:
        while piece := text.readline(LONGEST_LINE + 2):
            if not begun:
                number += 1
                yield number, piece.rstrip("\n")
            # The rest of a line that is too long, and was refused for it, is no line of its own.
            begun = not piece.endswith("\n")
    finally:
        # Whoever opened the file closes it.
        text.detach()


def _heading(line: str, delimiter: str) -> tuple[int, int, int] | None:
    """Where story, day and reads stand; None where the first line is one like the others."""
    try:
        names = [cell.strip().casefold() for cell in _cells(line, delimiter)]
    except ValueError:
        return None
    found = [
        next((place for place, name in enumerate(names) if name in wanted), None)
        for wanted in (STORY_NAMES, DAY_NAMES, READS_NAMES)
    ]
    story, day, reads = found
    if story is not None and day is not None and reads is not None:
        return story, day, reads
    if day is None and reads is None:
        return None
    raise NoTable(f"expected a heading with the columns story, day and reads, found {', '.join(names)[:200]}.")


def _values(line: str, delimiter: str, columns: tuple[int, int, int] | None, today: date) -> tuple[str, date, int]:
    cells = _cells(line, delimiter)
    if columns is None and len(cells) != 3:
        raise ValueError(f"expected {EXPECTED}, found {len(cells)} columns.")
    places = columns or (0, 1, 2)
    if len(cells) <= max(places):
        raise ValueError(f"expected at least {max(places) + 1} columns as in the heading, found {len(cells)}.")
    story, day, reads = (cells[place].strip() for place in places)
    if not story:
        raise ValueError("expected the address or the slug of a story, found nothing.")
    return story, read_day(day, today), read_number(reads)


def _cells(line: str, delimiter: str) -> list[str]:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"expected {EXPECTED}, found more than {LONGEST_LINE:,} characters.")
    if any("\ud800" <= character <= "\udfff" for character in line):
        raise ValueError("expected text in UTF-8.")
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(f"expected {EXPECTED}: {error}.") from None


def read_day(text: str, today: date) -> date:
    match = DAY.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"expected a day such as 2026-11-22, found “{text[:40]}”.")
    if not FIRST_DAY <= day <= today:
        raise ValueError(f"expected a day from {FIRST_DAY} to {today}, found {day}.")
    return day


def read_number(text: str) -> int:
    match = READS.fullmatch(text)
    number = int(match[1]) if match else None
    if number is None or number > MOST_READS:
        raise ValueError(f"expected a whole number of reads, {MOST_READS:,} at the most, found “{text[:40]}”.")
    return number

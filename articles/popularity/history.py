"""Counts from another system and back: what an archive was read before it came here, and what a site takes along."""

import csv
import io
import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from types import TracebackType
from typing import Any, Final, Self
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from django.db.models import F
from django.urls import Resolver404, resolve
from django.utils import timezone

from articles.models import READS, Article, FormerSlug, ReadCount
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.popularity.count_lines import MOST_READS, BadLine, CountLine, read_count_lines
from articles.popularity.recounting import recount_reads
from articles.popularity.remembered import forget_read_sums
from articles.popularity.roll_up import first_day_kept, moving_counts
from articles.popularity.windows import day_of, day_start, month_start, months_before

HEADING: Final = ("story", "day", "reads")

LINES_AT_ONCE: Final = 2_000
# Days that are written in one transaction, or a few more: those of a story stay together.
DAYS_AT_ONCE: Final = 5_000
# Addresses whose story is remembered while a file is read.
MOST_REMEMBERED: Final = 50_000

LONGEST_SLUG: Final = 120
FILE_SUFFIX: Final = re.compile(r"\.(html?|php|aspx?)$", re.IGNORECASE)

Period = ReadCount.Period


@dataclass(frozen=True)
class Unknown:
    """An address at which no story of this site stands, or once stood."""

    story: str
    lines: int
    reads: int


@dataclass(frozen=True)
class Excess:
    """A day of which several lines say together more than one line may."""

    story: str
    day: date
    reads: int


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    stories: int = 0
    days: int = 0
    changed: int = 0


class ReadImport:
    """Counts of any number of files, gathered first and stored then: several lines of a story's day are one number.

    What is gathered lies in a temporary database on the disk, so that memory stays bounded.
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._now = at or timezone.now()
        self._known: dict[str, int | None] = {}
        # No name: a file of its own that vanishes with the connection.
        self._gathered = sqlite3.connect("", isolation_level=None)
        self._gathered.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE counts (story INTEGER, day INTEGER, reads INTEGER, PRIMARY KEY (story, day)) WITHOUT ROWID;"
            "CREATE TABLE unknown (story TEXT PRIMARY KEY, lines INTEGER, reads INTEGER) WITHOUT ROWID;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathered.close()

    def gather(self, stream: io.BufferedReader) -> Iterator[CountLine | BadLine]:
        """Reads a file; gives each line when it is gathered or refused."""
        lines: list[CountLine] = []
        for line in read_count_lines(stream, today=day_of(self._now)):
            if isinstance(line, CountLine):
                lines.append(line)
                if len(lines) >= LINES_AT_ONCE:
                    self._add(lines)
                    lines = []
            yield line
        self._add(lines)

    def _add(self, lines: Collection[CountLine]) -> None:
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        self._known |= find_stories({line.story for line in lines} - self._known.keys())
        found, unknown = [], []
        for line in lines:
            story = self._known[line.story]
            if story is None:
                unknown.append((line.story, 1, line.reads))
            else:
                found.append((story, line.day.toordinal(), line.reads))
        self._gathered.executemany(
            "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET reads = reads + excluded.reads", found
        )
        self._gathered.executemany(
            "INSERT INTO unknown VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET lines = lines + excluded.lines, reads = reads + excluded.reads",
            unknown,
        )

    def unknown(self) -> Iterator[Unknown]:
        """What belongs to no story, the most read first."""
        rows = self._gathered.execute("SELECT story, lines, reads FROM unknown ORDER BY reads DESC, story")
        return (Unknown(*row) for row in rows)

    def excesses(self) -> Iterator[Excess]:
        """What is left out, because no column holds it."""
        rows = self._gathered.execute("SELECT story, day, reads FROM counts WHERE reads > ?", [MOST_READS])
        for story, day, reads in rows:
            slug = Article.objects.filter(pk=story).values_list("slug", flat=True).first()
            yield Excess(slug or "", date.fromordinal(day), reads)

    def found(self) -> Imported:
        """What would be stored, without storing it."""
        found = "SELECT COUNT(DISTINCT story), COUNT(*) FROM counts WHERE reads <= ?"
        return Imported(*self._gathered.execute(found, [MOST_READS]).fetchone())

    def store(self) -> Iterator[Imported]:
        """Stores what was gathered, a batch of stories in a transaction; what each batch did."""
        for counts in self._batches():
            yield store_counts(counts, self._now)

    def _batches(self) -> Iterator[dict[int, dict[date, int]]]:
        batch: dict[int, dict[date, int]] = {}
        days = 0
        stored = "SELECT story, day, reads FROM counts WHERE reads <= ? ORDER BY story, day"
        rows = self._gathered.execute(stored, [MOST_READS])
        for story, counts in groupby(rows, key=lambda row: row[0]):
            batch[story] = {date.fromordinal(day): reads for _, day, reads in counts}
            days += len(batch[story])
            if days >= DAYS_AT_ONCE:
                yield batch
                batch, days = {}, 0
        if batch:
            yield batch


# Which story an address means ---------------------------------------------------------------------------------------


def find_stories(texts: Collection[str]) -> dict[str, int | None]:
    """The story of each address or slug, by its key: of this site's form, wherever it stood, whatever it was called."""
    slugs = {text: slug_of(text) for text in texts}
    wanted = {form for slug in slugs.values() if slug for form in (slug, slug.lower())}
    known: dict[str, int] = {}
    for some in chunks(sorted(wanted), KEYS_AT_ONCE):
        known |= dict(FormerSlug.objects.filter(slug__in=some).values_list("slug", "article"))
        # Whoever has a slug now goes before those that had it.
        known |= dict(Article.objects.originals().order_by().filter(slug__in=some).values_list("slug", "pk"))
    return {text: known.get(slug, known.get(slug.lower())) for text, slug in slugs.items()}


def slug_of(text: str) -> str:
    """The last part of an address, or the slug as it stands; empty where it can be no story's."""
    slug = _last_part(text) if "/" in text else unquote(text)
    slug = normalize("NFC", slug.strip())
    # PostgreSQL refuses to be asked for a NUL, and no slug has one.
    return slug if 0 < len(slug) <= LONGEST_SLUG and slug.isprintable() else ""


def _last_part(address: str) -> str:
    try:
        parts = [part for part in unquote(urlsplit(address).path).split("/") if part]
    except ValueError:
        return ""
    if not parts or _is_another_page(f"/{'/'.join(parts)}/"):
        return ""
    return FILE_SUFFIX.sub("", parts[-1])


def _is_another_page(path: str) -> bool:
    """A section, a tag or a month may end in the slug of some story."""
    try:
        return resolve(path).url_name not in {"article-detail", "flat-page"}
    except Resolver404:
        return False


# What is stored -----------------------------------------------------------------------------------------------------


def store_counts(counts: dict[int, dict[date, int]], at: datetime) -> Imported:
    """Makes the reads of days of stories as many as given: what was not counted here is imported.

    So to store the same again changes nothing. Days that are kept as months already are compared as months.
    """
    kept = first_day_kept(at)
    with moving_counts():
        here = set(Article.objects.filter(pk__in=counts).values_list("pk", flat=True))
        wanted = _wanted(((story, days) for story, days in counts.items() if story in here), kept)
        changed = _imported_rows(wanted, _stored(wanted, here, kept))
        ReadCount.objects.bulk_create(
            changed,
            batch_size=KEYS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["article", "period", "starts_at"],
            update_fields=["imported"],
        )
        touched = {row.article_id for row in changed}
        for some in chunks(sorted(touched), KEYS_AT_ONCE):
            recount_reads(some, at)
    if changed:
        forget_read_sums()
    return Imported(len(here), sum(len(counts[story]) for story in here), len(changed))


# Story, kind of row, and when the row starts.
Place = tuple[int, str, datetime]


def _wanted(counts: Iterable[tuple[int, dict[date, int]]], kept: date) -> dict[Place, int]:
    starts: dict[date, tuple[str, datetime]] = {}
    wanted: dict[Place, int] = defaultdict(int)
    for story, days in counts:
        for day, reads in days.items():
            if day not in starts:
                starts[day] = _row_of(day, kept)
            wanted[story, *starts[day]] += reads
    return wanted


def _row_of(day: date, kept: date) -> tuple[str, datetime]:
    """The kind of row in which a day's imported reads stand, and when it starts."""
    return (Period.MONTH.value, month_start(day)) if day < kept else (Period.DAY.value, day_start(day))


@dataclass
class Stored:
    """What is there of a day, or of a month that is kept as one, beside the imported reads of its own row."""

    counted: int = 0
    imported: int = 0


def _stored(wanted: Collection[Place], stories: Collection[int], kept: date) -> dict[Place, Stored]:
    """The rows of the days that are wanted: hours, the day itself, the month."""
    stored: dict[Place, Stored] = defaultdict(Stored)
    if not wanted:
        return stored
    first = min(starts_at for _, _, starts_at in wanted)
    last = max(starts_at for _, _, starts_at in wanted)
    end = day_start(months_before(day_of(last), -1))
    places: dict[datetime, tuple[str, datetime]] = {}
    rows = ReadCount.objects.filter(article__in=stories, starts_at__gte=first, starts_at__lt=end).order_by()
    columns = rows.values_list("article", "period", "starts_at", READS, "imported")
    for story, period, starts_at, reads, imported in columns.iterator():
        if starts_at not in places:
            places[starts_at] = _row_of(day_of(starts_at), kept)
        one = stored[story, *places[starts_at]]
        if places[starts_at] == (period, starts_at):
            one.imported, one.counted = imported, one.counted + reads - imported
        else:
            one.counted += reads
    return stored


def _imported_rows(wanted: dict[Place, int], stored: dict[Place, Stored]) -> list[ReadCount]:
    rows = []
    for (story, period, starts_at), reads in sorted(wanted.items()):
        here = stored.get((story, period, starts_at), Stored())
        imported = max(0, reads - here.counted)
        if imported != here.imported:
            rows.append(ReadCount(article_id=story, period=period, starts_at=starts_at, imported=imported))
    return rows


# And back -----------------------------------------------------------------------------------------------------------

ADDRESS: Final = ("slug", "first_published_at", "published_at", "created_at")


def export_reads(out: Any) -> int:
    """Writes all counts as a table, story by story; a month that is kept as one stands as its first day. The lines."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADING)
    number = 0
    for number, row in enumerate(_exported(), start=1):  # noqa: B007 - counted
        writer.writerow(row)
    return number


def _exported() -> Iterator[tuple[str, str, int]]:
    rows = (
        ReadCount.objects.order_by("article", "starts_at")
        .values_list("article", "period", "starts_at", READS, *(F(f"article__{name}") for name in ADDRESS))
        .iterator(chunk_size=LINES_AT_ONCE)
    )
    days: dict[datetime, date] = {}
    for _, counts in groupby(rows, key=lambda row: row[0]):
        address = ""
        for day, same in groupby(counts, key=lambda row: _day(row[2], days)):
            reads = 0
            for _, _, _, some, *columns in same:
                address = address or Article(**dict(zip(ADDRESS, columns, strict=True))).get_absolute_url()
                reads += some
            if reads:
                yield address, day.isoformat(), reads


def _day(starts_at: datetime, days: dict[datetime, date]) -> date:
    if starts_at not in days:
        days[starts_at] = day_of(starts_at)
    return days[starts_at]

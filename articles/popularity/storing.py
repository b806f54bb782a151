"""Adding what was counted to the rows that are there, exactly: one statement for many rows, by the database alone.

Rows are written in the order of their keys, so that two processes wait for one another and neither for ever.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import BooleanField, ExpressionWrapper

from articles.models import Article
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.models.querysets import public_now
from articles.models.reads import Origin, ReadCount, ReadTotal, Refusal, RefusedReads
from articles.popularity.buffer import Tally
from articles.popularity.windows import day_of

# With eleven columns, below the 999 parameters that every SQLite takes.
ROWS_AT_ONCE: Final = 80

# ln(exp a + exp b) as `ranking.join_trends` has it. Beyond a difference of 40 the smaller one is lost in the rounding,
# and PostgreSQL takes an exponential too small for a double as an error.
JOINED_TREND: Final = """CASE
    WHEN excluded.{trend} IS NULL THEN {table}.{trend}
    WHEN {table}.{trend} IS NULL THEN excluded.{trend}
    WHEN {table}.{trend} - excluded.{trend} > 40 THEN {table}.{trend}
    WHEN excluded.{trend} - {table}.{trend} > 40 THEN excluded.{trend}
    WHEN {table}.{trend} > excluded.{trend} THEN {table}.{trend} + LN(1 + EXP(excluded.{trend} - {table}.{trend}))
    ELSE excluded.{trend} + LN(1 + EXP({table}.{trend} - excluded.{trend}))
END"""


@dataclass(frozen=True)
class Found:
    """A story to which counts belong, and whether readers may see it."""

    pk: int
    is_public: bool


@dataclass
class Rows:
    """A tally as the tables have it."""

    # (story, start of the hour) → reads by origin.
    counts: defaultdict[tuple[int, datetime], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    # Story → its reads, and its trend.
    totals: Counter[int] = field(default_factory=Counter)
    trends: dict[int, float] = field(default_factory=dict)
    # (story, day, reason), and the same without a story.
    refused: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    refused_without_story: Counter[tuple[date, str]] = field(default_factory=Counter)

    def refuse(self, story: Found | None, day: date, reason: str, number: int) -> None:
        if story:
            self.refused[story.pk, day, reason] += number
        else:
            self.refused_without_story[day, reason] += number


def store_tally(tally: Tally) -> int:
    """Adds all of it, or nothing; gives the number of reads, without those of stories that readers do not see."""
    with transaction.atomic():
        rows = rows_of(tally, find_stories(tally))
        store_reads(rows)
        store_refused(rows)
    return rows.totals.total()


def find_stories(tally: Tally) -> dict[str, Found]:
    named = {uid for uid, *_ in tally.reads} | {uid for uid, *_ in tally.refused if uid}
    is_seen = ExpressionWrapper(public_now(), output_field=BooleanField())
    found: dict[str, Found] = {}
    for uids in chunks(sorted(named), KEYS_AT_ONCE):
        stories = Article.objects.filter(uid__in=uids).order_by()
        found |= {str(uid): Found(pk, bool(seen)) for uid, pk, seen in stories.values_list("uid", "pk", is_seen)}
    return found


def rows_of(tally: Tally, stories: dict[str, Found]) -> Rows:
    rows = Rows()
    for (uid, hour, origin), number in tally.reads.items():
        story = stories.get(uid)
        if story and story.is_public:
            rows.counts[story.pk, hour][origin] += number
            rows.totals[story.pk] += number
        else:
            rows.refuse(story, day_of(hour), Refusal.UNKNOWN, number)
    for uid, trend in tally.trends.items():
        if (story := stories.get(uid)) and story.is_public:
            rows.trends[story.pk] = trend
    for (named, day, reason), number in tally.refused.items():
        rows.refuse(stories.get(named) if named else None, day, reason, number)
    return rows


def store_reads(rows: Rows) -> None:
    origins = Origin.values
    upsert(
        ReadCount,
        ("article", "period", "starts_at", *origins),
        [
            (story, ReadCount.Period.HOUR, hour, *(reads[origin] for origin in origins))
            for (story, hour), reads in sorted(rows.counts.items())
        ],
        key=("article", "period", "starts_at"),
    )
    upsert(
        ReadTotal,
        ("article", "reads", "trend"),
        [(story, reads, rows.trends.get(story)) for story, reads in sorted(rows.totals.items())],
        key=("article",),
        changes={"trend": JOINED_TREND},
    )


def store_refused(rows: Rows) -> None:
    upsert(
        RefusedReads,
        ("article", "day", "reason", "number"),
        [(*key, number) for key, number in sorted(rows.refused.items())],
        key=("article", "day", "reason"),
    )
    upsert(
        RefusedReads,
        ("article", "day", "reason", "number"),
        [(None, *key, number) for key, number in sorted(rows.refused_without_story.items())],
        key=("day", "reason"),
        where="{article} IS NULL",
    )


def upsert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str],
    where: str = "",
    changes: dict[str, str] | None = None,
) -> None:
    """Inserts rows, or adds to those that have the same key.

    ``changes`` says by a column's name what becomes of it, where that is another thing than the sum; there and in
    ``where``, the condition of a partial unique index, names of columns stand in braces. Django's own `bulk_create`
    can replace a value but not add to it.
    """
    meta = model._meta  # noqa: SLF001 - public, whatever its name says
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    quote = connection.ops.quote_name
    quoted = {field.name: quote(field.attname) for field in fields} | {"table": quote(meta.db_table)}
    sums = {name: f"{quoted['table']}.{quoted[name]} + excluded.{quoted[name]}" for name in names if name not in key}
    if where:
        sums.pop("article")
    assignments = sums | {name: sql.format(**quoted) for name, sql in (changes or {}).items()}
    places = f"({', '.join(['%s'] * len(fields))})"
    for chunk in chunks(rows, ROWS_AT_ONCE):
        sql = (
            f"INSERT INTO {quoted['table']} ({', '.join(quoted[name] for name in names)}) "  # noqa: S608 - own names
            f"VALUES {', '.join([places] * len(chunk))} "
            f"ON CONFLICT ({', '.join(quoted[name] for name in key)}) "
            f"{f'WHERE {where.format(**quoted)} ' if where else ''}"
            f"DO UPDATE SET {', '.join(f'{quoted[name]} = {sum_}' for name, sum_ in assignments.items())}"
        )
        values = [
            field.get_db_prep_save(value, connection) for row in chunk for field, value in zip(fields, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

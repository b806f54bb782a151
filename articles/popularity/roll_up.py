"""Hours become days, and days months, when they are old enough: what is stored is bounded by stories and time.

A read is in one row before and after. Each step adds the finer rows of one day or month up into one row a story, and
deletes exactly those that it added, whatever is counted meanwhile.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from articles.models import Duty, Origin, ReadCount, RefusedReads
from articles.popularity.windows import DAY, day_of, day_start, month_start, months_before

HOURS_KEPT: Final = timedelta(hours=48)
MONTHS_OF_DAYS: Final = 13
INSTANT: Final = timedelta(microseconds=1)

LOCK: Final = "counts moved"

Period = ReadCount.Period

# Django can neither insert what a query finds nor add to what is there.
MOVED: Final = "DELETE FROM {counts} WHERE period = %s AND starts_at >= %s AND starts_at < %s"
ADDED: Final = """
INSERT INTO {counts} (article_id, period, starts_at, {columns})
SELECT article_id, %s, %s, {sums} FROM {source} WHERE period = %s AND starts_at >= %s AND starts_at < %s
GROUP BY article_id ORDER BY article_id
ON CONFLICT (article_id, period, starts_at) DO UPDATE SET {additions}
"""
AT_ONCE: Final = " ".join(("WITH moved AS (", MOVED, "RETURNING *), added AS (", ADDED, ") SELECT COUNT(*) FROM moved"))


def roll_up_reads(at: datetime | None = None) -> int:
    """Adds up what is old enough, and forgets refusals as old; how many rows are gone. To run it twice does no more."""
    now = at or timezone.now()
    return roll_up_hours(now) + roll_up_days(now) + forget_refusals(now)


def roll_up_hours(at: datetime) -> int:
    """Hours that began two days ago or earlier, a day of the site's calendar at a time."""
    # The hour that began just then is two days old as well.
    end = at - HOURS_KEPT + INSTANT
    gone = 0
    for moment in _oldest(Period.HOUR, before=end):
        day = day_of(moment)
        start = day_start(day)
        gone += _roll_up(Period.HOUR, Period.DAY, start=start, end=min(day_start(day + DAY), end))
    return gone


def roll_up_days(at: datetime) -> int:
    """The days of months that ended thirteen months ago or earlier, a month at a time."""
    gone = 0
    for moment in _oldest(Period.DAY, before=day_start(first_day_kept(at))):
        day = day_of(moment)
        end = day_start(months_before(day, -1))
        gone += _roll_up(Period.DAY, Period.MONTH, start=month_start(day), end=end)
    return gone


def first_day_kept(at: datetime) -> date:
    """The first day that is still counted as one: those before it are months."""
    return months_before(day_of(at), MONTHS_OF_DAYS)


def forget_refusals(at: datetime) -> int:
    return RefusedReads.objects.filter(day__lt=first_day_kept(at)).delete()[0]


def moving_counts() -> AbstractContextManager[None]:
    """A transaction in which nobody else moves counts from row to row, or sets those of another system."""
    return Duty.objects.holding(LOCK)


def _oldest(period: str, *, before: datetime) -> Iterator[datetime]:
    """When the oldest row of a kind starts, again and again for as long as there is one that is old enough."""
    rows = ReadCount.objects.filter(period=period, starts_at__lt=before).order_by("starts_at")
    while moment := rows.values_list("starts_at", flat=True).first():
        yield moment


def _roll_up(fine: str, coarse: str, *, start: datetime, end: datetime) -> int:
    """Rows of one kind that start between two moments into one of the other kind a story; how many there were."""
    field = ReadCount._meta.get_field("starts_at")  # noqa: SLF001 - public, whatever its name says
    first, last = (field.get_db_prep_save(moment, connection) for moment in (start, end))
    rows: list[Any] = [fine, first, last]
    with moving_counts(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Whoever adds to one of the rows at this moment is waited for: added up is what the deletion returns.
            cursor.execute(_sql(AT_ONCE, source="moved"), [*rows, coarse, first, *rows])
            return int(cursor.fetchone()[0])
        # SQLite has one writer at a time, and this is it.
        cursor.execute(_sql(ADDED), [coarse, first, *rows])
        cursor.execute(_sql(MOVED), rows)
        return int(cursor.rowcount)


def _sql(template: str, *, source: str = "") -> str:
    quote = connection.ops.quote_name
    counts = quote(ReadCount._meta.db_table)  # noqa: SLF001 - public, whatever its name says
    columns = [quote(origin) for origin in Origin.values]
    return template.format(
        counts=counts,
        source=source or counts,
        columns=", ".join(columns),
        sums=", ".join(f"SUM({column})" for column in columns),
        additions=", ".join(f"{column} = {counts}.{column} + excluded.{column}" for column in columns),
    )

"""The hours, days and months in which reads are counted, and from when on a window reaches back: the site's time.

An hour, a day or a month is known by the instant at which it starts. Where a clock is put back, an hour is there twice;
where midnight is skipped, the day starts at the first minute that it has.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from django.utils import timezone

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

# The days of the site's calendar that a window has, today among them.
DAYS: Final = {"week": 7, "month": 30, "year": 365}


def hour_of(at: datetime) -> datetime:
    """When the hour of the site's clock began in which a moment lies."""
    # Asked for each read: all of a minute have the same answer.
    return _hour_of_minute(at.timestamp() // 60, timezone.get_default_timezone())


@lru_cache(maxsize=64)
def _hour_of_minute(number: float, clocks: tzinfo) -> datetime:
    return _as_utc(datetime.fromtimestamp(number * 60, clocks).replace(minute=0, second=0))


def day_of(at: datetime) -> date:
    """The day of the site's calendar in which a moment lies."""
    return _local(at).date()


def day_start(day: date) -> datetime:
    return _as_utc(datetime.combine(day, time(), tzinfo=timezone.get_default_timezone()))


def month_start(day: date) -> datetime:
    """When the month began in which a day lies."""
    return day_start(day.replace(day=1))


def months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before that of ``day``; after it for a negative number."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def window_start(window: str, at: datetime) -> datetime | None:
    """From when on the hours and days count that have begun since; None where reads of all time do."""
    if window == "day":
        # The hour that has begun, and the 23 before it.
        return hour_of(at - DAY) + HOUR
    if days := DAYS.get(window):
        return day_start(day_of(at) - (days - 1) * DAY)
    return None


def _local(at: datetime) -> datetime:
    return at.astimezone(timezone.get_default_timezone())


def _as_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)

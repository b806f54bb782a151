"""What all readers together read, by hour and by day. Hours and days that are over are counted once, and remembered."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet, Sum

from articles.models import ReadCount, RefusedReads
from articles.models.reads import Origin
from articles.popularity.remembered import recall, remember
from articles.popularity.windows import DAY, HOUR, day_of, day_start, hour_of

SHOWN_HOURS: Final = 48
# Until each process has written what it has counted.
SETTLED_AFTER: Final = timedelta(minutes=10)

# How many days are one entry of the cache.
BLOCKS: Final = {"hour": 1, "day": 32, "refused": 32}

Counts = dict[str, int]


@dataclass(frozen=True)
class Span:
    """An hour, a day or a month, and what was read in it."""

    starts_at: datetime
    origins: Mapping[str, int] = field(default_factory=dict)
    # Still running.
    is_open: bool = False

    @property
    def reads(self) -> int:
        return sum(self.origins.values())


def site_hours(at: datetime) -> list[Span]:
    """The last two days by the hour, the present one included."""
    first = hour_of(at) - (SHOWN_HOURS - 1) * HOUR
    starts = [first + number * HOUR for number in range(SHOWN_HOURS)]
    found = _remembered("hour", starts, _count_hours, lambda start: _is_settled(start, HOUR, at))
    return _spans(starts, found, HOUR, at)


def site_days(at: datetime, number: int) -> list[Span]:
    """The last days of the site's calendar, today included."""
    starts = [day_start(day) for day in last_days(at, number)]
    found = _remembered("day", starts, _count_days, lambda start: _is_settled(start, DAY + HOUR, at))
    return _spans(starts, found, DAY, at)


def refused_by_reason(first: date, at: datetime) -> Counts:
    """How many beacons were refused from a day on, today included, for each reason that there was."""
    days = last_days(at, (day_of(at) - first).days + 1)
    starts = [day_start(day) for day in days]
    found = _remembered("refused", starts, _count_refused, lambda start: _is_settled(start, DAY + HOUR, at))
    return _joined(found.values())


def last_days(at: datetime, number: int) -> list[date]:
    return [day_of(at) - (number - 1 - each) * DAY for each in range(number)]


def origin_sums(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Adds to grouped rows of `ReadCount` the sum of each origin, under the name ``from_`` and its own."""
    summed: QuerySet[Any] = rows.annotate(**{f"from_{origin}": Sum(origin) for origin in Origin.values})
    return summed


def origins_of(row: Mapping[str, Any], prefix: str = "from_") -> Counts:
    return {origin: number for origin in Origin.values if (number := row[f"{prefix}{origin}"])}


def _spans(starts: Iterable[datetime], found: Mapping[datetime, Counts], length: timedelta, at: datetime) -> list[Span]:
    return [Span(start, found.get(start, {}), is_open=start + length > at) for start in starts]


def _is_settled(start: datetime, length: timedelta, at: datetime) -> bool:
    return start + length + SETTLED_AFTER < at


def _count_hours(starts: Sequence[datetime]) -> dict[datetime, Counts]:
    hours = ReadCount.objects.filter(period=ReadCount.Period.HOUR, starts_at__gte=starts[0])
    return {row["starts_at"]: origins_of(row) for row in origin_sums(hours.values("starts_at")).order_by()}


def _count_days(starts: Sequence[datetime]) -> dict[datetime, Counts]:
    """From hours, and from the days that older hours have become."""
    periods = (ReadCount.Period.HOUR, ReadCount.Period.DAY)
    rows = ReadCount.objects.filter(period__in=periods, starts_at__gte=starts[0])
    found: dict[datetime, list[Counts]] = defaultdict(list)
    for row in origin_sums(rows.values("period", "starts_at")).order_by():
        found[day_start(day_of(row["starts_at"]))].append(origins_of(row))
    return {start: _joined(parts) for start, parts in found.items()}


def _count_refused(starts: Sequence[datetime]) -> dict[datetime, Counts]:
    rows = RefusedReads.objects.filter(day__gte=day_of(starts[0])).order_by()
    found: dict[datetime, Counts] = defaultdict(dict)
    for day, reason, number in rows.values_list("day", "reason").annotate(Sum("number")):
        found[day_start(day)][reason] = number
    return found


def _joined(parts: Iterable[Counts]) -> Counts:
    sums: Counts = defaultdict(int)
    for part in parts:
        for name, number in part.items():
            sums[name] += number
    return dict(sums)


def _remembered(
    kind: str,
    starts: Sequence[datetime],
    count: Callable[[Sequence[datetime]], dict[datetime, Counts]],
    is_settled: Callable[[datetime], bool],
) -> dict[datetime, Counts]:
    """Asks the database from the first span on that is not in the cache; without a cache, from the first.

    Spans are kept by the block: a year's days are a dozen entries.
    """
    names = {start: f"{kind}:{day_of(start).toordinal() // BLOCKS[kind]}" for start in starts}
    blocks: dict[str, dict[str, Counts]] = recall({*names.values()})
    known = {start: kept for start in starts if (kept := blocks.get(names[start], {}).get(_key(start))) is not None}
    missing = [start for start in starts if start not in known]
    if not missing:
        return known
    counted = count(missing)
    settled = [start for start in missing if is_settled(start)]
    for start in settled:
        blocks.setdefault(names[start], {})[_key(start)] = counted.get(start, {})
    remember({name: blocks[name] for name in {names[start] for start in settled}})
    return known | {start: counted.get(start, {}) for start in missing}


def _key(start: datetime) -> str:
    return f"{start.timestamp():.0f}"

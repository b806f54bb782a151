"""Totals and trends from the counts: where counts came from elsewhere, or where what trends is computed otherwise now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from articles.conf import popular_origin_weight, trending_half_life
from articles.models import READS, Duty, ReadCount, ReadTotal
from articles.popularity.ranking import join_trends, trend_of
from articles.popularity.storing import JOINED_TREND, upsert

BATCH: Final = 200
DUTY: Final = "trends recounted"

# What weighs less than 2⁻⁶⁴ of a read changes no number.
HALF_LIVES: Final = 64
# Beyond it that moment would lie before there were calendars, and before there was anything to read.
LONGEST_HALF_LIFE: Final = timedelta(days=400)

# The middle of what a row counts: nearer to its reads than either end.
MIDDLE: Final = {
    ReadCount.Period.HOUR: timedelta(minutes=30),
    ReadCount.Period.DAY: timedelta(hours=12),
    ReadCount.Period.MONTH: timedelta(days=15),
}


def recount_reads(stories: Sequence[int], at: datetime | None = None) -> None:
    """Writes the totals and trends of stories, by their keys, as their counts have them."""
    now = at or timezone.now()
    with transaction.atomic():
        # A flush adds to the counts first and to the totals second: its reads are in what is read next, or it waits.
        # Nothing is added here, but each row is there and locked, in the order in which flushes lock them.
        nothing = [(pk, 0, None) for pk in sorted(stories)]
        upsert(ReadTotal, ("article", "reads", "trend"), nothing, key=("article",), changes={"trend": JOINED_TREND})
        counted = ReadCount.objects.filter(article__in=stories).order_by().values_list("article")
        reads = dict(counted.annotate(number=Sum(READS)))
        trends = _trends(stories, now)
        ReadTotal.objects.bulk_create(
            [ReadTotal(article_id=pk, reads=reads.get(pk, 0), trend=trends.get(pk)) for pk in sorted(stories)],
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["reads", "trend"],
        )


def _trends(stories: Sequence[int], at: datetime) -> dict[int, float | None]:
    half_life, popular_weight = trending_half_life(), popular_origin_weight()
    trends: dict[int, float | None] = defaultdict(lambda: None)
    rows = ReadCount.objects.filter(article__in=stories, starts_at__gte=_horizon(at, half_life)).order_by()
    weight = READS - F("popular") * (1 - popular_weight)
    for pk, period, starts_at, weighs in rows.values_list("article", "period", "starts_at", weight).iterator():
        moment = min(starts_at + MIDDLE[period], at)
        trends[pk] = join_trends(trends[pk], trend_of(weighs, moment, half_life=half_life))
    return trends


def _horizon(at: datetime, half_life: timedelta) -> datetime:
    return at - HALF_LIVES * min(half_life, LONGEST_HALF_LIFE)


def recount_all(at: datetime | None = None) -> Iterator[int]:
    """All stories that anybody read, a batch at a time; gives the number of each batch when it is done."""
    last = 0
    while stories := _read_after(last):
        recount_reads(stories, at)
        last = stories[-1]
        yield len(stories)
    Duty.objects.mark_done(DUTY, basis=trend_basis())


def _read_after(last: int) -> list[int]:
    counted = ReadCount.objects.filter(article__gt=last).order_by("article").values_list("article", flat=True)
    total = ReadTotal.objects.filter(article__gt=last).order_by("article").values_list("article", flat=True)
    return sorted({*counted.distinct()[:BATCH], *total[:BATCH]})[:BATCH]


def renew_trends() -> int:
    """Recounts everything where trends were computed with other settings than those of now; how many stories."""
    if Duty.objects.is_done(DUTY, basis=trend_basis()):
        return 0
    return sum(recount_all())


def trend_basis() -> str:
    """What trends are computed with."""
    hours = trending_half_life() / timedelta(hours=1)
    return f"half-life of {hours:g} hours, {popular_origin_weight():g} for reads from the popular list"

"""Counts as tables for downloading: of all stories that somebody may see, a line each, and of one story."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article, Origin, ReadCount, ReadTotal, RefusedReads, Window
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.popularity.site_sums import origin_sums
from articles.popularity.standings import count_reads

# In the order of the columns.
COUNTED: Final = (Window.DAY, Window.WEEK, Window.MONTH, Window.YEAR)
SITE_COLUMNS: Final = (
    "story",
    "address",
    "section",
    "published",
    "choice",
    "trending",
    *COUNTED,
    "all",
    *Origin.values,
)
STORY_COLUMNS: Final = ("counted", "period", "from", "what", "number")


def site_table(user: User, at: datetime | None = None) -> Iterator[Sequence[Any]]:
    """Each story that was read, the most read first; read in parts, so that an archive takes no more room than a few."""
    now = at or timezone.now()
    yield SITE_COLUMNS
    seen = Article.objects.visible_to(user).originals().order_by().values("pk")
    ranked = ReadTotal.objects.filter(reads__gt=0, article__in=seen).order_by("-reads", "-article_id")
    totals = dict(ranked.values_list("article", "reads"))
    for some in chunks(list(totals), KEYS_AT_ONCE):
        yield from _story_lines(some, totals, now)


def _story_lines(keys: Sequence[int], totals: dict[int, int], at: datetime) -> Iterator[Sequence[Any]]:
    stories = Article.objects.select_related("section", "popular_choice").defer(*UNSEEN_IN_LISTS).in_bulk(keys)
    trending, *windows = (count_reads(window, at, of=keys) for window in (Window.TRENDING, *COUNTED))
    rows = ReadCount.objects.filter(article__in=keys).order_by()
    origins = {row["article"]: row for row in origin_sums(rows.values("article"))}
    for key in keys:
        # Deleted while the file was sent.
        if story := stories.get(key):
            yield (
                *_about(story),
                trending.get(key, 0),
                *(int(counts.get(key, 0)) for counts in windows),
                totals[key],
                *(origins[key][f"from_{origin}"] if key in origins else 0 for origin in Origin.values),
            )


def _about(story: Article) -> tuple[str, ...]:
    choice = getattr(story, "popular_choice", None)
    return (
        story.headline,
        f"{settings.SITE_URL}{story.get_absolute_url()}",
        story.section.name if story.section else "",
        _moment(story.published_at) if story.published_at else "",
        choice.kind if choice else "",
    )


def story_table(story: Article) -> Iterator[Sequence[Any]]:
    """A line a number: reads by hour, day or month and where they came from, what was refused by day and why."""
    yield STORY_COLUMNS
    for row in ReadCount.objects.filter(article=story).order_by("starts_at").iterator():
        for origin in Origin.values:
            if number := getattr(row, origin):
                yield "read", row.period, _moment(row.starts_at), origin, number
    refused = RefusedReads.objects.filter(article=story).order_by("day", "reason")
    for day, reason, number in refused.values_list("day", "reason", "number").iterator():
        yield "refused", "day", day.isoformat(), reason, number


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")

"""Paging by position in time rather than by number: the thousandth page costs what the first one does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db.models import Q
from django.http import Http404

from articles import conf
from articles.models import Article
from articles.models.querysets import ArticleQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Microseconds since 1970, then the row's number: both fit into 63 bits.
CURSOR_PATTERN = re.compile(r"(-?\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The place of one story in a list that has the newest first."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // MICROSECOND}-{self.pk}"

    @classmethod
    def of(cls, article: Article) -> Self:
        """The place of a public story; one without a time has none."""
        if article.published_at is None:
            raise ValueError(f"{article!r} was never published.")
        return cls(article.published_at, article.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises Http404 for what is no cursor: nobody was given such an address."""
        match = CURSOR_PATTERN.fullmatch(text)
        try:
            if match:
                return cls(EPOCH + int(match[1]) * MICROSECOND, int(match[2]))
        except OverflowError:
            pass
        raise Http404("There is no such page.")

    # The first condition of each is implied by the second; it is what lets the index find the place.

    def older(self) -> Q:
        return Q(published_at__lte=self.moment) & (Q(published_at__lt=self.moment) | Q(pk__lt=self.pk))

    def newer(self) -> Q:
        return Q(published_at__gte=self.moment) & (Q(published_at__gt=self.moment) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class StoryPage:
    """Some stories of a list, and the queries of the addresses of its neighbours, empty at the ends."""

    stories: list[Article]
    newer_query: str = ""
    older_query: str = ""
    is_first: bool = True


def page_of_stories(stories: ArticleQuerySet, query: Mapping[str, str], *, size: int | None = None) -> StoryPage:
    """The page that ``?before=`` or ``?after=`` asks for, else the first; one query for the stories."""
    size = size or conf.page_size()
    if "after" in query:
        return _page_after(stories, Cursor.parse(query["after"]), size)
    if "before" in query:
        stories = stories.filter(Cursor.parse(query["before"]).older())
    found = list(stories.newest_first()[: size + 1])
    is_first = "before" not in query
    return StoryPage(
        stories=found[:size],
        newer_query=_query("after", found[0]) if found and not is_first else "",
        older_query=_query("before", found[size - 1]) if len(found) > size else "",
        is_first=is_first,
    )


def _page_after(stories: ArticleQuerySet, cursor: Cursor, size: int) -> StoryPage:
    found = list(stories.filter(cursor.newer()).order_by("published_at", "pk")[: size + 1])
    shown = found[:size][::-1]
    return StoryPage(
        stories=shown,
        newer_query=_query("after", shown[0]) if len(found) > size else "",
        older_query=_query("before", shown[-1]) if shown else "",
        is_first=False,
    )


def _query(name: str, article: Article) -> str:
    return f"?{name}={Cursor.of(article)}"

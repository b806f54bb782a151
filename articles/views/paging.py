"""Paging by position in time rather than by number: the thousandth page costs what the first one does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Self, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from articles import conf
from articles.models import Article
from articles.models.querysets import ArticleQuerySet

Row = TypeVar("Row", bound=Model)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Microseconds since 1970, then the row's number: both fit into 63 bits.
CURSOR_PATTERN = re.compile(r"(-?\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The place of one row in a list that has the newest first."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // MICROSECOND}-{self.pk}"

    @classmethod
    def of(cls, row: Model, field: str) -> Self:
        """The place of a row by its time; one without a time has none."""
        moment = getattr(row, field)
        if moment is None:
            raise ValueError(f"{row!r} has no time.")
        return cls(moment, row.pk)

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

    def older(self, field: str) -> Q:
        strictly = Q(**{f"{field}__lt": self.moment}) | Q(pk__lt=self.pk)
        return Q(**{f"{field}__lte": self.moment}) & strictly

    def newer(self, field: str) -> Q:
        strictly = Q(**{f"{field}__gt": self.moment}) | Q(pk__gt=self.pk)
        return Q(**{f"{field}__gte": self.moment}) & strictly


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the queries of the addresses of its neighbours, empty at the ends."""

    rows: list[Row]
    newer_query: str = ""
    older_query: str = ""
    is_first: bool = True


def page_of_stories(stories: ArticleQuerySet, query: Mapping[str, str], *, size: int | None = None) -> Page[Article]:
    """A page of a list of stories, the newest first."""
    return page_of_rows(stories, query, moment="published_at", size=size)


def page_of_rows(rows: QuerySet[Row], query: Mapping[str, str], *, moment: str, size: int | None = None) -> Page[Row]:
    """The page that ``?before=`` or ``?after=`` asks for, else the first; one query for the rows.

    ``moment`` is the field by which they are ordered, the newest first.
    """
    size = size or conf.page_size()
    if "after" in query:
        return _page_after(rows, Cursor.parse(query["after"]), moment, size)
    if "before" in query:
        rows = rows.filter(Cursor.parse(query["before"]).older(moment))
    found = list(rows.order_by(f"-{moment}", "-pk")[: size + 1])
    is_first = "before" not in query
    return Page(
        rows=found[:size],
        newer_query=_query("after", found[0], moment) if found and not is_first else "",
        older_query=_query("before", found[size - 1], moment) if len(found) > size else "",
        is_first=is_first,
    )


def _page_after(rows: QuerySet[Row], cursor: Cursor, moment: str, size: int) -> Page[Row]:
    found = list(rows.filter(cursor.newer(moment)).order_by(moment, "pk")[: size + 1])
    shown = found[:size][::-1]
    return Page(
        rows=shown,
        newer_query=_query("after", shown[0], moment) if len(found) > size else "",
        older_query=_query("before", shown[-1], moment) if shown else "",
        is_first=False,
    )


def _query(name: str, row: Model, moment: str) -> str:
    return f"?{name}={Cursor.of(row, moment)}"

"""Paging by position in time rather than by number: the thousandth page costs what the first one does."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, Self, TypeVar

from django.db.models import BigAutoField, DateTimeField, Model, Q, QuerySet
from django.http import Http404

from articles import conf
from articles.models.prepared import Given, Prepared

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


# The place from which a list goes on, in prepared queries.
PLACE: Final = {"moment": Given("place_moment", DateTimeField()), "pk": Given("place_pk", BigAutoField())}

# The first condition of each is implied by the second; it is what lets the index find the place.


def older(field: str, *, moment: Given, pk: Given) -> Q:
    return Q(**{f"{field}__lte": moment}) & (Q(**{f"{field}__lt": moment}) | Q(pk__lt=pk))


def newer(field: str, *, moment: Given, pk: Given) -> Q:
    return Q(**{f"{field}__gte": moment}) & (Q(**{f"{field}__gt": moment}) | Q(pk__gt=pk))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the queries of the addresses of its neighbours, empty at the ends."""

    rows: list[Row]
    newer_query: str = ""
    older_query: str = ""
    is_first: bool = True


class Listing(Generic[Row]):
    """A list that is read by pages, the newest first: its SQL is made once for each way to go.

    ``among`` chooses its rows, with a `Given` for whatever one list has and another has not, and ``moment`` is the field,
    or the annotation, by which it is ordered.
    """

    def __init__(
        self, model: type[Row], among: Callable[[Any], QuerySet[Row]], *, moment: str = "published_at"
    ) -> None:
        self._model, self._among, self._moment = model, among, moment
        self._pages = Prepared(model, self._page)

    def page(self, query: Mapping[str, str], *, size: int | None = None, **given: Any) -> Page[Row]:
        """The page that ``?before=`` or ``?after=`` asks for, else the first; one query."""
        size = size or conf.page_size()
        way = next((way for way in ("after", "before") if way in query), "first")
        if way != "first":
            place = Cursor.parse(query[way])
            given |= {"place_moment": place.moment, "place_pk": place.pk}
        found = self._pages.rows(way, size, **given)
        return self._up(found, size) if way == "after" else self._down(found, size, is_first=way == "first")

    def _page(self, way: str, size: int) -> QuerySet[Row]:
        rows, moment = self._among(self._model._default_manager.all()), self._moment  # noqa: SLF001 - Django's name for it
        if way == "after":
            return rows.filter(newer(moment, **PLACE)).order_by(moment, "pk")[: size + 1]
        if way == "before":
            rows = rows.filter(older(moment, **PLACE))
        return rows.order_by(f"-{moment}", "-pk")[: size + 1]

    def _down(self, found: list[Row], size: int, *, is_first: bool) -> Page[Row]:
        return Page(
            rows=found[:size],
            newer_query=self._query("after", found[0]) if found and not is_first else "",
            older_query=self._query("before", found[size - 1]) if len(found) > size else "",
            is_first=is_first,
        )

    def _up(self, found: list[Row], size: int) -> Page[Row]:
        shown = found[:size][::-1]
        return Page(
            rows=shown,
            newer_query=self._query("after", shown[0]) if len(found) > size else "",
            older_query=self._query("before", shown[-1]) if shown else "",
            is_first=False,
        )

    def _query(self, name: str, row: Row) -> str:
        return f"?{name}={Cursor.of(row, self._moment)}"

"""The lists of the desk: what Django asks of a whole table for them is asked of its first and last row instead."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst


class DeskChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """The rows of a list of one page by their keys, too, which have been read to count them."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list

    def dates(self) -> dict[str, Any]:
        """The way through the list by dates: every year from the first row's to the last one's, months, days.

        Django reads each row to name those alone that have some, which at 100,000 takes longer than all the rest.
        """
        field, edges = str(self.date_hierarchy), self._first_and_last()
        if not edges:
            return {}
        first, last = edges
        year = self._chosen("year") or (first.year if first.year == last.year else None)
        month = self._chosen("month") or (first.month if year and _month(first) == _month(last) else None)
        day = self._chosen("day")

        def link(**parts: int) -> str:
            return self.get_query_string({f"{field}__{part}": value for part, value in parts.items()}, [f"{field}__"])

        if year is None:
            years = range(first.year, last.year + 1)
            return {"choices": [{"link": link(year=each), "title": str(each)} for each in years]}
        if month is None:
            months = [date(year, each, 1) for each in range(1, 13) if _month(first) <= (year, each) <= _month(last)]
            choices = [{"link": link(year=year, month=each.month), "title": _title(each)} for each in months]
            return {"back": {"link": link(), "title": "All dates"}, "choices": choices}
        if day:
            back = {"link": link(year=year, month=month), "title": _title(date(year, month, 1))}
            return {"back": back, "choices": [{"title": _title(date(year, month, day), "MONTH_DAY_FORMAT")}]}
        days = [date(year, month, each) for each in range(1, monthrange(year, month)[1] + 1)]
        choices = [
            {"link": link(year=year, month=month, day=each.day), "title": _title(each, "MONTH_DAY_FORMAT")}
            for each in days
            if first <= each <= last
        ]
        return {"back": {"link": link(year=year), "title": str(year)}, "choices": choices}

    def _first_and_last(self) -> tuple[date, date] | None:
        """Of all rows, whoever asks: two looks into an index."""
        field = str(self.date_hierarchy)
        rows: QuerySet[Any] = self.model._default_manager.filter(**{f"{field}__isnull": False}).values_list(  # noqa: SLF001
            field, flat=True
        )
        first, last = rows.order_by(field).first(), rows.order_by(f"-{field}").first()
        return (_day(first), _day(last)) if first and last else None

    def _chosen(self, part: str) -> int | None:
        # What is no number has been refused already.
        value = self.params.get(f"{self.date_hierarchy}__{part}")
        return int(value) if value else None


def _day(moment: Any) -> date:
    found: date = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return found


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _title(day: date, form: str = "YEAR_MONTH_FORMAT") -> str:
    return capfirst(date_format(day, form))

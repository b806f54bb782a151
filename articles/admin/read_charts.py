"""Charts of reads: hours, days and months in the words of the site's time zone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from articles.popularity.charts import Chart, Column, draw_columns
from articles.popularity.site_sums import Span

# Of more months than these only the years are named.
MONTHS_NAMED = 18


@dataclass(frozen=True)
class ReadChart:
    """A chart with its heading, and what its columns are called in the table beside it."""

    key: str
    title: str
    column: str
    chart: Chart


def hours_chart(spans: Sequence[Span]) -> ReadChart:
    return ReadChart("hours", "The last 48 hours, by the hour", "Hour", _drawn(spans, _hour, _hour_tick))


def days_chart(spans: Sequence[Span]) -> ReadChart:
    return ReadChart("days", "The last 90 days, by the day", "Day", _drawn(spans, _day, _day_tick))


def months_chart(spans: Sequence[Span]) -> ReadChart:
    tick = _month_tick if len(spans) <= MONTHS_NAMED else _year_tick
    return ReadChart("months", "All time, by the month", "Month", _drawn(spans, _month, tick))


def _drawn(spans: Sequence[Span], name: Callable[[Span], str], tick: Callable[[Span], tuple[str, bool]]) -> Chart:
    columns = [Column(name(span), span.reads, *tick(span), is_open=span.is_open) for span in spans]
    return draw_columns(columns)


def _hour(span: Span) -> str:
    return date_format(timezone.localtime(span.starts_at), "D j M, H:i")


def _day(span: Span) -> str:
    return date_format(timezone.localtime(span.starts_at), "D j M Y")


def _month(span: Span) -> str:
    return date_format(timezone.localtime(span.starts_at), "F Y")


def _hour_tick(span: Span) -> tuple[str, bool]:
    """The label, and whether it gives way where there is little room."""
    start = timezone.localtime(span.starts_at)
    if start.hour == 0:
        return date_format(start, "D j"), False
    return (date_format(start, "H:i"), start.hour != 12) if start.hour % 6 == 0 else ("", False)


def _day_tick(span: Span) -> tuple[str, bool]:
    start = timezone.localtime(span.starts_at)
    return (date_format(start, "j M"), start.day == 15) if start.day in {1, 15} else ("", False)


def _month_tick(span: Span) -> tuple[str, bool]:
    start = timezone.localtime(span.starts_at)
    if start.month == 1:
        return str(start.year), False
    return (date_format(start, "M"), start.month != 7) if start.month % 3 == 1 else ("", False)


def _year_tick(span: Span) -> tuple[str, bool]:
    start = timezone.localtime(span.starts_at)
    return (str(start.year), start.year % 2 == 1) if start.month == 1 else ("", False)

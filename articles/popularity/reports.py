"""What readers read, as the desk tells it: of the whole site by window, and of one story. Plain values come out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, Sum
from django.utils import timezone

from articles.models import (
    READS,
    Article,
    Author,
    Origin,
    PopularChoice,
    ReadCount,
    ReadTotal,
    Refusal,
    Scope,
    Section,
    Standing,
    Tag,
    Window,
)
from articles.models.querysets import UNSEEN_IN_LISTS, public_now, unseen_in_lists
from articles.popularity.remembered import recall, remember
from articles.popularity.site_sums import (
    SHOWN_HOURS,
    Counts,
    Span,
    last_days,
    origin_sums,
    origins_of,
    refused_by_reason,
    site_days,
    site_hours,
)
from articles.popularity.standings import count_reads
from articles.popularity.windows import (
    DAYS,
    HOUR,
    day_of,
    day_start,
    hour_of,
    months_before,
    window_start,
)

TOP: Final = 10
TOP_OF_SECTIONS: Final = 3
# A place below this one is told as such.
PLACES_KEPT: Final = 100
DAYS_SHOWN: Final = 90
# The windows of which the one before is known.
MOVING: Final = frozenset({Window.DAY, Window.WEEK, Window.MONTH})
UNSEEN: Final = unseen_in_lists("article__")
FINE: Final = (ReadCount.Period.HOUR, ReadCount.Period.DAY)

REASONS: Final[dict[str, str]] = {
    Refusal.UNKNOWN: "It named no story, or one that readers cannot see.",
    Refusal.FOREIGN: "It came from a page of another site.",
    Refusal.CRAWLER: "The program that sent it says that it is a crawler, or no browser at all.",
    Refusal.PREFETCH: "A browser fetched the page in case somebody would look at it.",
    Refusal.STAFF: "Somebody who is signed in at this desk looked.",
    Refusal.REPEATED: "The same reader opened the same story again a little later.",
    Refusal.FLOOD: "More reads came from one network address than people make.",
    Refusal.UNCHECKED: "Whether it was the same reader again could not be told.",
}


@dataclass(frozen=True)
class Share:
    """A part of some reads: where they came from, or why they were refused."""

    key: str
    name: str
    number: int
    of_all: float
    sentence: str = ""

    @property
    def percent(self) -> str:
        """As an attribute of a drawing has it."""
        return f"{100 * self.of_all:.1f}%"

    @property
    def percentage(self) -> str:
        """In words: none is nought, and only all is all."""
        if 0 < self.of_all < 0.01:
            return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
        return f"{min(round(100 * self.of_all), 99) if self.of_all < 1 else 100}\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Line:
    """A story in a list."""

    article: Article
    place: int
    reads: float
    origins: Sequence[Share] = ()
    # Its place in the window before; None where it was below all that are looked at.
    before: int | None = None
    is_new: bool = False
    is_pinned: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class SectionTop:
    section: Section
    lines: Sequence[Line]


@dataclass(frozen=True)
class Totals:
    reads: int
    origins: Sequence[Share]
    refused: Sequence[Share]
    # From when on they are of; None for all time.
    since: datetime | None

    @property
    def beacons(self) -> int:
        return self.reads + self.refusals

    @property
    def refusals(self) -> int:
        return sum(each.number for each in self.refused)


@dataclass(frozen=True)
class SiteReport:
    window: Window
    at: datetime
    lines: Sequence[Line]
    sections: Sequence[SectionTop]
    totals: Totals
    hours: Sequence[Span]
    days: Sequence[Span]

    @property
    def tells_moves(self) -> bool:
        return self.window in MOVING


@dataclass(frozen=True)
class Places:
    """Where a story stands in the lists of the site, or of a section, a tag or an author: in the order of windows."""

    scope: str
    places: Sequence[int | None]


@dataclass(frozen=True)
class StoryReport:
    at: datetime
    reads: int
    # Window → reads in it; of what trends, as they weigh now.
    windows: Mapping[str, float]
    hours: Sequence[Span]
    days: Sequence[Span]
    # Where reads are older than the days shown.
    months: Sequence[Span]
    origins: Sequence[Share]
    refused: Sequence[Share]
    places: Sequence[Places] = ()
    frozen_place: int | None = None
    choice: PopularChoice | None = None

    @property
    def refusals(self) -> int:
        return sum(each.number for each in self.refused)


# The site


def report_site(window: Window, at: datetime | None = None) -> SiteReport:
    now = at or timezone.now()
    hours, days = site_hours(now), site_days(now, DAYS_SHOWN)
    return SiteReport(
        window=window,
        at=now,
        lines=_top_lines(window, now),
        sections=_section_tops(window),
        totals=_totals(window, now, hours),
        hours=hours,
        days=days,
    )


def counted_since(window: Window, at: datetime) -> datetime | None:
    """From when on reads are counted; what trends has no beginning, and is told with the last 24 hours."""
    return window_start(Window.DAY if window == Window.TRENDING else window, at)


def reads_since(start: datetime | None) -> Q:
    """The rows of `ReadCount` from an instant on at which an hour or a day begins."""
    return Q() if start is None else Q(period__in=FINE, starts_at__gte=start)


def _top_lines(window: Window, at: datetime) -> list[Line]:
    """By reads alone: pins are told and move nothing, and what is excluded from the lists was read all the same."""
    entries = [*_entries(window), *_excluded_entries(window, at)]
    entries.sort(key=lambda entry: (entry.reads, entry.article.published_at, entry.article.pk), reverse=True)
    shown = entries[:TOP]
    keys = [entry.article.pk for entry in shown]
    origins = _origins_by_story(keys, counted_since(window, at))
    places = _places_before(window, at)
    start = window_start(window, at)
    return [
        Line(
            article=entry.article,
            place=place,
            reads=entry.reads,
            origins=shares(origins.get(entry.article.pk, {})),
            before=places.get(entry.article.pk),
            is_new=bool(start and entry.article.permalink_time >= start),
            is_pinned=entry.is_pinned,
            is_excluded=entry.is_excluded,
        )
        for place, entry in enumerate(shown, 1)
    ]


@dataclass(frozen=True)
class _Entry:
    article: Article
    reads: float
    is_pinned: bool = False
    is_excluded: bool = False


def _entries(window: Window) -> list[_Entry]:
    rows = Standing.objects.filter(public_now("article__"), window=window, scope=Scope.SITE, scope_id=0, reads__gt=0)
    return [_Entry(row.article, row.reads, row.is_pinned) for row in rows.select_related("article").defer(*UNSEEN)]


def _excluded_entries(window: Window, at: datetime) -> list[_Entry]:
    keys = list(
        PopularChoice.objects.filter(kind=PopularChoice.Kind.EXCLUDED).order_by().values_list("article", flat=True)
    )
    if not keys:
        return []
    excluded = Article.objects.published(at).defer(*UNSEEN_IN_LISTS).in_bulk(keys)
    reads = count_reads(window, at, of=list(excluded))
    return [_Entry(excluded[key], number, is_excluded=True) for key, number in reads.items() if number > 0]


def _origins_by_story(keys: Sequence[int], start: datetime | None) -> dict[int, Counts]:
    if not keys:
        return {}
    rows = ReadCount.objects.filter(reads_since(start), article__in=keys).order_by()
    return {row["article"]: origins_of(row) for row in origin_sums(rows.values("article"))}


def _places_before(window: Window, at: datetime) -> dict[int, int]:
    """The first places in the window before, which is over and is counted once."""
    start = window_start(window, at)
    if window not in MOVING or start is None:
        return {}
    name = f"places:{window}:{start.timestamp():.0f}"
    keys = recall([name]).get(name)
    if keys is None:
        keys = _most_read_between(window_start(window, start - HOUR) or start, start)
        remember({name: keys})
    return {key: place for place, key in enumerate(keys, 1)}


def _most_read_between(start: datetime, end: datetime) -> list[int]:
    rows = ReadCount.objects.filter(period__in=FINE, starts_at__gte=start, starts_at__lt=end).order_by()
    ranked = rows.values_list("article").annotate(number=Sum(READS)).order_by("-number", "-article")
    return [key for key, _ in ranked[:PLACES_KEPT]]


def _section_tops(window: Window) -> list[SectionTop]:
    # Two more than are shown, for those that readers do not see any more.
    found = Standing.objects.filter(
        public_now("article__"), window=window, scope=Scope.SECTION, position__lte=TOP_OF_SECTIONS + 2, reads__gt=0
    )
    lines: dict[int, list[Line]] = {}
    for row in found.select_related("article").defer(*UNSEEN).order_by("scope_id", "position"):
        here = lines.setdefault(row.scope_id, [])
        if len(here) < TOP_OF_SECTIONS:
            here.append(Line(row.article, len(here) + 1, row.reads))
    return [SectionTop(section, lines[section.pk]) for section in Section.objects.filter(pk__in=lines)]


def _totals(window: Window, at: datetime, hours: Sequence[Span]) -> Totals:
    since = counted_since(window, at)
    if since is None:
        reads = ReadTotal.objects.aggregate(number=Sum("reads"))["number"] or 0
        return Totals(reads, (), _refused(refused_by_reason(months_before(day_of(at), 13), at)), None)
    spans = hours if window not in DAYS else site_days(at, DAYS[window])
    origins = _sum(span for span in spans if span.starts_at >= since)
    return Totals(sum(origins.values()), shares(origins), _refused(refused_by_reason(day_of(since), at)), since)


# A story


def report_story(article: Article, at: datetime | None = None) -> StoryReport:
    now = at or timezone.now()
    rows = [_counted(row) for row in ReadCount.objects.filter(article=article).order_by("starts_at").values()]
    days = last_days(now, DAYS_SHOWN)
    standings = list(Standing.objects.filter(article=article).order_by())
    return StoryReport(
        at=now,
        reads=sum(span.reads for _, span in rows),
        windows={**_by_window(rows, now), **_trending(article, now)},
        hours=_by_hour(rows, now),
        days=_by_day(rows, days, now),
        months=_by_month(rows, now) if rows and day_of(rows[0][1].starts_at) < days[0] else (),
        origins=shares(_sum(span for _, span in rows)),
        refused=_refused(dict(article.refused_reads.order_by().values_list("reason").annotate(Sum("number")))),
        places=_places_of(standings),
        frozen_place=next((row.position for row in standings if row.window == Standing.FROZEN), None),
        choice=PopularChoice.objects.filter(article=article).select_related("made_by").first(),
    )


def _counted(row: Mapping[str, Any]) -> tuple[str, Span]:
    return row["period"], Span(row["starts_at"], origins_of(row, ""))


def _by_window(rows: Sequence[tuple[str, Span]], at: datetime) -> dict[str, float]:
    starts = {window: window_start(window, at) for window in Window.values if window != Window.TRENDING}
    return {
        window: sum(
            span.reads for period, span in rows if start is None or (period in FINE and span.starts_at >= start)
        )
        for window, start in starts.items()
    }


def _trending(article: Article, at: datetime) -> dict[str, float]:
    return {Window.TRENDING: count_reads(Window.TRENDING, at, of=[article.pk]).get(article.pk, 0)}


def _by_hour(rows: Sequence[tuple[str, Span]], at: datetime) -> list[Span]:
    known = {span.starts_at: span for period, span in rows if period == ReadCount.Period.HOUR}
    last = hour_of(at)
    starts = [last - (SHOWN_HOURS - 1 - number) * HOUR for number in range(SHOWN_HOURS)]
    return [Span(start, known[start].origins if start in known else {}, start == last) for start in starts]


def _by_day(rows: Sequence[tuple[str, Span]], days: Sequence[date], at: datetime) -> list[Span]:
    here: dict[date, list[Span]] = {day: [] for day in days}
    for period, span in rows:
        day = day_of(span.starts_at)
        if period in FINE and day in here:
            here[day].append(span)
    return [Span(day_start(day), _sum(spans), day == day_of(at)) for day, spans in here.items()]


def _by_month(rows: Sequence[tuple[str, Span]], at: datetime) -> list[Span]:
    """From the first month in which it was read to this one."""
    here: dict[date, list[Span]] = {}
    for _, span in rows:
        here.setdefault(day_of(span.starts_at).replace(day=1), []).append(span)
    this = day_of(at).replace(day=1)
    months = [min(here)]
    while months[-1] < this:
        months.append(months_before(months[-1], -1))
    return [Span(day_start(month), _sum(here.get(month, ())), month == this) for month in months]


def _places_of(rows: Sequence[Standing]) -> list[Places]:
    """The site first, then its section, tags and authors by name."""
    names = _scope_names(rows)
    found: dict[tuple[str, int], dict[str, int]] = {}
    for row in rows:
        if row.window != Standing.FROZEN:
            found.setdefault((row.scope, row.scope_id), {})[row.window] = row.position
    order = [str(scope) for scope in Scope]
    scopes = sorted(found, key=lambda scope: (order.index(scope[0]), names[scope]))
    return [Places(names[scope], [found[scope].get(window) for window in Window.values]) for scope in scopes]


def _scope_names(rows: Iterable[Standing]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.scope, set()).add(row.scope_id)
    names = {(str(Scope.SITE), 0): "the whole site"}
    for scope, model in ((Scope.SECTION, Section), (Scope.TAG, Tag), (Scope.AUTHOR, Author)):
        if scope in wanted:
            found = model.objects.filter(pk__in=wanted[scope]).values_list("pk", "name")
            names |= {(str(scope), key): name for key, name in found}
    # What has just been deleted takes its lists along, at the next making.
    return {(scope, key): names.get((scope, key), "–") for scope, keys in wanted.items() for key in keys}


# Parts of a whole


def shares(origins: Mapping[str, int]) -> list[Share]:
    """Where reads came from, the most first."""
    return _parts(origins, Origin.choices)


def _refused(reasons: Mapping[str, int]) -> list[Share]:
    return _parts(reasons, Refusal.choices)


def _parts(numbers: Mapping[str, int], choices: Iterable[tuple[str, str]]) -> list[Share]:
    total = sum(numbers.values())
    found = [
        Share(key, name, numbers[key], numbers[key] / total, REASONS.get(key, ""))
        for key, name in choices
        if numbers.get(key)
    ]
    return sorted(found, key=lambda share: -share.number)


def _sum(spans: Iterable[Span]) -> Counts:
    sums: Counts = {}
    for span in spans:
        for origin, number in span.origins.items():
            sums[origin] = sums.get(origin, 0) + number
    return sums

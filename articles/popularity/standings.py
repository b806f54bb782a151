"""The popular lists as `Standing` keeps them: made from the counts, arranged as editors say, written where they differ."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from articles.conf import trending_half_life
from articles.models import (
    READS,
    Article,
    Byline,
    Duty,
    PopularChoice,
    ReadCount,
    ReadTotal,
    Scope,
    SiteSettings,
    Standing,
    TaggedArticle,
    Window,
)
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.models.querysets import public_now
from articles.popularity.ranking import reads_now, trend_of
from articles.popularity.windows import window_start
from articles.signals import popular_lists_changed

# How many stories a list keeps: more than are shown, for those that are taken from their readers meanwhile.
SITE_DEPTH: Final = 30
DEPTH: Final = 20

# Below this no story trends: reads as they weigh now.
LEAST_TREND: Final = 0.01

LOCK: Final = "popular lists arranged"

# Lists of tags and authors are kept where they can fill a page's list: an archive has thousands that cannot.
LEAST_LENGTH: Final = {Scope.SITE: 1, Scope.SECTION: 1}

# What was read of the stories that readers may see, the most read first.
READ: Final = """
WITH counted (article_id, reads) AS ({counted}), public (id, section_id, published_at) AS ({public})
SELECT public.id, section_id, reads FROM counted JOIN public ON public.id = article_id
ORDER BY reads DESC, published_at DESC, public.id DESC
"""


@dataclass(frozen=True)
class ListKey:
    window: str
    scope: str = Scope.SITE
    scope_id: int = 0

    @property
    def depth(self) -> int:
        return SITE_DEPTH if self.scope == Scope.SITE else DEPTH


@dataclass(frozen=True)
class Line:
    article_id: int
    reads: float
    is_pinned: bool = False

    def looks_like(self, other: "Line") -> bool:
        """Whether readers see no difference: none of them sees how many read it, but whether anybody did."""
        return (self.article_id, self.reads > 0, self.is_pinned) == (
            other.article_id,
            other.reads > 0,
            other.is_pinned,
        )


Lists = dict[ListKey, list[Line]]


def make_lists(*windows: str, scopes: Collection[str] = tuple(Scope), at: datetime | None = None) -> int:
    """Makes lists of these windows anew, for the site and each section, tag and author; how many lines changed."""
    now = at or timezone.now()
    return sum(_make_lists(window, scopes, now) for window in windows)


def _make_lists(window: str, scopes: Collection[str], at: datetime) -> int:
    try:
        return _write_window(window, scopes, rank_stories(window, at, scopes), at)
    except IntegrityError:
        # A story was deleted after it had been counted.
        return _write_window(window, scopes, rank_stories(window, at, scopes), at)


def _write_window(window: str, scopes: Collection[str], lists: Lists, at: datetime) -> int:
    with arranging():
        # Asked for afresh: an editor may have decided meanwhile.
        choices = dict(PopularChoice.objects.values_list("article", "kind"))
        excluded = {pk for pk, kind in choices.items() if kind == PopularChoice.Kind.EXCLUDED}
        lists = {key: [line for line in lines if line.article_id not in excluded] for key, lines in lists.items()}
        if Scope.SITE in scopes:
            site = ListKey(window)
            pins = pinned_stories()
            reads = count_reads(window, at, of=pins)
            ranked = [line for line in lists.get(site, []) if line.article_id not in pins]
            lists[site] = arrange([*(Line(pin, reads.get(pin, 0)) for pin in pins), *ranked], pins, site.depth)
        return write_lists(Standing.objects.filter(window=window, scope__in=scopes), lists)


# A story, its section, and the number by which it is ranked.
Ranked = tuple[int, int | None, Any]


def rank_stories(window: str, at: datetime, scopes: Collection[str] = tuple(Scope)) -> Lists:
    """The stories that readers may see, by what was read of them: counted once, for the lists of all scopes."""
    ranked = _ranked(window, at)
    shown = SiteSettings.objects.load().popular_length
    lists: Lists = {}
    for scope in scopes:
        depth, least = ListKey(window, scope).depth, LEAST_LENGTH.get(Scope(scope), shown)
        found: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        homes = _homes_in(scope, ranked)
        for article_id, _, number in ranked:
            for scope_id in homes.get(article_id, ()):
                if len(found[scope_id]) < depth:
                    found[scope_id].append((article_id, number))
        for scope_id, stories in found.items():
            if len(stories) >= least:
                key = ListKey(window, scope, scope_id)
                lists[key] = [Line(article_id, _reads(window, number, at)) for article_id, number in stories]
    return lists


def _ranked(window: str, at: datetime) -> list[Ranked]:
    excluded = PopularChoice.objects.filter(kind=PopularChoice.Kind.EXCLUDED).values_list("article", flat=True)
    # By their keys, not by a join: a plain table is what the planner of SQLite joins by its key.
    public = Article.objects.published(at).exclude(pk__in=list(excluded))
    parts = {
        "counted": _counted(window, at),
        "public": public.order_by().values_list("pk", "section_id", "published_at"),
    }
    compiled = {name: part.query.sql_with_params() for name, part in parts.items()}
    sql = {name: statement for name, (statement, _) in compiled.items()}
    with connection.cursor() as cursor:
        cursor.execute(READ.format(**sql), [param for _, params in compiled.values() for param in params])
        return list(cursor)


def _homes_in(scope: str, ranked: Sequence[Ranked]) -> Mapping[int, Collection[int]]:
    """In which lists of a scope each story stands, by its key; of those alone that were read."""
    if scope == Scope.SITE:
        return {article_id: (0,) for article_id, *_ in ranked}
    if scope == Scope.SECTION:
        return {article_id: (section_id,) for article_id, section_id, _ in ranked if section_id}
    homes: dict[int, list[int]] = defaultdict(list)
    keys = [article_id for article_id, *_ in ranked]
    for some in chunks(keys, KEYS_AT_ONCE):
        for article_id, scope_id in _members(scope, some):
            homes[article_id].append(scope_id)
    return homes


def _members(scope: str, stories: Collection[int]) -> Iterable[tuple[int, int]]:
    """The tags or the authors of stories, by their keys."""
    if scope == Scope.TAG:
        tagged = TaggedArticle.objects.filter(content_object__in=stories)
        return tagged.values_list("content_object_id", "tag_id")
    bylines = Byline.objects.filter(article__in=stories).order_by()
    return bylines.values_list("article_id", "author_id")


def count_reads(window: str, at: datetime, *, of: Collection[int]) -> dict[int, float]:
    """What was read of some stories in a window, by their keys."""
    rows = _counted(window, at).filter(article__in=of) if of else ()
    return {article_id: _reads(window, number, at) for article_id, number in rows}


def _counted(window: str, at: datetime) -> QuerySet[Any, tuple[int, Any]]:
    """Each story that was read in a window with the number by which it is ranked."""
    if window == Window.TRENDING:
        least = trend_of(LEAST_TREND, at, half_life=trending_half_life())
        return ReadTotal.objects.filter(trend__gte=least).values_list("article_id", "trend")
    start = window_start(window, at)
    if start is None:
        return ReadTotal.objects.filter(reads__gt=0).values_list("article_id", "reads")
    return (
        ReadCount.objects.filter(period__in=(ReadCount.Period.HOUR, ReadCount.Period.DAY), starts_at__gte=start)
        .order_by()
        .values("article_id")
        .annotate(number=Sum(READS))
        .filter(number__gt=0)
        .values_list("article_id", "number")
    )


def _reads(window: str, number: Any, at: datetime) -> float:
    if window == Window.TRENDING:
        # Three digits: what weighs a little less than a minute ago is no reason to write.
        return float(f"{reads_now(number, at, half_life=trending_half_life()):.3g}")
    return float(number)


# What editors decide --------------------------------------------------------------------------------------------------


def arranging() -> AbstractContextManager[None]:
    """A transaction in which nobody else writes the lists or decides about them."""
    return Duty.objects.holding(LOCK)


def pinned_stories() -> dict[int, int]:
    """The key of each pinned story, and its place among them."""
    pinned = PopularChoice.objects.filter(kind=PopularChoice.Kind.PINNED).order_by("position", "article")
    return {article_id: place for place, article_id in enumerate(pinned.values_list("article", flat=True))}


def arrange(lines: Iterable[Line], pins: Mapping[int, int], depth: int) -> list[Line]:
    """The pinned in their order, then what was read most; of equals, those that came first stay first."""
    marked = [replace(line, is_pinned=line.article_id in pins) for line in lines]
    marked.sort(key=lambda line: (0, pins[line.article_id]) if line.is_pinned else (1, -line.reads))
    # However many are pinned: where they end, the list goes on as deep as ever.
    return marked[: depth + len(pins)]


def place_stories(stories: Collection[Article], at: datetime | None = None) -> int:
    """Puts stories where their reads and the word of an editor place them, in all lists; how many lines changed.

    Within `arranging()`. It does not count the others again: what it leaves too short, the next making fills.
    """
    now = at or timezone.now()
    homes = _homes_of(stories)
    condition = Q(scope=Scope.SITE)
    for scope, scope_ids in _by_scope(homes).items():
        condition |= Q(scope=scope, scope_id__in=scope_ids)
    stored = Standing.objects.filter(condition)
    lists = read_lists(stored)
    pins = pinned_stories()
    decided = dict(PopularChoice.objects.filter(article__in=stories).values_list("article", "kind"))
    keys = [story.pk for story in stories]
    frozen = ListKey(Standing.FROZEN)
    reads = {window: count_reads(window, now, of=keys) for window in Window.values}
    reads[Standing.FROZEN] = reads[SiteSettings.objects.load().popular_window]
    for story in stories:
        for window, read in reads.items():
            for scope, scope_id in [(Scope.SITE.value, 0), *homes[story.pk]]:
                key = ListKey(window, scope, scope_id)
                line = Line(story.pk, read.get(story.pk, 0))
                is_kept = key in lists or (key != frozen and scope in {Scope.SITE, Scope.SECTION})
                if is_kept:
                    lists[key] = _placed(line, lists.get(key, []), key, decided.get(story.pk), pins)
    return write_lists(stored, lists)


def _placed(line: Line, lines: list[Line], key: ListKey, decided: str | None, pins: Mapping[int, int]) -> list[Line]:
    """A list with one story put at its place, or taken out."""
    others = [other for other in lines if other.article_id != line.article_id]
    here = pins if key.scope == Scope.SITE else {}
    was_here = len(others) < len(lines)
    # A frozen list takes in whom an editor pins, and nobody else.
    is_read = line.reads > 0 and (was_here or key.window != Standing.FROZEN)
    if decided != PopularChoice.Kind.EXCLUDED and (line.article_id in here or is_read):
        others.append(line)
    return arrange(others, here, key.depth)


def _homes_of(stories: Collection[Article]) -> dict[int, list[tuple[str, int]]]:
    """The section, the tags and the authors of each story, as scopes of lists."""
    homes: dict[int, list[tuple[str, int]]] = {
        story.pk: [(Scope.SECTION.value, story.section_id)] if story.section_id else [] for story in stories
    }
    tagged = TaggedArticle.objects.filter(content_object__in=stories)
    for pk, tag in tagged.values_list("content_object", "tag"):
        homes[pk].append((Scope.TAG.value, tag))
    for pk, author in Byline.objects.filter(article__in=stories).order_by().values_list("article", "author"):
        homes[pk].append((Scope.AUTHOR.value, author))
    return homes


def _by_scope(homes: Mapping[int, list[tuple[str, int]]]) -> dict[str, set[int]]:
    scopes: dict[str, set[int]] = defaultdict(set)
    for scope, scope_id in (home for each in homes.values() for home in each):
        scopes[scope].add(scope_id)
    return scopes


# What is written ------------------------------------------------------------------------------------------------------


def read_lists(stored: QuerySet[Standing]) -> Lists:
    lists: Lists = defaultdict(list)
    rows = stored.order_by("window", "scope", "scope_id", "position")
    for row in rows:
        lists[ListKey(row.window, row.scope, row.scope_id)].append(Line(row.article_id, row.reads, row.is_pinned))
    return lists


def write_lists(stored: QuerySet[Standing], lists: Lists) -> int:
    """Makes ``stored`` be these lists and nothing else, touching the lines that differ; how many did."""
    rows = stored.values_list("window", "scope", "scope_id", "position", "article", "reads", "is_pinned", "pk")
    wanted = {
        (key.window, key.scope, key.scope_id, position): line
        for key, lines in lists.items()
        for position, line in enumerate(lines, start=1)
    }
    gone = []
    # Where the list is another one for readers: they see no numbers.
    moved = set(wanted)
    # Tens of thousands, in a thread of the web server: a few at a time are in memory.
    for window, scope, scope_id, position, article_id, reads, is_pinned, pk in rows.iterator(chunk_size=KEYS_AT_ONCE):
        place = (window, scope, scope_id, position)
        line = wanted.get(place)
        stored_line = Line(article_id, reads, is_pinned)
        if line is None:
            gone.append(pk)
            moved.add(place)
        elif line.looks_like(stored_line):
            moved.discard(place)
            if line == stored_line:
                del wanted[place]
    changed = list(wanted)
    for places in chunks(changed, KEYS_AT_ONCE):
        Standing.objects.bulk_create(
            [_row(place, wanted[place]) for place in places],
            update_conflicts=True,
            unique_fields=("window", "scope", "scope_id", "position"),
            update_fields=("article", "reads", "is_pinned"),
        )
    for keys in chunks(gone, KEYS_AT_ONCE):
        Standing.objects.filter(pk__in=keys).delete()
    announce_moves(moved)
    return len(changed) + len(gone)


# The window, the scope, its key and the position of a line.
Place = tuple[str, str, int, int]


def announce_moves(moved: Iterable[Place]) -> None:
    """Tells which lists of those that pages show have changed as far down as pages show them."""
    chosen = SiteSettings.objects.load()
    board = Standing.FROZEN if chosen.popular_frozen_at else chosen.popular_window
    first: dict[tuple[str, int], int] = {}
    for window, scope, scope_id, position in moved:
        if window == board:
            first[scope, scope_id] = min(position, first.get((scope, scope_id), position))
    shown = chosen.popular_length
    # Where lines are hidden just now, those below have moved up.
    hidden = _hidden_lines(board, first) if max(first.values(), default=0) > shown else {}
    if lists := {key for key, position in first.items() if position <= shown + hidden.get(key, 0)}:
        popular_lists_changed.send(Standing, lists=lists)


def _hidden_lines(window: str, lists: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How many lines of lists are of stories that readers may not see."""
    hidden = Standing.objects.filter(window=window).exclude(public_now("article__")).order_by()
    counted = hidden.values_list("scope", "scope_id").annotate(lines=Count("pk"))
    return {(scope, scope_id): lines for scope, scope_id, lines in counted if (scope, scope_id) in lists}


def _row(place: Place, line: Line) -> Standing:
    window, scope, scope_id, position = place
    return Standing(
        window=window,
        scope=scope,
        scope_id=scope_id,
        position=position,
        article_id=line.article_id,
        reads=line.reads,
        is_pinned=line.is_pinned,
    )

"""The lists of popular stories that pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.template.defaultfilters import date as date_text
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Image,
    PopularChoice,
    Scope,
    Section,
    SiteSettings,
    Standing,
    Tag,
    Window,
)
from articles.models.json_rows import JSONRows
from articles.models.prepared import NOW, Given, Prepared
from articles.models.querysets import public_now
from articles.popularity.unread import Candidate, story_columns, story_of, unread_candidates

# However long a list is wished: what a page shows, and what a reading costs at the most.
LONGEST: Final = 10

EXCLUDED: Final = PopularChoice.Kind.EXCLUDED


# A line as JSON has it.
Line = Mapping[str, Any]

LINE: Final = {"reads": F("reads"), "is_pinned": F("is_pinned"), "scope": F("scope"), **story_columns("article__")}


class Why(StrEnum):
    """Why a story stands in the list."""

    PINNED = "pinned"
    READ = "read"
    # Where readers have not read enough yet:
    IMPORTED = "imported"
    RECENT = "recent"


@dataclass(frozen=True)
class PopularPost:
    """A line of the sidebar; without an address where the story is not here."""

    headline: str
    url: str = ""
    language: str = ""
    summary: str = ""
    image: Image | None = None
    article_id: int | None = None
    why: Why = Why.IMPORTED
    # In the list's window; of what trends, as they weigh.
    reads: float = 0
    # The stories among which it was counted.
    scope: str = Scope.SITE


@dataclass(frozen=True)
class Sidebar:
    """What stands beside a page."""

    posts: list[PopularPost]
    # What the list is, where readers alone made it: "Most read this week in World".
    line: str = ""


def popular_posts(
    limit: int,
    *,
    window: str = Window.WEEK,
    scope: str = Scope.SITE,
    scope_id: int = 0,
    with_pictures: bool = False,
) -> list[PopularPost]:
    """What was read most, of a part of the site where that fills the list, else of the whole.

    Where too little was read, what nobody has read yet: the popular lists that came with imported texts, then recent
    stories. A headline that has found its article shows the article's present one. Where that article is not public,
    the line is left out: even its headline might say too much.
    """
    limit = min(limit, LONGEST)
    lines = _lines(limit, window, scope, scope_id)
    if len(lines) < limit and scope != Scope.SITE:
        lines = _lines(limit, window, Scope.SITE, 0)
    return _filled(lines, limit, with_pictures=with_pictures)


def _filled(lines: Sequence[Line], limit: int, *, with_pictures: bool) -> list[PopularPost]:
    posts = [_standing_post(line, with_pictures=with_pictures) for line in lines[:limit]]
    if len(posts) < limit:
        listed = {post.article_id for post in posts}
        others = [each for each in unread_candidates(limit + len(posts)) if each.identity not in listed]
        posts += [_unread_post(each, with_pictures=with_pictures) for each in others[: limit - len(posts)]]
    return posts


def sidebar_of(
    chosen: SiteSettings, among: Section | Tag | Author | None = None, *, site_lines: Sequence[Line] | None = None
) -> Sidebar:
    """The list as the site's settings want it, on a page of the whole site or of a part of it.

    ``site_lines`` is what `site_standings` brought along with these settings; it is asked for where it is not given.
    """
    if not chosen.popular_shown:
        return Sidebar([])
    limit = min(chosen.popular_length, LONGEST)
    lines: Sequence[Line] = ()
    if among and not chosen.popular_frozen_at:
        lines = _lines(limit, chosen.popular_window, SCOPES[type(among)], among.pk)
    if len(lines) < limit:
        window = Standing.FROZEN if chosen.popular_frozen_at else chosen.popular_window
        lines = _lines(limit, window, Scope.SITE, 0) if site_lines is None else site_lines
    posts = _filled(lines, limit, with_pictures=chosen.popular_thumbnails)
    return Sidebar(posts, _line(posts, chosen, among))


# The window of the site's list, of a row of its settings.
BOARD: Final = Case(
    When(popular_frozen_at=None, then=F("popular_window")), default=Value(Standing.FROZEN), output_field=CharField()
)


def site_standings() -> JSONRows:
    """The site's list as its settings want it, as a column beside their ``popular_board``; for prepared queries alone."""
    return JSONRows(_shown(LONGEST, OuterRef("popular_board"), Scope.SITE, 0), **LINE)


SCOPES: Final[dict[type, Scope]] = {Section: Scope.SECTION, Tag: Scope.TAG, Author: Scope.AUTHOR}
PLACES: Final = {Scope.SECTION: "in", Scope.TAG: "in", Scope.AUTHOR: "by"}


def _line(posts: list[PopularPost], chosen: SiteSettings, among: Section | Tag | Author | None) -> str:
    """Nothing where the list was filled up: what nobody read is not most read."""
    reasons = {post.why for post in posts}
    if Why.READ not in reasons or not reasons <= {Why.PINNED, Why.READ}:
        return ""
    if chosen.popular_frozen_at:
        return f"As of {date_text(timezone.localtime(chosen.popular_frozen_at), 'j F Y')}"
    label = str(Window(chosen.popular_window).label)
    scope = Scope(posts[0].scope)
    return label if among is None or scope == Scope.SITE else f"{label} {PLACES[scope]} {among.name}"


def _shown(limit: int, window: Any, scope: Any, scope_id: Any) -> QuerySet[Standing]:
    """The first public lines of a list as it stands."""
    rows = Standing.objects.filter(public_now("article__", at=NOW), window=window, scope=scope, scope_id=scope_id)
    # Asked for here too, though lists are made without the excluded: what an editor excludes is out.
    return rows.exclude(article__popular_choice__kind=EXCLUDED).order_by("position")[:limit]


def _lines(limit: int, window: str, scope: str, scope_id: int) -> list[Line]:
    return LINES.rows(limit, window=window, scope=scope, scope_id=scope_id)


LINES: Final = Prepared(
    Standing,
    lambda limit: _shown(
        limit, Given("window", CharField()), Given("scope", CharField()), Given("scope_id", BigIntegerField())
    ).values_list(JSONObject(**LINE), flat=True),
)


def _standing_post(line: Line, *, with_pictures: bool) -> PopularPost:
    why = Why.PINNED if line["is_pinned"] else Why.READ if line["reads"] > 0 else Why.RECENT
    story = story_of(line)
    return _story_post(story, why, with_pictures=with_pictures, reads=line["reads"], scope=line["scope"])


def _story_post(
    article: Article, why: Why, *, with_pictures: bool, reads: float = 0, scope: str = Scope.SITE
) -> PopularPost:
    return PopularPost(
        headline=article.headline,
        url=article.get_absolute_url(),
        language=article.language,
        summary=article.summary,
        image=article.shown_image if with_pictures else None,
        article_id=article.pk,
        why=why,
        reads=reads,
        scope=scope,
    )


def _unread_post(candidate: Candidate, *, with_pictures: bool) -> PopularPost:
    article = candidate.article
    if article is None:
        return PopularPost(candidate.words)
    why = Why.IMPORTED if candidate.is_imported else Why.RECENT
    return _story_post(article, why, with_pictures=with_pictures)

"""The lists of popular stories that pages show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Exists, Q, QuerySet
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
from articles.models.querysets import public_now, unseen_in_lists
from articles.popularity.unread import Candidate, unread_candidates

# However long a list is wished: what a page shows, and what a reading costs at the most.
LONGEST: Final = 10

EXCLUDED: Final = PopularChoice.Kind.EXCLUDED


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
    """What was read most, of a part of the site where that fills the list, else of the whole: one query of ten rows.

    Where too little was read, one query more: the popular lists that came with imported texts, then recent stories.
    A headline that has found its article shows the article's present one. Where that article is not public,
    the line is left out: even its headline might say too much.
    """
    limit = min(limit, LONGEST)
    rows = list(_standings(limit, window, scope, scope_id, with_pictures=with_pictures))
    posts = [_standing_post(row, with_pictures=with_pictures) for row in rows]
    if len(posts) < limit:
        listed = {post.article_id for post in posts}
        others = [each for each in unread_candidates(limit + len(posts)) if each.identity not in listed]
        posts += [_unread_post(each, with_pictures=with_pictures) for each in others[: limit - len(posts)]]
    return posts


def sidebar_of(chosen: SiteSettings, among: Section | Tag | Author | None = None) -> Sidebar:
    """The list as the site's settings want it, on a page of the whole site or of a part of it."""
    if not chosen.popular_shown:
        return Sidebar([])
    frozen = chosen.popular_frozen_at
    scope = Scope.SITE if among is None or frozen else SCOPES[type(among)]
    posts = popular_posts(
        chosen.popular_length,
        window=Standing.FROZEN if frozen else chosen.popular_window,
        scope=scope,
        scope_id=among.pk if among and scope != Scope.SITE else 0,
        with_pictures=chosen.popular_thumbnails,
    )
    return Sidebar(posts, _line(posts, chosen, among))


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


def _standings(limit: int, window: str, scope: str, scope_id: int, *, with_pictures: bool) -> QuerySet[Standing]:
    """The first public lines of a list as it stands; of the site's where a part's own is not full."""
    # Asked for here too, though lists are made without the excluded: what an editor excludes is out.
    shown = Standing.objects.filter(public_now("article__"), window=window).exclude(
        article__popular_choice__kind=EXCLUDED
    )
    site = Q(scope=Scope.SITE, scope_id=0)
    if scope == Scope.SITE:
        rows = shown.filter(site)
    else:
        own = Q(scope=scope, scope_id=scope_id)
        is_full = Exists(shown.filter(own).order_by("position")[limit - 1 : limit])
        rows = shown.alias(is_full=is_full).filter(own & Q(is_full=True) | site & Q(is_full=False))
    joined = "article__lead_image" if with_pictures else "article"
    return rows.select_related(joined).defer(*unseen_in_lists("article__")).order_by("position")[:limit]


def _standing_post(row: Standing, *, with_pictures: bool) -> PopularPost:
    why = Why.PINNED if row.is_pinned else Why.READ if row.reads > 0 else Why.RECENT
    return _story_post(row.article, why, with_pictures=with_pictures, reads=row.reads, scope=row.scope)


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
    if candidate.article is None:
        return PopularPost(candidate.words)
    why = Why.IMPORTED if candidate.is_imported else Why.RECENT
    return _story_post(candidate.article, why, with_pictures=with_pictures)

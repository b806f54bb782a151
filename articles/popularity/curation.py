"""The list of popular posts as an editor decides about it: what readers have, what comes next, pins and exclusions."""

from collections.abc import Sequence
from typing import Final, TypedDict

from django.contrib.auth.models import User

from articles.models import Article, PopularChoice, Scope, SiteSettings, Standing, Window
from articles.models.querysets import UNSEEN_IN_LISTS, public_now, unseen_in_lists
from articles.popularity.leaderboards import PopularPost, popular_posts

# The stories that are next in line, and the exclusions that are shown.
NEXT: Final = 10
EXCLUSIONS: Final = 50


class CuratedList(TypedDict):
    chosen: SiteSettings
    window: str
    posts: Sequence[PopularPost]
    # Below what readers see.
    following: Sequence[Standing]
    pinned: Sequence[PopularChoice]
    excluded: Sequence[PopularChoice]
    has_more_excluded: bool


def curated_list(chosen: SiteSettings, *, by: User) -> CuratedList:
    """Of pins and exclusions, those of stories that this person may see."""
    board = Standing.FROZEN if chosen.popular_frozen_at else chosen.popular_window
    posts = popular_posts(chosen.popular_length, window=board)
    pinned, excluded = _decided(by)
    return {
        "chosen": chosen,
        "window": Window(chosen.popular_window).label,
        "posts": posts,
        "following": _following(board, {post.article_id for post in posts}),
        "pinned": pinned,
        "excluded": excluded[:EXCLUSIONS],
        "has_more_excluded": len(excluded) > EXCLUSIONS,
    }


def _following(board: str, shown: set[int | None]) -> list[Standing]:
    rows = Standing.objects.filter(public_now("article__"), window=board, scope=Scope.SITE, scope_id=0)
    found = (
        rows.select_related("article").defer(*unseen_in_lists("article__")).order_by("position")[: NEXT + len(shown)]
    )
    return [row for row in found if row.article_id not in shown][:NEXT]


def _decided(by: User) -> tuple[list[PopularChoice], list[PopularChoice]]:
    """What is pinned, in its order, and what is excluded, the latest first."""
    rows = PopularChoice.objects.select_related("made_by")
    pinned = list(rows.filter(kind=PopularChoice.Kind.PINNED).order_by("position", "article"))
    excluded = list(rows.filter(kind=PopularChoice.Kind.EXCLUDED).order_by("-made_at", "-article")[: EXCLUSIONS + 1])
    keys = [choice.article_id for choice in (*pinned, *excluded)]
    seen = Article.objects.visible_to(by).defer(*UNSEEN_IN_LISTS).in_bulk(keys)
    for choice in (*pinned, *excluded):
        if choice.article_id in seen:
            choice.article = seen[choice.article_id]
    return [each for each in pinned if each.article_id in seen], [each for each in excluded if each.article_id in seen]

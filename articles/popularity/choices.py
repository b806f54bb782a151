"""What editors decide about the popular lists: pinned, excluded, frozen. It holds at once, and is logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone

from articles.models import Activity, Article, PopularChoice, SiteSettings, Standing
from articles.popularity.leaderboards import LONGEST, popular_posts
from articles.popularity.standings import Line, ListKey, arranging, place_stories, read_lists, write_lists
from articles.signals import rows_rewritten

CURATE: Final = "articles.curate_popular"

# The list belongs to no story: what is done with it stands in the log under its own name.
THE_LIST: Final = "Popular posts"
NO_STORY: Final = UUID(int=0)


def pin_popular(article: Article, *, by: User) -> None:
    """Puts a story at the head of the site's lists, below those that are pinned already."""
    with _deciding(article, by=by) as story:
        choice = PopularChoice.objects.filter(article=story).first()
        if choice and choice.kind == PopularChoice.Kind.PINNED:
            return
        last = PopularChoice.objects.filter(kind=PopularChoice.Kind.PINNED).aggregate(last=Max("position"))["last"]
        _decide(story, PopularChoice.Kind.PINNED, position=(last or 0) + 1, by=by)
        _log(story, "pinned to the popular lists", by=by)


def exclude_popular(article: Article, *, by: User) -> None:
    """Takes a story out of all popular lists, of the frozen one too."""
    with _deciding(article, by=by) as story:
        if PopularChoice.objects.filter(article=story, kind=PopularChoice.Kind.EXCLUDED).exists():
            return
        _decide(story, PopularChoice.Kind.EXCLUDED, position=0, by=by)
        _log(story, "excluded from the popular lists", by=by)


def release_popular(article: Article, *, by: User) -> None:
    """Takes back what was decided: the story stands where its reads put it."""
    with _deciding(article, by=by) as story:
        choice = PopularChoice.objects.filter(article=story).first()
        if choice is None:
            return
        choice.delete()
        was = "no longer pinned to" if choice.kind == PopularChoice.Kind.PINNED else "no longer excluded from"
        _log(story, f"{was} the popular lists", by=by)


def move_pin(article: Article, *, by: User, steps: int) -> None:
    """Moves a pinned story among the pinned, up for a negative number; no further than to either end."""
    _require(by)
    with arranging():
        pinned = PopularChoice.objects.filter(kind=PopularChoice.Kind.PINNED)
        stood = list(pinned.select_related("article").order_by("position", "article"))
        ordered = stood.copy()
        for place, choice in enumerate(stood):
            if choice.article_id == article.pk:
                ordered.insert(max(place + steps, 0), ordered.pop(place))
        if ordered == stood:
            return
        for position, choice in enumerate(ordered, start=1):
            choice.position = position
        PopularChoice.objects.bulk_update(ordered, ["position"])
        place_stories([choice.article for choice in ordered])
        _log(None, "order of the pinned stories changed", by=by)


def freeze_popular(*, by: User) -> None:
    """Keeps the site's list as it stands: reads no longer change it."""
    _require(by)
    with arranging():
        chosen = SiteSettings.objects.load()
        if chosen.popular_frozen_at:
            return
        frozen, now = ListKey(Standing.FROZEN), ListKey(chosen.popular_window)
        lines = read_lists(Standing.objects.filter(window=now.window, scope=now.scope)).get(now, [])
        listed = {line.article_id for line in lines}
        # Where too little was read, what fills the list up stands still as well.
        shown = popular_posts(LONGEST, window=chosen.popular_window)
        lines += [Line(post.article_id, 0) for post in shown if post.article_id and post.article_id not in listed]
        write_lists(Standing.objects.filter(window=Standing.FROZEN), {frozen: lines})
        SiteSettings.objects.filter(pk=chosen.pk).update(popular_frozen_at=timezone.now())
        rows_rewritten.send(SiteSettings, keys=[chosen.pk])
        _log(None, "frozen", by=by)


def thaw_popular(*, by: User) -> None:
    """Lets reads move the list again."""
    _require(by)
    with arranging():
        if SiteSettings.objects.filter(popular_frozen_at__isnull=False).update(popular_frozen_at=None):
            Standing.objects.filter(window=Standing.FROZEN).delete()
            rows_rewritten.send(SiteSettings, keys=[SiteSettings.objects.load().pk])
            _log(None, "thawed", by=by)


def _require(by: User) -> None:
    if not by.has_perm(CURATE):
        raise PermissionDenied("You may not decide about the popular lists.")


@contextmanager
def _deciding(article: Article, *, by: User) -> Iterator[Article]:
    """Around what is decided about a story; of a working copy, about the story which it replaces."""
    _require(by)
    story = article.replaces or article
    if not Article.objects.visible_to(by).filter(pk=story.pk).exists():
        raise PermissionDenied("You may not see this story.")
    with arranging():
        yield story
        place_stories([story])


def _decide(story: Article, kind: str, *, position: int, by: User) -> None:
    PopularChoice.objects.update_or_create(
        article=story, defaults={"kind": kind, "position": position, "made_by": by, "made_at": timezone.now()}
    )


def _log(story: Article | None, detail: str, *, by: User) -> None:
    Activity.objects.create(
        article=story,
        article_uid=story.uid if story else NO_STORY,
        headline=story.headline if story else THE_LIST,
        person=by,
        person_name=by.get_username(),
        action=Activity.Action.EDIT,
        detail=detail,
    )

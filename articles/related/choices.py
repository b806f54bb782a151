"""What editors decide about related stories: it holds at once, for stories that readers have too."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.models import Article, PopularEntry, RelatedLink, SuggestionChoice
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.models.querysets import ArticleQuerySet
from articles.signals import rows_rewritten

Kind = SuggestionChoice.Kind


class ChoiceRefused(Exception):
    """Says in a sentence why nothing was changed."""


def choosable_by(person: User) -> ArticleQuerySet:
    """The stories of which this person may decide what stands beside them.

    What readers have changes at once, without anybody's review: that takes the permission to work on any story.
    """
    # Nor does a writer decide behind the back of those who review: theirs are their drafts.
    return Article.objects.originals().editable_by(person)


def may_choose(person: User, article: Article) -> bool:
    return choosable_by(person).filter(pk=story_of(article).pk).exists()


def pin_suggestion(article: Article, target: Article, *, by: User) -> None:
    """Puts a story before all that was found. Raises PermissionDenied, or ChoiceRefused where the two are kept apart."""
    _require(by, article, target)
    if SuggestionChoice.objects.filter(article=target, target=story_of(article), kind=Kind.NEVER).exists():
        raise ChoiceRefused(f"On the page of “{target}” somebody decided that the two never stand together.")
    _choose(article, target, Kind.PINNED, by=by)


def hide_suggestion(article: Article, target: Article, *, by: User) -> None:
    """Takes a story from the page of this one. Raises PermissionDenied."""
    _require(by, article, target)
    _choose(article, target, Kind.HIDDEN, by=by)


def never_suggest(article: Article, target: Article, *, by: User) -> None:
    """Keeps two stories apart on both pages, whatever becomes of them. Raises PermissionDenied."""
    _require(by, article, target)
    _choose(article, target, Kind.NEVER, by=by)


def undo_choice(article: Article, target: Article, *, by: User) -> None:
    """What was pinned, hidden or kept apart here is again as it was found. Raises PermissionDenied."""
    _require(by, article, target)
    SuggestionChoice.objects.filter(article=story_of(article), target=target).delete()


@transaction.atomic
def accept_target(reference: RelatedLink | PopularEntry, target: Article, *, by: User) -> int:
    """Points a waiting reference at a story, and with it all of the same wording in stories of this person's.

    Returns how many. Raises PermissionDenied, or ChoiceRefused for a reference that waits no more.
    """
    _require(by, referring_story(reference), target)
    links = RelatedLink.objects.filter(target=None, url="")
    entries = PopularEntry.objects.filter(target=None)
    waiting: QuerySet[Any] = links if isinstance(reference, RelatedLink) else entries
    if not waiting.filter(pk=reference.pk).exists():
        raise ChoiceRefused("This headline has found its story already.")
    # A story's own lists do not lead to itself.
    theirs = choosable_by(by).exclude(pk=target.pk).order_by().values("pk")
    alike = {"headline_key": reference.headline_key}
    links = links.filter(Q(article__in=theirs) | Q(article__replaces__in=theirs), **alike)
    changed = list(links.values_list("article", flat=True))
    accepted = _point(links, target)
    # Whoever corrects a story has changed it: no import may write over that.
    for keys in chunks(changed, KEYS_AT_ONCE):
        Article.objects.filter(pk__in=keys).touch()
    return accepted + _point(entries.filter(list__article__in=theirs, **alike), target)


def _point(references: QuerySet[Any], target: Article) -> int:
    keys = list(references.values_list("pk", flat=True))
    for some in chunks(keys, KEYS_AT_ONCE):
        references.model.objects.filter(pk__in=some).update(target=target)
    rows_rewritten.send(references.model, keys=keys)
    return len(keys)


def referring_story(reference: RelatedLink | PopularEntry) -> Article:
    return reference.article if isinstance(reference, RelatedLink) else reference.list.article


def story_of(article: Article) -> Article:
    """What is decided on a working copy is decided of its story."""
    return article.replaces or article


def _require(by: User, article: Article, target: Article) -> None:
    if not may_choose(by, article):
        raise PermissionDenied("What stands beside this story is not yours to decide.")
    if not Article.objects.originals().visible_to(by).filter(pk=target.pk).exists():
        raise PermissionDenied("There is no such story.")
    if story_of(article).pk == target.pk:
        raise ChoiceRefused("A story does not stand beside itself.")


def _choose(article: Article, target: Article, kind: Kind, *, by: User) -> None:
    SuggestionChoice.objects.update_or_create(
        article=story_of(article),
        target=target,
        defaults={"kind": kind, "made_by": by, "made_at": timezone.now()},
    )

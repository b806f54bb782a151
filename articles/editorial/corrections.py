"""Corrections: what was wrong is said in public, and the story shows when."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.editorial.activity import record_activity
from articles.editorial.moving import read_locked
from articles.editorial.permissions import MoveNotAllowed, stage_of
from articles.editorial.transitions import Stage
from articles.models import Activity, Article, Correction

# An editor's note says something about a story; it does not change what the story says.
UPDATING_KINDS = frozenset({Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION, Correction.Kind.UPDATE})


@transaction.atomic
def add_correction(correction: Correction, *, by: User) -> None:
    """Saves a new correction; one of a published story sets the time at which it was last updated.

    Raises MoveNotAllowed for somebody who may not correct this story.
    """
    article = correction.article
    _require_permission(by, article, "articles.add_correction")
    correction.save()
    if correction.kind in UPDATING_KINDS and stage_of(article) == Stage.PUBLISHED:
        _mark_updated(article, correction)
    _record(correction, by)


@transaction.atomic
def change_correction(correction: Correction, *, by: User) -> None:
    """Saves other words for a correction that stands already: nothing new for readers."""
    _require_permission(by, correction.article, "articles.change_correction")
    correction.save()
    _record(correction, by)


@transaction.atomic
def delete_correction(correction: Correction, *, by: User) -> None:
    """Takes back a correction that should never have stood there."""
    _require_permission(by, correction.article, "articles.delete_correction")
    _record(correction, by, "taken back, ")
    correction.delete()


def _require_permission(person: User, article: Article, permission: str) -> None:
    if not (person.has_perm(permission) and Article.objects.reachable_by(person).filter(pk=article.pk).exists()):
        raise MoveNotAllowed("You may not correct this story.")


def _mark_updated(article: Article, correction: Correction) -> None:
    read_locked(article)
    moment = min(correction.corrected_at, timezone.now())
    article.updated_at = max(article.updated_at or moment, moment)
    article.save(update_fields=["updated_at", "modified_at"])


def _record(correction: Correction, by: User, what: str = "") -> None:
    detail = f"{what}{correction.get_kind_display()}: {correction.text}"
    record_activity(correction.article, by=by, action=Activity.Action.CORRECT, detail=detail)

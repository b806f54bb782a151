"""What a person may do with a story: the permission, the sections to which they are limited, and whose it is."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles.editorial.transitions import Kind, Move, Stage, moves_from, why_not_from
from articles.models import Article

Person = User | AnonymousUser

PUBLISH = "articles.publish_article"
OVERRIDE_EMBARGO = "articles.override_embargo"


class MoveRefused(Exception):
    """Says in a sentence why a story stays as it is."""


class MoveNotAllowed(MoveRefused, PermissionDenied):
    """Refused for who asks, not for where the story stands: a door that does not catch it answers 403."""


def stage_of(article: Article, at: datetime | None = None) -> Stage:
    """The status of a row in hand, with a story or an update that no reader has seen yet told apart."""
    if article.replaces_id:
        return Stage.SCHEDULED if article.scheduled_move else Stage(article.status)
    first = article.first_published_at
    if article.status == Article.Status.PUBLISHED and first and first > (at or timezone.now()):
        return Stage.SCHEDULED
    return Stage(article.status)


def kind_of(article: Article) -> Kind:
    return Kind.WORKING_COPY if article.replaces_id else Kind.STORY


def is_under_embargo(article: Article) -> bool:
    return article.embargoed_until is not None and article.embargoed_until > timezone.now()


def may_edit(person: Person, article: Article) -> bool:
    """Of a stored story: the rule of `ArticleQuerySet.editable_by` for one row."""
    return Article.objects.editable_by(person).filter(pk=article.pk).exists()


def may_delete(person: Person, article: Article) -> bool:
    """To delete a story that was published is to take it from its readers."""
    allowed = person.has_perm("articles.delete_article") and may_edit(person, article)
    was_published = article.status in {Article.Status.PUBLISHED, Article.Status.WITHDRAWN}
    return allowed and (not was_published or person.has_perm(PUBLISH))


def may_begin_working_copy(person: Person, article: Article) -> bool:
    """Whether this person may write on what readers have: their own story, or any within reach with the permission."""
    return (
        stage_of(article) == Stage.PUBLISHED
        and person.has_perm("articles.change_article")
        and Article.objects.reachable_by(person).filter(pk=article.pk).exists()
    )


def may_set_times(person: Person, article: Article) -> bool:
    """Whether the times that decide who sees the story are this person's to change."""
    return article.status not in {Article.Status.PUBLISHED, Article.Status.WITHDRAWN} or person.has_perm(PUBLISH)


def moves_open_to(person: Person, article: Article) -> list[Move]:
    """The moves that this person may make with the story as it stands, in the order of the table."""
    candidates = [move for move in moves_from(stage_of(article), kind_of(article)) if person.has_perm(move.permission)]
    if not is_under_embargo(article):
        candidates = [move for move in candidates if not move.lifts_embargo]
    if not candidates or not _is_within_reach(person, article):
        return []
    return [move for move in candidates if move.target or may_edit(person, article)]


def require_move(person: Person, move: Move, article: Article, *, reason: str) -> None:
    """Raises MoveNotAllowed or MoveRefused, whichever comes first: who asks, then where the story stands."""
    if not person.has_perm(move.permission):
        raise MoveNotAllowed(f"You may not do this: “{move.label}” needs a permission that you do not have.")
    if not _is_within_reach(person, article):
        raise MoveNotAllowed("This story is not yours, or lies outside the sections to which you are limited.")
    if move.target is None and not may_edit(person, article):
        raise MoveNotAllowed("You may not throw away what others work on by now.")
    if sentence := why_not_from(move, stage_of(article), kind_of(article)):
        raise MoveRefused(sentence)
    if move.lifts_embargo and not is_under_embargo(article):
        raise MoveRefused("There is no embargo to override.")
    if move.needs_reason and not reason.strip():
        raise MoveRefused(f"Say why: “{move.label}” needs a reason.")


def _is_within_reach(person: Person, article: Article) -> bool:
    if not article.pk:
        return person.has_perm("articles.add_article")
    return Article.objects.reachable_by(person).filter(pk=article.pk).exists()

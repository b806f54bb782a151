"""What every move has in common: the row locked and read afresh, the rules asked, the change, the log, the signal."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction

from articles.editorial.activity import record_activity
from articles.editorial.permissions import MoveRefused, require_move, stage_of
from articles.editorial.transitions import MOVES
from articles.models import Article
from articles.signals import article_moved


@contextmanager
def moving(article: Article, name: str, *, by: User, reason: str = "", detail: str = "") -> Iterator[None]:
    """Around the change of a row that is saved afterwards.

    What the row held in memory and not in the database is lost: it is read afresh, so that of two people the
    second meets what the first one did. Raises MoveRefused, or MoveNotAllowed, before anything is changed.
    """
    move = MOVES[name]
    with transaction.atomic():
        read_locked(article)
        require_move(by, move, article, reason=reason)
        before = stage_of(article)
        yield
        article.save()
        record_activity(
            article, by=by, action=name, stages=(before, stage_of(article)), reason=reason.strip(), detail=detail
        )
        article_moved.send(Article, article=article, by=by, move=name, reason=reason.strip())


def read_locked(article: Article) -> None:
    """Reads the row as it is now and keeps others from it until the transaction ends."""
    lock_story_of(article)
    try:
        # Nobody else may have it until this is done; SQLite has but one writer at a time anyway.
        article.refresh_from_db(from_queryset=Article.objects.select_for_update())
    except Article.DoesNotExist:
        raise MoveRefused("Somebody has deleted this story.") from None
    article.stored_slug = article.slug


def lock_story_of(copy: Article) -> None:
    """Of a story and its working copy the story is locked first, by everybody: two who began with different ones
    would wait for one another.
    """
    if copy.replaces_id:
        Article.objects.select_for_update().filter(pk=copy.replaces_id).order_by().values_list("pk").first()

"""Putting stories before readers and taking them away again: permission, change, log, signal, whichever door asked."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from articles.editorial.checks.running import require_ready
from articles.editorial.moving import moving
from articles.editorial.permissions import PUBLISH, MoveNotAllowed, MoveRefused
from articles.editorial.revisions import keep_revision
from articles.models import Article
from articles.signals import article_published, article_withdrawn

# Each raises MoveNotAllowed (a PermissionDenied) or MoveRefused, and reads the row afresh. What puts a story before
# readers raises NotReady, which is a MoveRefused, where a check that blocks has found something.


def publish_article(article: Article, *, by: User, at: datetime | None = None, reason: str = "") -> None:
    """Publishes a story now, at its own time or at ``at``; a later time schedules it, an embargo goes on to hold."""
    with moving(article, "publish", by=by, reason=reason):
        _publish(article, at, by)
    article_published.send(Article, article=article, by=by)


def publish_scheduled_article(article: Article, *, by: User, reason: str = "") -> None:
    """Publishes at once what waits for its time; an embargo goes on to hold."""
    with moving(article, "publish_now", by=by, reason=reason):
        _publish(article, timezone.now(), by)
    article_published.send(Article, article=article, by=by)


def unschedule_article(article: Article, *, by: User, reason: str = "") -> None:
    """Takes a story, or an update, off the schedule that no reader has seen yet; its time stays as a wish."""
    with moving(article, "unschedule", by=by, reason=reason):
        article.status = Article.Status.APPROVED
        if article.replaces_id:
            article.scheduled_move = ""
        else:
            article.first_published_at = None


def override_embargo(article: Article, *, by: User, reason: str) -> None:
    """Puts a story before readers although its embargo has not passed; the log keeps who, why and until when."""
    if not by.has_perm(PUBLISH):
        raise MoveNotAllowed("You may not publish stories.")
    now = timezone.now()
    with moving(article, "override_embargo", by=by, reason=reason, detail=_embargo_of(article)):
        article.embargoed_until = None
        _publish(article, min(article.published_at or now, now), by)
    article_published.send(Article, article=article, by=by)


def withdraw_article(article: Article, *, by: User, reason: str) -> None:
    """Takes a story away from readers; its address says so, and its first time of publication stays."""
    with moving(article, "withdraw", by=by, reason=reason):
        article.status = Article.Status.WITHDRAWN
    article_withdrawn.send(Article, article=article, by=by)


def reinstate_article(article: Article, *, by: User, reason: str) -> None:
    """Gives a withdrawn story back to readers, at its old address and time."""
    with moving(article, "reinstate", by=by, reason=reason):
        _publish(article, None, by)
    article_published.send(Article, article=article, by=by)


def _publish(article: Article, at: datetime | None, by: User) -> None:
    moment = at or article.published_at or timezone.now()
    if article.expires_at and article.expires_at <= moment:
        raise MoveRefused("Its times contradict each other: it would expire before it is published.")
    require_ready(article, by=by, at=moment)
    article.publish(moment)
    keep_revision(article, by=by, published_at=timezone.now())


def _embargo_of(article: Article) -> str:
    until = article.embargoed_until
    return f"embargo until {timezone.localtime(until):%Y-%m-%d %H:%M %Z}" if until else ""

"""Putting stories before readers and taking them away again: permission, change, signal, whichever door asked."""

from datetime import datetime

from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction

from articles.models import Article
from articles.signals import article_published, article_withdrawn

PERMISSION = "articles.publish_article"


def publish_article(article: Article, *, by: PermissionsMixin, at: datetime | None = None) -> None:
    """Publishes a story now, at its own time or at ``at``; a later time schedules it.

    Raises PermissionDenied for a person who may not publish.
    """
    _require_permission(by)
    with transaction.atomic():
        article.publish(at)
        article.save()
        article_published.send(Article, article=article, by=by)


def withdraw_article(article: Article, *, by: PermissionsMixin) -> None:
    """Takes a story away from readers; its first time of publication stays.

    Raises PermissionDenied for a person who may not publish.
    """
    _require_permission(by)
    with transaction.atomic():
        article.status = Article.Status.WITHDRAWN
        article.save()
        article_withdrawn.send(Article, article=article, by=by)


def _require_permission(person: PermissionsMixin) -> None:
    if not person.has_perm(PERMISSION):
        raise PermissionDenied(PERMISSION)

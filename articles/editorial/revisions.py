"""Revisions: each save of a story is kept, with who saved it; what readers got is marked."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max

from articles.editorial.checks.running import check_article, findings_as_json
from articles.editorial.snapshots import Snapshot, snapshot_of, words_of
from articles.models import Article, Revision

BEFORE = "As it was before it was first edited here"


def keep_revision(
    article: Article, *, by: User | None, note: str = "", published_at: datetime | None = None
) -> Revision:
    """Adds what is stored of a story, or of its working copy, to the history of the story.

    ``by`` is None for the house itself. What says the same as the newest version is that version.
    """
    story, snapshot = original_of(article), snapshot_of(article)
    newest = story.revisions.first()
    if newest and newest.snapshot == snapshot:
        if published_at:
            Revision.objects.mark_published(newest.pk, published_at)
        return newest
    # A version is read by more people than the one who saves it: its findings name what is public.
    checks = findings_as_json(check_article(article, by=AnonymousUser()))
    return _add(story, snapshot, by=by, note=note, published_at=published_at, checks=checks)


def keep_first_revision(article: Article) -> None:
    """Before the first edit: what came by an import, or was there before revisions were kept."""
    story = original_of(article)
    if not story.revisions.exists():
        _add(story, snapshot_of(article), by=None, note=BEFORE, published_at=story.first_published_at)


def original_of(article: Article) -> Article:
    """The story itself, for a story or for its working copy."""
    return article.replaces or article


def has_changed_since(article: Article, number: int | None) -> bool:
    """Whether other words were written into the story since the version of that number."""
    version = article.revisions.filter(number=number or 0).first()
    return version is None or words_of(snapshot_of(article)) != words_of(version.snapshot)


def _add(story: Article, snapshot: Snapshot, *, by: User | None, **values: Any) -> Revision:
    highest = story.revisions.aggregate(highest=Max("number"))["highest"] or 0
    name = by.get_username() if by else ""
    return Revision.objects.create(
        article=story, number=highest + 1, person=by, person_name=name, snapshot=snapshot, **values
    )

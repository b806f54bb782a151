"""Saving what somebody wrote, and deleting it: whose it is, in which section, and which times are theirs to change."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.editorial.activity import record_activity
from articles.editorial.permissions import (
    OVERRIDE_EMBARGO,
    PUBLISH,
    MoveNotAllowed,
    MoveRefused,
    may_delete,
    may_edit,
    may_set_times,
    stage_of,
)
from articles.editorial.revisions import keep_first_revision
from articles.editorial.snapshots import CONTENT_FIELDS
from articles.editorial.transitions import Stage
from articles.editorial.working_copies import COPIED_TIMES, discard_working_copy
from articles.models import Activity, Article
from articles.models.section_limit import sections_of
from articles.signals import article_published

# Who sees a story follows from these.
TIMES_OF_VISIBILITY = ("published_at", "embargoed_until", "expires_at")


@transaction.atomic
def write_article(article: Article, *, by: User, changed: Iterable[str] = (), reason: str = "") -> None:
    """Saves a new or changed story; where it stands stays as it is, whatever the row in hand says.

    ``changed`` are the names of what was edited, for the log. Raises MoveNotAllowed or MoveRefused.
    """
    require_section(by, article)
    if not article.pk:
        _add(article, by)
        return
    stored = Article.objects.select_for_update().get(pk=article.pk)
    if not may_edit(by, stored):
        raise MoveNotAllowed("You may not change this story as it stands.")
    article.status, article.first_published_at = stored.status, stored.first_published_at
    _require_unpublished(stored, article)
    keep_first_revision(stored)
    _keep_schedule(stored, article, by)
    times = _changed_times(stored, article)
    if times and not may_set_times(by, stored):
        raise MoveNotAllowed("You may not change the times of a published story.")
    lifts = lifts_embargo(stored, article)
    if lifts:
        require_override(by, reason)
    if times and stored.status == Article.Status.PUBLISHED:
        article.publish()
    article.save()
    if times:
        Article.objects.filter(replaces=article).update(**{name: getattr(article, name) for name in COPIED_TIMES})
    record_changes(article, by=by, changed=[*(each for each in changed if each not in times), *times.values()])
    if lifts:
        record_activity(article, by=by, action=Activity.Action.EMBARGO, reason=reason, detail=times["embargoed_until"])
    if times and stored.status == Article.Status.PUBLISHED:
        article_published.send(Article, article=article, by=by)


def _add(article: Article, by: User) -> None:
    if not by.has_perm("articles.add_article"):
        raise MoveNotAllowed("You may not write stories.")
    article.status, article.created_by = Article.Status.DRAFT, by
    article.save()
    record_activity(article, by=by, action=Activity.Action.CREATE, stages=("", stage_of(article)))


def record_changes(article: Article, *, by: User, changed: Iterable[str]) -> None:
    """A line of the log for what was edited; none where nothing was."""
    names = ", ".join(name.replace("_", " ") for name in changed)
    if names:
        record_activity(article, by=by, action=Activity.Action.EDIT, detail=names)


def delete_article(article: Article, *, by: User) -> None:
    """Deletes a story for good; what was done with it stays in the log. A working copy is discarded."""
    if article.replaces_id:
        discard_working_copy(article, by=by)
        return
    with transaction.atomic():
        stored = Article.objects.select_for_update().get(pk=article.pk)
        if not may_delete(by, stored):
            raise MoveNotAllowed("You may not delete this story.")
        record_activity(stored, by=by, action=Activity.Action.DELETE, stages=(stage_of(stored), ""))
        article.delete()


def _require_unpublished(stored: Article, article: Article) -> None:
    """What readers have is not written on directly, whichever door somebody found."""
    names = (*CONTENT_FIELDS, "section_id", "lead_image_id")
    if stage_of(stored) == Stage.PUBLISHED and any(getattr(stored, name) != getattr(article, name) for name in names):
        raise MoveRefused("Readers have this story already: edit its working copy, and publish that.")


def _keep_schedule(stored: Article, article: Article, by: User) -> None:
    """A scheduled update has a time, set by somebody who may publish: without one it is off the schedule."""
    article.scheduled_move = stored.scheduled_move
    if not stored.scheduled_move or stored.takes_effect_at == article.takes_effect_at:
        return
    if not by.has_perm(PUBLISH):
        raise MoveNotAllowed("You may not change the time of a scheduled update.")
    if article.takes_effect_at is None:
        article.scheduled_move = ""


def lifts_embargo(before: Article, after: Article) -> bool:
    """Whether an embargo that holds would end sooner than it did."""
    until = before.embargoed_until
    if until is None or until <= timezone.now():
        return False
    return after.embargoed_until is None or after.embargoed_until < until


def require_override(person: User, reason: str) -> None:
    if not person.has_perm(OVERRIDE_EMBARGO):
        raise MoveNotAllowed("You may not lift an embargo, or let it end sooner.")
    if not reason.strip():
        raise MoveRefused("Say why the embargo is lifted.")


def require_section(person: User, article: Article) -> None:
    """A person who is limited to sections writes in no other."""
    allowed = sections_of(person)
    if allowed is not None and article.section_id not in allowed:
        raise MoveNotAllowed("You are limited to other sections than this one.")


def _changed_times(before: Article, after: Article) -> dict[str, str]:
    """The times that differ, each with a text for the log."""
    return {
        name: f"{name}: {_told(getattr(before, name))} → {_told(getattr(after, name))}"
        for name in TIMES_OF_VISIBILITY
        if getattr(before, name) != getattr(after, name)
    }


def _told(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}" if moment else "none"  # type: ignore[arg-type]

"""Working copies: what is being written for a story that readers have, until it takes the place of what they have."""

import logging

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.editorial.activity import record_activity
from articles.editorial.checks.running import require_ready
from articles.editorial.moving import lock_story_of, read_locked
from articles.editorial.permissions import (
    MoveNotAllowed,
    MoveRefused,
    may_begin_working_copy,
    require_move,
    stage_of,
)
from articles.editorial.revisions import has_changed_since, keep_first_revision, keep_revision
from articles.editorial.snapshots import snapshot_of, write_snapshot
from articles.editorial.transitions import MOVES, Stage
from articles.models import Activity, Article, Correction
from articles.signals import article_moved, article_updated

logger = logging.getLogger(__name__)

# A copy has the times of its story, so that it is seen by the same people and shown as it will be; they are not its own.
COPIED_TIMES = ("published_at", "first_published_at", "updated_at", "embargoed_until", "expires_at")

CHANGED_MEANWHILE = (
    "What readers have has changed since this working copy was begun, and would be replaced: "
    "look at it first, then say why in “Reason”."
)


@transaction.atomic
def begin_working_copy(article: Article, *, by: User) -> Article:
    """The working copy of a published story; the one that there is, if somebody has begun it already.

    Raises MoveNotAllowed, or MoveRefused for a story that no reader has yet: that one is edited itself.
    """
    read_locked(article)
    if article.replaces_id or stage_of(article) != Stage.PUBLISHED:
        raise MoveRefused("Only what readers have already is edited as a working copy.")
    if not may_begin_working_copy(by, article):
        raise MoveNotAllowed("You may not write on this story.")
    if begun := Article.objects.filter(replaces=article).first():
        return begun
    keep_first_revision(article)
    copy = Article(
        replaces=article,
        based_on=keep_revision(article, by=None, published_at=article.first_published_at).number,
        created_by=by,
        headline=article.headline,
        slug=article.slug,
        **{name: getattr(article, name) for name in COPIED_TIMES},
    )
    copy.save()
    write_snapshot(copy, snapshot_of(article))
    # Whoever edits a story has touched it: no import writes over what is being edited.
    Article.objects.filter(pk=article.pk).touch()
    record_activity(copy, by=by, action=Activity.Action.BEGIN_COPY)
    return copy


# Each of the following raises MoveNotAllowed or MoveRefused, and reads the rows afresh.


def publish_update(copy: Article, *, by: User, reason: str = "") -> None:
    """Puts a working copy before readers and tells them so; at its own time, if that is still to come."""
    _publish(copy, "publish_update", by=by, reason=reason)


def publish_fix(copy: Article, *, by: User, reason: str = "") -> None:
    """Puts a working copy before readers without a word: the comma that was missing."""
    _publish(copy, "publish_fix", by=by, reason=reason)


@transaction.atomic
def discard_working_copy(copy: Article, *, by: User, reason: str = "") -> None:
    """Throws a working copy away; what it said stays in the history of its story."""
    read_locked(copy)
    require_move(by, MOVES["discard"], copy, reason=reason)
    keep_revision(copy, by=by, note="Discarded")
    record_activity(copy, by=by, action="discard", stages=(stage_of(copy), ""), reason=reason.strip())
    copy.delete()


def publish_due_updates() -> int:
    """Publishes every scheduled update whose time has come; how many. Whoever else does so meanwhile does no harm.

    One that fails keeps neither the others nor the reader who was first to ask from what they wait for.
    """
    due = Article.objects.due_updates().order_by("takes_effect_at", "pk").values_list("pk", flat=True)
    return sum(_publish_due_or_tell(pk) for pk in list(due))


def _publish_due_or_tell(pk: int) -> bool:
    try:
        return _publish_due(pk)
    except Exception:
        logger.exception("A scheduled update could not be published: %s", pk)
        return False


@transaction.atomic
def _publish_due(pk: int) -> bool:
    waiting = Article.objects.due_updates().filter(pk=pk)
    if found := waiting.first():
        lock_story_of(found)
    copy = waiting.select_for_update().first()
    if copy is None:
        return False
    move, story = copy.scheduled_move, _locked_story(copy)
    if reason := _why_not_when_due(story, copy):
        before, copy.scheduled_move = stage_of(copy), ""
        copy.save()
        record_activity(copy, by=None, action="unschedule", stages=(before, stage_of(copy)), reason=reason)
        return False
    _replace(story, copy, move, by=None)
    return True


def _why_not_when_due(story: Article, copy: Article) -> str:
    """What came between since a person scheduled it; empty for nothing."""
    if stage_of(story) != Stage.PUBLISHED or has_changed_since(story, copy.based_on):
        return "The story itself has changed."
    try:
        require_words_for_readers(copy.scheduled_move, copy.update_note)
        _require_free_slug(copy)
    except MoveRefused as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def _publish(copy: Article, name: str, *, by: User, reason: str) -> None:
    read_locked(copy)
    require_move(by, MOVES[name], copy, reason=reason)
    require_words_for_readers(name, copy.update_note)
    story = _locked_story(copy)
    if stage_of(story) != Stage.PUBLISHED:
        raise MoveRefused("Readers do not have this story at present: reinstate it first.")
    if has_changed_since(story, copy.based_on) and not reason.strip():
        raise MoveRefused(CHANGED_MEANWHILE)
    _require_free_slug(copy)
    require_ready(copy, by=by)
    if copy.takes_effect_at and copy.takes_effect_at > timezone.now():
        _schedule(copy, name, by=by, reason=reason)
    else:
        _replace(story, copy, name, by=by, reason=reason)


def require_words_for_readers(move: str, note: str) -> None:
    """The editor says which it is: an update that readers are told of, or a fix of which nobody need know."""
    if move == "publish_update" and not note.strip():
        raise MoveRefused("Say what is new, in “What readers are told”; or publish it as a silent fix.")
    if move == "publish_fix" and note.strip():
        raise MoveRefused("There is a note for readers: publish it as an update, or empty “What readers are told”.")


def _require_free_slug(copy: Article) -> None:
    """A copy shares its address with its story alone, and another story may have taken a new one meanwhile."""
    others = Article.objects.originals().filter(slug=copy.slug).exclude(working_copy=copy)
    if others.exists():
        raise MoveRefused(f"Another story has the slug “{copy.slug}” by now: choose another one.")


def _locked_story(copy: Article) -> Article:
    return Article.objects.select_for_update().get(working_copy=copy)


def _schedule(copy: Article, name: str, *, by: User, reason: str) -> None:
    before = stage_of(copy)
    copy.status, copy.scheduled_move = Article.Status.APPROVED, name
    copy.save()
    told = f"takes effect at {timezone.localtime(copy.takes_effect_at):%Y-%m-%d %H:%M %Z}"
    record_activity(copy, by=by, action=name, stages=(before, stage_of(copy)), reason=reason.strip(), detail=told)
    article_moved.send(Article, article=copy, by=by, move=name, reason=reason.strip())


def _replace(story: Article, copy: Article, name: str, *, by: User | None, reason: str = "") -> None:
    """What the copy says takes the place of what the story said; its address, its counts and links to it stay."""
    now, is_told, before = timezone.now(), name == "publish_update", stage_of(copy)
    if is_told:
        story.updated_at = now
    write_snapshot(story, snapshot_of(copy))
    if is_told:
        Correction.objects.create(
            article=story, kind=Correction.Kind.UPDATE, text=copy.update_note.strip(), corrected_at=now
        )
    keep_revision(story, by=by or copy.created_by, note=reason.strip(), published_at=now)
    record_activity(copy, by=by, action=name, stages=(before, stage_of(story)), reason=reason.strip())
    copy.delete()
    article_moved.send(Article, article=story, by=by, move=name, reason=reason.strip())
    article_updated.send(Article, article=story, by=by, told=is_told)

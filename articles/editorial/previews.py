"""Previews: a story as it would stand before readers, for whoever writes it and for outsiders who were given a link."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.utils import timezone

from articles.editorial.activity import record_activity
from articles.editorial.permissions import MoveNotAllowed, MoveRefused, Person, is_under_embargo
from articles.editorial.revisions import original_of
from articles.editorial.snapshots import Snapshot, rows_of, snapshot_of
from articles.models import Activity, Article, Correction, PreviewLink, PreviewOpening, Revision

VIEW_EMBARGOED: Final = "articles.view_embargoed_article"
DAYS: Final = (1, 7, 30)
USUAL_DAYS: Final = 7
# Before the name of an author who will be made when the story is saved, where a snapshot has the slugs of others.
UNSAVED: Final = "*"
DRAFT_LASTS: Final = timedelta(minutes=10)

# Each signs for one purpose: what one made opens nothing elsewhere.
_DRAFTS: Final = "articles.editorial.previews.drafts"
_LINKS: Final = signing.Signer(salt="articles.editorial.previews.links", sep=".")


@dataclass(frozen=True)
class Draft:
    """A story and what it says in this draft, which need not be what is stored."""

    story: Article
    snapshot: Snapshot
    is_published: bool = False
    """Whether this is what readers have anyway."""


# What somebody has in front of them -----------------------------------------------------------------------------------


def seal_draft(row: Article, snapshot: Snapshot, *, by: User) -> str:
    """What stands in a form, signed for the one person who wrote it.

    The browser carries it from the desk to the page that shows it, so that nothing is written anywhere: a cache of
    ours may be one of each process, and the next request may meet another process.
    """
    told = {
        "person": by.pk,
        "row": row.pk,
        "snapshot": snapshot,
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "update_note": row.update_note,
    }
    return signing.dumps(told, salt=_DRAFTS, compress=True)


def open_draft(sealed: str, *, by: Person) -> Draft:
    """Raises MoveNotAllowed for a draft of somebody else, an old one, or one that was not sealed here."""
    try:
        told = signing.loads(sealed, salt=_DRAFTS, max_age=DRAFT_LASTS)
    except signing.BadSignature:
        raise MoveNotAllowed("This is no draft of yours, or it is too old.") from None
    row = Article.objects.editable_by(by).select_related("replaces").filter(pk=told["row"]).first()
    is_theirs = told["person"] == by.pk and by.is_active and by.is_staff
    if not is_theirs or (row is None and (told["row"] or not by.has_perm("articles.add_article"))):
        raise MoveNotAllowed("This is no draft of yours.")
    row = row or Article(created_at=timezone.now())
    row.update_note = told["update_note"]
    if not row.replaces_id:
        moment = told["published_at"]
        row.published_at = datetime.fromisoformat(moment) if moment else timezone.now()
        return Draft(row, told["snapshot"])
    return _draft_of_copy(row, told["snapshot"])


# Links for outsiders --------------------------------------------------------------------------------------------------


def may_make_link(person: Person, story: Article) -> bool:
    """Whoever may edit the story, or its working copy, may show it."""
    editable = Article.objects.editable_by(person)
    # One after the other: as one condition, SQLite would look through all stories for the copy.
    return editable.filter(pk=story.pk).exists() or editable.filter(replaces=story.pk).exists()


@transaction.atomic
def create_preview_link(
    article: Article, *, by: User, revision: Revision | None = None, days: int = USUAL_DAYS, note: str = ""
) -> PreviewLink:
    """For the latest draft, or for one version. Raises MoveNotAllowed or MoveRefused."""
    story = original_of(article)
    if not may_make_link(by, story):
        raise MoveNotAllowed("You may not show this story to outsiders: you may not edit it.")
    if days not in DAYS:
        raise MoveRefused("A link lasts one day, a week or thirty days.")
    if revision and revision.article_id != story.pk:
        raise MoveRefused("This is a version of another story.")
    link = PreviewLink(article=story, revision=revision, created_by=by, note=" ".join(note.split())[:200])
    link.expires_at = link.created_at + timedelta(days=days)
    if sentence := why_closed(link):
        raise MoveRefused(f"It would open nothing. {sentence}")
    link.save()
    record_activity(story, by=by, action=Activity.Action.MAKE_LINK, detail=_told(link))
    return link


@transaction.atomic
def revoke_preview_link(link: PreviewLink, *, by: User) -> None:
    """From now on it opens nothing. Raises MoveNotAllowed; whoever made it may always revoke it."""
    if link.created_by_id != by.pk and not may_make_link(by, link.article):
        raise MoveNotAllowed("You may not revoke this link: you may not edit its story.")
    # Of two people who revoke it one does.
    if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_activity(link.article, by=by, action=Activity.Action.REVOKE_LINK, detail=_told(link))
    link.refresh_from_db()


def record_opening(link: PreviewLink) -> PreviewOpening:
    return PreviewOpening.objects.create(link=link)


def token_of(link: PreviewLink) -> str:
    return _LINKS.sign(link.uid.hex)


def find_open_link(token: str) -> PreviewLink | None:
    """The link, if it is one of ours and opens something now."""
    try:
        uid = UUID(hex=_LINKS.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    link = PreviewLink.objects.select_related("article", "revision", "created_by").filter(uid=uid).first()
    return link if link and not why_closed(link) else None


def why_closed(link: PreviewLink) -> str:
    """A sentence for a link that opens nothing at present; empty for one that does."""
    if link.revoked_at:
        return "It was revoked."
    if link.expires_at <= timezone.now():
        return "It has expired."
    return _why_withheld(link.article, link.created_by)


def _why_withheld(story: Article, maker: User | None) -> str:
    if maker is None or not maker.is_active:
        return "Whoever made it has no account any more."
    if story.status == Article.Status.WITHDRAWN:
        return "The story is withdrawn."
    if is_under_embargo(story) and not maker.has_perm(VIEW_EMBARGOED):
        return "The story is under embargo, and whoever made the link may not see stories under embargo."
    if not Article.objects.visible_to(maker).filter(pk=story.pk).exists():
        return "Whoever made it may not see the story any more."
    return ""


def draft_of_link(link: PreviewLink) -> Draft:
    """One version, or the latest draft: the working copy if there is one, else the story itself."""
    story = link.article
    if link.revision:
        return Draft(story, link.revision.snapshot | {"corrections": rows_of(story.corrections.all())})
    copy = Article.objects.select_related("replaces").filter(replaces=story).first()
    if copy:
        return _draft_of_copy(copy, snapshot_of(copy))
    return Draft(story, snapshot_of(story), is_published=story.is_public())


def _draft_of_copy(copy: Article, snapshot: Snapshot) -> Draft:
    """As it would stand before readers once it is published: with what they are told of it, where they are."""
    story, now = original_of(copy), timezone.now()
    corrections = rows_of(story.corrections.all())
    if note := copy.update_note.strip():
        story.updated_at = now
        corrections[:0] = rows_of([Correction(kind=Correction.Kind.UPDATE, text=note, corrected_at=now)])
    return Draft(story, snapshot | {"corrections": corrections})


def _told(link: PreviewLink) -> str:
    shown = str(link.revision) if link.revision else "The latest draft"
    return ", ".join(filter(None, [shown, link.note, f"until {timezone.localtime(link.expires_at):%Y-%m-%d %H:%M %Z}"]))

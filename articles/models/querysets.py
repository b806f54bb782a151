"""The rules that a query answers: above all which stories readers may see."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone

from articles.models.json_rows import JSONRows
from articles.models.natural_keys import UidQuerySet
from articles.models.prepared import Given
from articles.models.section_limit import sections_of
from articles.models.unindexed import Unindexed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from articles.models.article import Article, Byline  # noqa: F401 - named in quotes as a parameter of a base
    from articles.models.author import Author
    from articles.models.section import Section
    from articles.models.source import Source
    from articles.models.tag import Tag

# What lists of stories never show and need not fetch.
UNSEEN_IN_LISTS = (
    "body",
    "body_text",
    "seo_title",
    "seo_description",
    "import_source",
    "import_id",
    "import_hash",
    "imported_at",
)


def unseen_in_lists(prefix: str) -> list[str]:
    """The same of stories that come by a join; ``prefix`` is its path, as in ``target__``."""
    return [f"{prefix}{name}" for name in UNSEEN_IN_LISTS]


def public_now(prefix: str = "", at: datetime | Given | None = None) -> Q:
    """The condition under which readers see an article; ``prefix`` is the path of a join, as in ``target__``."""
    now = at or timezone.now()
    # What is scheduled is little, and at the very end. An index starts rather where a page or a month does: of two upper
    # bounds SQLite takes either. And what is joined is looked up by its key, not among all that is published.
    has_come = LessThanOrEqual(Unindexed(F(f"{prefix}published_at")), now)
    is_published = Q(Exact(Unindexed(F(f"{prefix}status")), "published")) if prefix else Q(status="published")
    return (
        is_published
        & Q(has_come)
        & (Q(**{f"{prefix}embargoed_until__isnull": True}) | Q(**{f"{prefix}embargoed_until__lte": now}))
        & (Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": now}))
    )


def works_here(user: "User | AnonymousUser") -> bool:
    """Whether this person may come to the desk; whoever has left sees what readers see, whatever groups they kept."""
    return user.is_active and user.is_staff


def _own(user: "User | AnonymousUser") -> Q:
    """Begun by this person, or under their name."""
    if user.pk is None:
        return Q(pk__in=[])
    bylines = apps.get_model("articles", "Byline").objects
    return Q(created_by=user.pk) | Q(
        models.Exists(bylines.filter(article=models.OuterRef("pk"), author__user=user.pk).order_by())
    )


def _in_sections_of(user: "User | AnonymousUser") -> Q:
    """The sections to which a person is limited; a story without one yet is its writer's."""
    sections = sections_of(user)
    if sections is None:
        return Q()
    return Q(section__in=sections) | (Q(section=None) & _own(user))


def _embargo_opened_to(user: "User | AnonymousUser") -> Q:
    """Before its minute an embargoed story is seen by its writer and by those who have the permission."""
    if user.has_perm("articles.view_embargoed_article"):
        return Q()
    return Q(embargoed_until=None) | Q(embargoed_until__lte=timezone.now()) | _own(user)


class ArticleQuerySet(UidQuerySet["Article"]):
    def published(self, at: datetime | Given | None = None) -> Self:
        """What readers may see now, or at another moment. Everything shown in public goes through here."""
        return self.filter(public_now(at=at))

    def released(self) -> Self:
        """What somebody has published: readers see it, will see it at its time, or saw it until it expired."""
        return self.filter(status="published")

    def withdrawn(self) -> Self:
        """What readers once saw and no longer do, because somebody decided so: their addresses say it."""
        return self.filter(status="withdrawn", first_published_at__lte=timezone.now())

    def originals(self) -> Self:
        """Stories, without the working copies of them."""
        return self.filter(replaces=None)

    def due_updates(self, at: datetime | Given | None = None) -> Self:
        """Working copies whose time has come."""
        return self.exclude(scheduled_move="").filter(takes_effect_at__lte=at or timezone.now())

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What this person may see: what readers see, their own, and what their permissions and sections open."""
        if not works_here(user):
            return self.published()
        seen = public_now() | _own(user)
        if user.has_perm("articles.view_article") or user.has_perm("articles.edit_any_article"):
            opened = _in_sections_of(user) & _embargo_opened_to(user)
            # Without a condition at all for whoever sees everything: the plainest query for the longest lists.
            return self.filter(seen | opened) if opened else self.all()
        return self.filter(seen)

    def reachable_by(self, user: "User | AnonymousUser") -> Self:
        """The stories with which this person may make the moves that they have permission for."""
        if not works_here(user):
            return self.none()
        if not user.has_perm("articles.edit_any_article"):
            return self.filter(_own(user), _in_sections_of(user))
        return self.filter(_in_sections_of(user) & _embargo_opened_to(user))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """The stories that this person may change: their own drafts, or any within reach with the permission."""
        if not user.has_perm("articles.change_article"):
            return self.none()
        if user.has_perm("articles.edit_any_article"):
            return self.reachable_by(user)
        return self.reachable_by(user).filter(status="draft")

    def touch(self) -> int:
        """Marks stories as changed now, where a row that belongs to them has changed."""
        return self.update(modified_at=timezone.now())

    def in_section(self, section: "Section | Given") -> Self:
        return self.filter(section=section)

    # Published stories of a tag, an author, a source. Each knows its ``listed_at``, which is its ``published_at`` as the
    # joined row has it: ordered by that, an index gives a page of any tag, however rare or common, however deep.

    def tagged_with(self, tag: "Tag | Given") -> Self:
        listed = self.filter(tagged__tag=tag, tagged__listed_at__isnull=False)
        return listed.annotate(listed_at=F("tagged__listed_at"))

    def by_author(self, author: "Author | Given") -> Self:
        listed = self.filter(bylines__author=author, bylines__listed_at__isnull=False)
        return listed.annotate(listed_at=F("bylines__listed_at"))

    def citing(self, source: "Source | Given") -> Self:
        """Stories that name this source, each once, in whatever part."""
        listed = self.filter(citations__source=source, citations__listed_at__isnull=False)
        cited = listed.annotate(listed_at=F("citations__listed_at"), citation=F("citations__pk"))
        citations = apps.get_model("articles", "Citation").objects.filter(source=source)
        earlier = citations.filter(article=models.OuterRef("pk"), pk__lt=models.OuterRef("citation")).order_by()
        return cited.filter(~models.Exists(earlier))

    def next_newer(self, of: Callable[[str], Any], *, at: "datetime | Given | None" = None) -> Self:
        """The next public story of a story's section, as a list of one or none; ``of`` gives the story's own columns."""
        after = Q(published_at__gt=of("published_at")) | Q(pk__gt=of("pk"))
        later = self.filter(section=of("section")).filter(after, published_at__gte=of("published_at"))
        return later.published(at).order_by("published_at", "pk")[:1]

    def next_older(self, of: Callable[[str], Any], *, at: "datetime | Given | None" = None) -> Self:
        before = Q(published_at__lt=of("published_at")) | Q(pk__lt=of("pk"))
        earlier = self.filter(section=of("section")).filter(before, published_at__lte=of("published_at"))
        return earlier.published(at).order_by("-published_at", "-pk")[:1]

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> Self:
        """All that a list shows of each story, in one query however long the list; see `Article.card_authors`."""
        authors = apps.get_model("articles", "Author").objects.filter(bylines__article=models.OuterRef("pk"))
        rows = JSONRows(authors.order_by("bylines__position", "bylines__pk"), "pk", "name", "slug")
        return self.select_related("section", "lead_image").annotate(author_rows=rows).defer(*UNSEEN_IN_LISTS)


class BylineQuerySet(models.QuerySet["Byline"]):
    def get_by_natural_key(self, uid: str, slug: str) -> "Byline":
        return self.get(article__uid=uid, author__slug=slug)

"""The rules that a query answers: above all which stories readers may see."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.natural_keys import UidQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from articles.models.article import Article, Byline  # noqa: F401 - named in quotes as a parameter of a base
    from articles.models.author import Author
    from articles.models.section import Section
    from articles.models.source import Source
    from articles.models.tag import Tag

# What lists of stories never show and need not fetch.
UNSEEN_IN_LISTS = ("body", "seo_title", "seo_description", "import_source", "import_id", "import_hash", "imported_at")


def public_now(prefix: str = "", at: datetime | None = None) -> Q:
    """The condition under which readers see an article; ``prefix`` is the path of a join, as in ``target__``."""
    now = at or timezone.now()
    return (
        Q(**{f"{prefix}status": "published", f"{prefix}published_at__lte": now})
        & (Q(**{f"{prefix}embargoed_until__isnull": True}) | Q(**{f"{prefix}embargoed_until__lte": now}))
        & (Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": now}))
    )


class ArticleQuerySet(UidQuerySet["Article"]):
    def published(self, at: datetime | None = None) -> Self:
        """What readers may see now, or at another moment. Everything shown in public goes through here."""
        return self.filter(public_now(at=at))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What this person may see: all of it with the permission to view articles, else what readers see."""
        if user.is_active and user.has_perm("articles.view_article"):
            return self.all()
        return self.published()

    def touch(self) -> int:
        """Marks stories as changed now, where a row that belongs to them has changed."""
        return self.update(modified_at=timezone.now())

    def in_section(self, section: "Section") -> Self:
        return self.filter(section=section)

    def tagged_with(self, tag: "Tag") -> Self:
        return self.filter(tagged__tag=tag)

    def by_author(self, author: "Author") -> Self:
        return self.filter(bylines__author=author)

    def citing(self, source: "Source") -> Self:
        """Stories that name this source, each once, in whatever part."""
        return self.filter(models.Exists(source.citations.filter(article=models.OuterRef("pk"))))

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> Self:
        """All that a list shows of each story, in two queries however long the list."""
        bylines = apps.get_model("articles", "Byline").objects.select_related("author")
        return (
            self.select_related("section", "lead_image")
            .prefetch_related(models.Prefetch("bylines", bylines))
            .defer(*UNSEEN_IN_LISTS)
        )


class BylineQuerySet(models.QuerySet["Byline"]):
    def get_by_natural_key(self, uid: str, slug: str) -> "Byline":
        return self.get(article__uid=uid, author__slug=slug)

"""Where pictures are used: a place that shows pictures is named here, and counts for deleting, lists and pages."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, Model, OuterRef, Q

from articles.content.references import find_references
from articles.models import Article, Author, Image

Person = User | AnonymousUser


def is_used() -> Q:
    """The condition under which a row of ``Image.objects`` is shown somewhere; the bodies are read for it."""
    return (
        Q(Exists(Article.objects.filter(lead_image=OuterRef("pk"))))
        | Q(Exists(Author.objects.filter(portrait=OuterRef("pk"))))
        | Q(uid__in=_shown_in_bodies())
    )


def list_uses(images: Collection[Image], *, most: int, seen_by: Person | None = None) -> list[Model]:
    """The stories and the authors that show one of these pictures, at most so many of each.

    With ``seen_by``, of the stories those that this person may see.
    """
    shown = Q(lead_image__in=images) | _shows_in_body(image.uid for image in images)
    among = Article.objects.visible_to(seen_by) if seen_by else Article.objects.all()
    stories = among.filter(shown).only("headline", "status").order_by("-modified_at")
    portrayed = Author.objects.filter(portrait__in=images).only("name")
    return [*stories[:most], *portrayed[:most]]


def _shown_in_bodies() -> set[str]:
    bodies = Article.objects.filter(body__contains="data-image=").order_by().values_list("body", flat=True)
    return {uid for body in bodies.iterator() for uid in find_references(body).pictures}


def _shows_in_body(uids: Iterable[UUID]) -> Q:
    """One expression for any number of pictures: a long chain of conditions is more than SQLite takes."""
    any_of_them = "|".join(str(uid) for uid in uids)
    return Q(body__contains="data-image=", body__regex=f'data-image="({any_of_them})"')

"""Where pictures are used: a place that shows pictures is named here, and counts for deleting, lists and pages."""

from collections.abc import Collection

from django.db.models import Exists, Model, OuterRef, Q

from articles.models import Article, Author, Image


def is_used() -> Q:
    """The condition under which a row of ``Image.objects`` is shown somewhere."""
    return Q(Exists(Article.objects.filter(lead_image=OuterRef("pk")))) | Q(
        Exists(Author.objects.filter(portrait=OuterRef("pk")))
    )


def list_uses(images: Collection[Image], *, most: int) -> list[Model]:
    """The stories and the authors that show one of these pictures, at most so many of each."""
    stories = Article.objects.filter(lead_image__in=images).only("headline", "status").order_by("-modified_at")
    portrayed = Author.objects.filter(portrait__in=images).only("name")
    return [*stories[:most], *portrayed[:most]]

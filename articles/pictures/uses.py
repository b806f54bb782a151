"""Where pictures are used: a place that shows pictures is named here, and counts for deleting, lists and pages."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, Model, OuterRef, Q

from articles.models import Article, Author, Image, ImageUse

Person = User | AnonymousUser


def is_used() -> Q:
    """The condition under which a row of ``Image.objects`` is shown somewhere."""
    return (
        Q(Exists(Article.objects.filter(lead_image=OuterRef("pk"))))
        | Q(Exists(Author.objects.filter(portrait=OuterRef("pk"))))
        | Q(Exists(ImageUse.objects.filter(image_uid=OuterRef("uid"))))
    )


def list_uses(images: Collection[Image], *, most: int, seen_by: Person | None = None) -> list[Model]:
    """The stories and the authors that show one of these pictures, at most so many of each.

    With ``seen_by``, of the stories those that this person may see.
    """
    in_body = ImageUse.objects.filter(image_uid__in=[image.uid for image in images]).values("article")
    among = Article.objects.visible_to(seen_by) if seen_by else Article.objects.all()
    shown = among.filter(Q(lead_image__in=images) | Q(pk__in=in_body))
    stories = shown.only("headline", "status").order_by("-modified_at")
    portrayed = Author.objects.filter(portrait__in=images).only("name")
    return [*stories[:most], *portrayed[:most]]

"""Where pictures are used: a place that shows pictures is named here, and counts for deleting, lists and pages."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, Model, OuterRef, Q

from articles.content.references import find_references
from articles.models import Article, Author, Image, ImageUse

Person = User | AnonymousUser

# SQLite's older limit for the number of parameters of a statement is 999.
CHUNK: Final = 500


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


def remember_uses(articles: Sequence[Article]) -> None:
    """Notes which pictures the bodies of these saved stories show; writes only what has changed."""
    for start in range(0, len(articles), CHUNK):
        _remember_chunk(articles[start : start + CHUNK])


def _remember_chunk(articles: Sequence[Article]) -> None:
    shown = {(row.pk, UUID(uid)) for row in articles for uid in find_references(row.body).pictures}
    noted = {
        (article, uid): pk
        for pk, article, uid in ImageUse.objects.filter(article__in=[row.pk for row in articles]).values_list(
            "pk", "article", "image_uid"
        )
    }
    if gone := [noted[use] for use in noted.keys() - shown]:
        ImageUse.objects.filter(pk__in=gone).delete()
    # Somebody else may note the same at the same time.
    ImageUse.objects.bulk_create(
        (ImageUse(article_id=article, image_uid=uid) for article, uid in sorted(shown - noted.keys())),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )

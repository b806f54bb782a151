"""Which pictures the bodies of stories show."""

from django.db import models

from articles.content.references import References
from articles.models.body_reference import BodyReference, BodyReferenceQuerySet


class ImageUse(BodyReference):
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="image_uses")
    image_uid = models.UUIDField("identifier of the picture")

    objects = BodyReferenceQuerySet["ImageUse"].as_manager()

    IDENTIFIER = "image_uid"

    class Meta(BodyReference.Meta):
        verbose_name = "use of a picture"
        verbose_name_plural = "uses of pictures"
        constraints = (
            # follow_bodies(): a body shows a picture or does not, however often, whoever saves it at once.
            models.UniqueConstraint(fields=("article", "image_uid"), name="image_use_once"),
        )
        indexes = (
            # is_used() and list_uses(): the stories whose bodies show a picture.
            models.Index(fields=("image_uid", "article"), name="image_use_by_image"),
        )

    @staticmethod
    def among(references: References) -> frozenset[str]:
        return references.pictures

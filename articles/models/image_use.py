"""Which pictures the bodies of stories show: said again beside the bodies, so that nobody has to read them for it."""

from django.db import models


class ImageUseQuerySet(models.QuerySet["ImageUse"]):
    def get_by_natural_key(self, article_uid: str, image_uid: str) -> "ImageUse":
        return self.get(article__uid=article_uid, image_uid=image_uid)


class ImageUse(models.Model):
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="image_uses")
    # As the body says it: the picture may not be here yet, or be gone.
    image_uid = models.UUIDField("identifier of the picture")

    objects = ImageUseQuerySet.as_manager()

    class Meta:
        verbose_name = "use of a picture"
        verbose_name_plural = "uses of pictures"
        # Nobody writes these rows by hand.
        default_permissions = ()
        constraints = (
            # remember_uses(): a body shows a picture or does not, however often, whoever saves it at once.
            models.UniqueConstraint(fields=("article", "image_uid"), name="image_use_once"),
        )
        indexes = (
            # is_used() and list_uses(): the stories whose bodies show a picture.
            models.Index(fields=("image_uid", "article"), name="image_use_by_image"),
        )

    def __str__(self) -> str:
        return str(self.image_uid)

    def natural_key(self) -> tuple[str, ...]:
        return (*self.article.natural_key(), str(self.image_uid))

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

"""To which stories the links in a body lead: said again beside the bodies, so that nobody has to read them for it."""

from django.db import models


class BodyLinkQuerySet(models.QuerySet["BodyLink"]):
    def get_by_natural_key(self, article_uid: str, target_uid: str) -> "BodyLink":
        return self.get(article__uid=article_uid, target_uid=target_uid)


class BodyLink(models.Model):
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="body_links")
    # As the body says it: the story may not be here yet, or be gone.
    target_uid = models.UUIDField("identifier of the story")

    objects = BodyLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "link in a text"
        verbose_name_plural = "links in texts"
        # Nobody writes these rows by hand.
        default_permissions = ()
        constraints = (
            # remember_links(): a body leads to a story or does not, however often, whoever saves it at once.
            models.UniqueConstraint(fields=("article", "target_uid"), name="body_link_once"),
        )
        indexes = (
            # What links here: the stories whose bodies lead to one.
            models.Index(fields=("target_uid", "article"), name="body_link_by_target"),
        )

    def __str__(self) -> str:
        return str(self.target_uid)

    def natural_key(self) -> tuple[str, ...]:
        return (*self.article.natural_key(), str(self.target_uid))

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

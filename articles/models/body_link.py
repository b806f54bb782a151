"""To which stories the links in a body lead."""

from django.db import models

from articles.content.references import References
from articles.models.body_reference import BodyReference, BodyReferenceQuerySet


class BodyLink(BodyReference):
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="body_links")
    target_uid = models.UUIDField("identifier of the story")

    objects = BodyReferenceQuerySet["BodyLink"].as_manager()

    IDENTIFIER = "target_uid"

    class Meta(BodyReference.Meta):
        verbose_name = "link in a text"
        verbose_name_plural = "links in texts"
        constraints = (
            # follow_bodies(): a body leads to a story or does not, however often, whoever saves it at once.
            models.UniqueConstraint(fields=("article", "target_uid"), name="body_link_once"),
        )
        indexes = (
            # What links here: the stories whose bodies lead to one.
            models.Index(fields=("target_uid", "article"), name="body_link_by_target"),
        )

    @staticmethod
    def among(references: References) -> frozenset[str]:
        return references.articles

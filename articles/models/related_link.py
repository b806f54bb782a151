"""Related links: a reference to another story, at its place in the body or in the list after it."""

from django.db import models

from articles.models.fields import HeadlineKeyField
from articles.models.natural_keys import Identified, UidQuerySet


class RelatedLink(Identified):
    """A headline that may have found its article, or an address elsewhere, or neither yet."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="related_links")
    headline = models.CharField(max_length=500)
    headline_key = HeadlineKeyField()
    # When the target goes, the headline stays, and the link waits for its return.
    target = models.ForeignKey(
        "articles.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="linked_from"
    )
    url = models.URLField("address elsewhere", max_length=500, blank=True)
    marker = models.PositiveSmallIntegerField(
        "place in the text",
        null=True,
        blank=True,
        help_text="The number of its marker in the body; empty for the list after the text.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = UidQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("position", "pk")
        constraints = (
            # The body: one marker, one link.
            models.UniqueConstraint(fields=("article", "marker"), name="related_link_one_per_marker"),
            # The template: a link leads to one place.
            models.CheckConstraint(
                condition=models.Q(target__isnull=True) | models.Q(url=""), name="related_link_one_destination"
            ),
        )

    def __str__(self) -> str:
        return self.headline

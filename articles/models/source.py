"""Sources, and the citation that joins one to an article: who said it first, and under which terms."""

from django.db import models

from articles.models.accounts import WithAccounts
from articles.models.fields import ListedAtField
from articles.models.natural_keys import Identified, Slugged, SlugQuerySet, UidQuerySet
from articles.models.permalinks import address_of


class Source(Slugged, WithAccounts):
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    url = models.URLField("website", max_length=500, blank=True)
    description = models.CharField(max_length=300, blank=True)

    objects = SlugQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("articles:source-detail", self.slug)


class Citation(Identified):
    class Role(models.TextChoices):
        PUBLISHER = "publisher", "first published by"
        WIRE = "wire", "wire report by"
        DOCUMENT = "document", "document of"
        INTERVIEW = "interview", "interview with"
        DATA = "data", "data from"

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="citations")
    # A source that stories name is merged or renamed, never lost.
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    role = models.CharField(max_length=20, choices=Role, default=Role.PUBLISHER)
    title = models.CharField(max_length=300, blank=True, help_text="Of the original text, document or data set.")
    url = models.URLField("address", max_length=500, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    listed_at = ListedAtField()

    objects = UidQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("position", "pk")
        constraints = (
            # The forms: the same source twice in the same part is a slip.
            models.UniqueConstraint(fields=("article", "source", "role"), name="citation_once_per_role"),
        )
        indexes = (
            # The desk's list of sources: the number of their stories.
            models.Index(fields=("source", "article"), name="citation_by_source"),
            # The source's page, the newest first.
            models.Index(fields=("source", "-listed_at", "-article"), name="citation_newest"),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.source}"

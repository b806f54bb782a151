"""Tags on taggit's bases, joined to articles by a real foreign key."""

from django.db import models
from taggit.models import ItemBase, TagBase

from articles.content.slugs import headline_slug
from articles.models.fields import ListedAtField
from articles.models.natural_keys import SlugQuerySet
from articles.models.permalinks import address_of


class Tag(TagBase):
    class Kind(models.TextChoices):
        SUBJECT = "subject", "Subject"
        PLACE = "place", "Place"
        PERSON = "person", "Person"
        ORGANISATION = "organisation", "Organisation"
        SERIES = "series", "Series"

    description = models.CharField(max_length=300, blank=True, help_text="A sentence under the tag's name.")
    kind = models.CharField(
        max_length=20, choices=Kind, default=Kind.SUBJECT, help_text="How related stories speak of it: “More in Syria”."
    )

    objects = SlugQuerySet.as_manager()

    class Meta(TagBase.Meta):
        ordering = ("name",)
        verbose_name = "tag"
        verbose_name_plural = "tags"

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return address_of("articles:tag-detail", self.slug)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Taggit's hook: the same slugs as everywhere else in this house."""
        slug = headline_slug(tag, max_length=90) or "tag"
        return slug if i is None else f"{slug}-{i}"


class TaggedArticleQuerySet(models.QuerySet["TaggedArticle"]):
    def get_by_natural_key(self, uid: str, slug: str) -> "TaggedArticle":
        return self.get(content_object__uid=uid, tag__slug=slug)


class TaggedArticle(ItemBase):
    content_object = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="items")
    listed_at = ListedAtField()

    objects = TaggedArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "tag of an article"
        verbose_name_plural = "tags of articles"
        constraints = (
            # Every reader of an article's tags, and its order within a tag.
            models.UniqueConstraint(fields=("content_object", "tag"), name="tagged_once"),
        )
        indexes = (
            # Related stories: the stories of a tag, and their number.
            models.Index(fields=("tag", "content_object"), name="tagged_by_tag"),
            # The tag's page, the newest first.
            models.Index(fields=("tag", "-listed_at", "-content_object"), name="tagged_newest"),
        )

    def __str__(self) -> str:
        return str(self.tag)

    def natural_key(self) -> tuple[str, ...]:
        return (*self.content_object.natural_key(), *self.tag.natural_key())

    natural_key.dependencies = ["articles.article", "articles.tag"]  # type: ignore[attr-defined]

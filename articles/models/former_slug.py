"""Slugs that articles once had: each leads to its article for ever, in one step, however often it was renamed."""

from django.db import models


class FormerSlugQuerySet(models.QuerySet["FormerSlug"]):
    def get_by_natural_key(self, slug: str) -> "FormerSlug":
        return self.get(slug=slug)


class FormerSlug(models.Model):
    slug = models.CharField(max_length=120, unique=True)
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="former_slugs")

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

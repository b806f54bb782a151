"""The dated "Popular posts" list that came with an imported text: what readers preferred where it was published."""

from typing import Any

from django.db import models

from articles.models.fields import HeadlineKeyField


class PopularListQuerySet(models.QuerySet["PopularList"]):
    def get_by_natural_key(self, uid: str) -> "PopularList":
        return self.get(article__uid=uid)


class PopularList(models.Model):
    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="popular_list")
    listed_on = models.DateField(help_text="The day on which the list was seen.")

    objects = PopularListQuerySet.as_manager()

    class Meta:
        ordering = ("-listed_on", "-pk")
        indexes = (
            # The sidebar: the newest lists first.
            models.Index(fields=("-listed_on", "-id"), name="popular_list_newest"),
        )

    def __str__(self) -> str:
        return f"{self.listed_on:%Y-%m-%d}"

    def natural_key(self) -> tuple[str, ...]:
        return self.article.natural_key()

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]


class PopularEntryQuerySet(models.QuerySet["PopularEntry"]):
    def get_by_natural_key(self, uid: str, position: int) -> "PopularEntry":
        return self.get(list__article__uid=uid, position=position)


class PopularEntry(models.Model):
    list = models.ForeignKey(PopularList, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField()
    headline = models.CharField(max_length=500)
    headline_key = HeadlineKeyField()
    target = models.ForeignKey(
        "articles.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="popular_entries"
    )

    objects = PopularEntryQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "popular entries"
        constraints = (
            # The sidebar, which reads a list in its order.
            models.UniqueConstraint(fields=("list", "position"), name="popular_entry_one_per_position"),
        )

    def __str__(self) -> str:
        return self.headline

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.list.natural_key(), self.position)

    natural_key.dependencies = ["articles.popularlist"]  # type: ignore[attr-defined]

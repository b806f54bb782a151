"""Sections: the departments of the newsroom, in the order of the menu."""

from django.db import models

from articles.models.natural_keys import Slugged, SlugQuerySet
from articles.models.permalinks import address_of


class Section(Slugged):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    description = models.CharField(max_length=300, blank=True, help_text="A sentence under the section's name.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in the menu; small numbers first.")
    in_menu = models.BooleanField("in the menu", default=True)

    objects = SlugQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("articles:section-detail", self.slug)

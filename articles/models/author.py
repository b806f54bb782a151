"""Authors: the people whose names stand above stories, with or without a login."""

from django.conf import settings
from django.db import models

from articles.models.accounts import WithAccounts
from articles.models.image import Image
from articles.models.natural_keys import Slugged, SlugQuerySet
from articles.models.permalinks import address_of


class Author(Slugged, WithAccounts):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        help_text="The account with which this person signs in, if there is one.",
    )
    role = models.CharField(max_length=120, blank=True, help_text="For example “Science editor”.")
    place = models.CharField(max_length=120, blank=True, help_text="Where this person works, for example “Lisbon”.")
    bio = models.TextField("biography", max_length=2000, blank=True, help_text="Plain text; an empty line parts two.")
    portrait = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="portrays")

    objects = SlugQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("articles:author-detail", self.slug)

    @property
    def shown_portrait(self) -> Image | None:
        """The portrait, as far as readers may see it."""
        return self.portrait if self.portrait and self.portrait.is_usable() else None

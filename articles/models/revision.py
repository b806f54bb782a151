"""Revisions: what a story said, each time that somebody saved it. Rows are added and never changed, but for one mark."""

from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.activity import AppendOnly
from articles.models.natural_keys import Identified, UidQuerySet


class RevisionQuerySet(UidQuerySet["Revision"]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("A revision is not changed.")

    def published(self) -> Self:
        """The versions that were put before readers."""
        return self.filter(published_at__isnull=False)

    def mark_published(self, pk: int, at: datetime) -> int:
        """The one thing that a version may still learn: that readers got it."""
        unmarked = self.filter(pk=pk, published_at=None)
        return super(RevisionQuerySet, unmarked).update(published_at=at)


class Revision(Identified):
    # What a working copy says belongs to the history of the story that it replaces.
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField("when", default=timezone.now)
    # An account that is deleted leaves its name here; without a name it was the house itself.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    person_name = models.CharField("who", max_length=150, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    # As `articles.editorial.snapshots` makes it.
    snapshot = models.JSONField()
    # As `articles.editorial.checks` found it.
    checks = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-number",)
        verbose_name = "version"
        constraints = (
            # Editors: each version has a number of its own; and the newest is found by it.
            models.UniqueConstraint(fields=("article", "number"), name="revision_number_once"),
        )
        indexes = (
            # The admin's list: the newest first, and its first and last day.
            models.Index(fields=("-created_at", "-id"), name="revision_newest"),
        )

    def __str__(self) -> str:
        return f"Version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("A revision is not changed.")
        super().save(*args, **kwargs)

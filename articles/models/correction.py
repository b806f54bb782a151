"""Corrections: what was wrong, said in public, kept as data."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.text import Truncator

from articles.models.natural_keys import Identified, UidQuerySet
from articles.models.prepared import Given
from articles.models.querysets import public_now
from articles.models.unindexed import Unindexed


class CorrectionQuerySet(UidQuerySet["Correction"]):
    def published(self, at: datetime | Given | None = None) -> Self:
        """What readers may see: corrections of public stories, from their time on."""
        now = at or timezone.now()
        # As with stories: an index starts where a page does, not at the moment.
        has_come = LessThanOrEqual(Unindexed(F("corrected_at")), now)
        return self.filter(public_now("article__", at=now), has_come)


class Correction(Identified):
    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        NOTE = "note", "Editor’s note"

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CORRECTION)
    text = models.TextField(max_length=2000, help_text="What readers see: what was wrong, and what is right.")
    passage = models.CharField(
        "corrects", max_length=300, blank=True, help_text="The passage that it corrects, in a few words; for the desk."
    )
    corrected_at = models.DateTimeField(default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-corrected_at", "-pk")
        indexes = (
            # The list of all corrections.
            models.Index(fields=("-corrected_at", "-id"), name="correction_newest"),
        )

    def __str__(self) -> str:
        return Truncator(self.text).words(12)

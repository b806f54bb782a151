"""Links that show a story to people outside before readers have it, and when each was opened."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.natural_keys import Identified, UidQuerySet


class PreviewLinkQuerySet(UidQuerySet["PreviewLink"]):
    def with_openings(self) -> Any:
        """Each with how often it was opened, and when last."""
        return self.annotate(opened=models.Count("openings"), last_opened_at=models.Max("openings__opened_at"))


class PreviewLink(Identified):
    # The story itself, whether it is read from its own row or from its working copy.
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(
        "articles.Revision",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="preview_links",
        verbose_name="version",
        help_text="The one that it shows; empty for the latest draft.",
    )
    # Without the account that answers for it a link opens nothing.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField("for whom", max_length=200, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-created_at", "-pk")
        verbose_name = "link for outsiders"
        verbose_name_plural = "links for outsiders"
        constraints = (
            # Whoever opens it: a link ends after it begins.
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="preview_link_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return self.note or f"Link of {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"


class PreviewOpening(Identified):
    """That it was opened, and when: nothing of by whom."""

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="openings")
    opened_at = models.DateTimeField(default=timezone.now)

    objects = UidQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-opened_at", "-pk")
        indexes = (
            # The desk: how often, and when last.
            models.Index(fields=("link", "-opened_at"), name="preview_opening_of_link"),
        )

    def __str__(self) -> str:
        return f"{timezone.localtime(self.opened_at):%Y-%m-%d %H:%M}"

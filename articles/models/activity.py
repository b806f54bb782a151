"""The activity log: who did what with which story, from where to where, and why. Rows are added and never changed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.natural_keys import Identified, UidQuerySet


class AppendOnly(Exception):
    """A log that can be changed proves nothing."""


class ActivityQuerySet(UidQuerySet["Activity"]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("The activity log is not changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("The activity log is not deleted.")


class Activity(Identified):
    class Action(models.TextChoices):
        CREATE = "create", "created"
        EDIT = "edit", "edited"
        SUBMIT = "submit", "submitted for review"
        RETURN = "return", "returned to draft"
        APPROVE = "approve", "approved"
        PUBLISH = "publish", "published"
        PUBLISH_NOW = "publish_now", "published before its time"
        UNSCHEDULE = "unschedule", "taken off the schedule"
        OVERRIDE_EMBARGO = "override_embargo", "published over its embargo"
        EMBARGO = "embargo", "embargo lifted or shortened"
        WITHDRAW = "withdraw", "withdrawn"
        REINSTATE = "reinstate", "reinstated"
        BEGIN_COPY = "begin_copy", "began a working copy"
        PUBLISH_UPDATE = "publish_update", "published an update"
        PUBLISH_FIX = "publish_fix", "published a silent fix"
        DISCARD = "discard", "discarded a working copy"
        CORRECT = "correct", "corrected"
        MAKE_LINK = "make_link", "made a link for outsiders"
        REVOKE_LINK = "revoke_link", "revoked a link for outsiders"
        DELETE = "delete", "deleted"

    happened_at = models.DateTimeField("when", default=timezone.now)
    # A story or an account that is deleted leaves its name here.
    article = models.ForeignKey(
        "articles.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="activity"
    )
    article_uid = models.UUIDField("story’s identifier")
    headline = models.CharField(max_length=300)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    person_name = models.CharField("who", max_length=150)
    action = models.CharField("what", max_length=20, choices=Action)
    from_stage = models.CharField("from", max_length=20, blank=True)
    to_stage = models.CharField("to", max_length=20, blank=True)
    reason = models.CharField("why", max_length=1000, blank=True)
    detail = models.CharField(max_length=1000, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-happened_at", "-pk")
        verbose_name = "activity"
        verbose_name_plural = "activity"
        indexes = (
            # The log, the newest first.
            models.Index(fields=("-happened_at", "-id"), name="activity_newest"),
            # A story's page at the desk.
            models.Index(fields=("article", "-happened_at", "-id"), name="activity_of_story"),
            # What a person did.
            models.Index(fields=("person", "-happened_at", "-id"), name="activity_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.person_name}: {self.headline} {self.get_action_display()}"

    @property
    def from_label(self) -> str:
        return self.from_stage.replace("_", " ")

    @property
    def to_label(self) -> str:
        return self.to_stage.replace("_", " ")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("The activity log is not changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("The activity log is not deleted.")

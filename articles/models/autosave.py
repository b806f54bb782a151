"""Working copies of forms: what somebody typed and has not saved. No history, and nobody else's to see."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def get_by_natural_key(self, username: str, form: str) -> "Autosave":
        return self.get(person__username=username, form=form)


class Autosave(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves")
    # None for a story that was never saved, and for one that is there no more: what was typed is offered in the form of
    # a new one, for the form in which it was typed is gone.
    article = models.ForeignKey(
        "articles.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="autosaves"
    )
    form = models.CharField(
        max_length=40, help_text="The story’s identifier, or a key that the form of a new one made."
    )
    content = models.JSONField()
    # The story's modified_at when the form was opened.
    based_on = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at",)
        verbose_name = "text not saved"
        verbose_name_plural = "texts not saved"
        constraints = (
            # The form, which asks for its one copy.
            models.UniqueConstraint(fields=("person", "form"), name="autosave_once"),
        )
        indexes = (
            # What deletes old ones.
            models.Index(fields=("saved_at",), name="autosave_oldest"),
        )

    def __str__(self) -> str:
        return f"what {self.person} typed and has not saved"

    def natural_key(self) -> tuple[str, ...]:
        return (self.person.get_username(), self.form)

    natural_key.dependencies = ["auth.user"]  # type: ignore[attr-defined]

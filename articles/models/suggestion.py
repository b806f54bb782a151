"""Related stories that were found, not chosen: each with its reasons, and what editors say of them."""

from typing import Any

from django.conf import settings
from django.db import models


class Suggestion(models.Model):
    """A story to read after another; computed when one of the two changes, and read as it stands."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="suggestions")
    target = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="suggested_by")
    score = models.FloatField()
    # {"tags": [keys of shared tags, the rarest first], "text": 0 to 1, "section": bool, "recency": 0 to 1}
    reasons: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        ordering = ("-score", "target")
        default_permissions = ()
        constraints = (
            # Whoever computes: a story is suggested once.
            models.UniqueConstraint(fields=("article", "target"), name="suggestion_once"),
        )
        indexes = (
            # The story's page: the best first.
            models.Index(fields=("article", "-score"), name="suggestion_best"),
        )

    def __str__(self) -> str:
        return f"{self.article_id} → {self.target_id}: {self.score:.2f}"


class SuggestionChoiceQuerySet(models.QuerySet["SuggestionChoice"]):
    def get_by_natural_key(self, uid: str, target_uid: str) -> "SuggestionChoice":
        return self.get(article__uid=uid, target__uid=target_uid)


class SuggestionChoice(models.Model):
    """An editor's word on one story beside another: it holds at once, for a story that readers have too."""

    class Kind(models.TextChoices):
        # Before all that was found.
        PINNED = "pinned", "Pinned"
        # Not on this story.
        HIDDEN = "hidden", "Hidden"
        # Neither of the two beside the other, whatever becomes of them.
        NEVER = "never", "Never again"

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="suggestion_choices")
    target = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SuggestionChoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            # Whoever computes or shows: one word on a pair.
            models.UniqueConstraint(fields=("article", "target"), name="suggestion_choice_once"),
        )
        indexes = (
            # What was refused from either side.
            models.Index(fields=("target", "kind"), name="suggestion_choice_by_target"),
        )

    def __str__(self) -> str:
        return f"{self.article_id} → {self.target_id}: {self.kind}"

    def natural_key(self) -> tuple[str, ...]:
        return (*self.article.natural_key(), *self.target.natural_key())

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]


class Fingerprint(models.Model):
    """What a text is recognised by, whoever prints it: the MinHash of its shingles, see `related.similarity`."""

    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    signature = models.BinaryField(max_length=1024)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article_id)


class NearDuplicate(models.Model):
    """Two stories with nearly the same text, such as a wire report and its copy; a row for each direction."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="near_duplicates")
    twin = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    # The estimated share of shingles that both have, 0 to 1.
    likeness = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = (
            # Checks and suggestions: once each way.
            models.UniqueConstraint(fields=("article", "twin"), name="near_duplicate_once"),
        )

    def __str__(self) -> str:
        return f"{self.article_id} ≈ {self.twin_id}: {self.likeness:.2f}"

"""The form of a story: its words, its slug, its tags, and which moves its editor may make."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils import timezone

from articles.addresses.free_slugs import free_slug
from articles.admin.body_editor import BodyField
from articles.admin.desk import AnyModelForm
from articles.admin.widgets import TagNamesField
from articles.content.slugs import headline_slug, is_slug
from articles.models import Article

Status = Article.Status

# What only those may change who may publish: who may see a story follows from it.
PUBLIC_STATUSES = frozenset({Status.PUBLISHED, Status.WITHDRAWN})
TIMES = ("published_at", "updated_at", "embargoed_until", "expires_at")
TIMES_OF_VISIBILITY = ("published_at", "embargoed_until", "expires_at")

NOT_ALLOWED = "You may not publish or withdraw stories. Choose another status, or ask somebody who may."


def validate_slug(value: str) -> None:
    """Django's own check knows nothing of the marks with which Hindi or Thai are written."""
    if not is_slug(value.replace("_", "-")):
        raise forms.ValidationError("A slug is made of letters, digits and single hyphens.")


class ArticleForm(AnyModelForm):
    body = BodyField(required=False)
    slug = forms.CharField(
        max_length=120,
        required=False,
        validators=[validate_slug],
        widget=AdminTextInputWidget,
        help_text="The last part of the address; empty to make it from the headline. An old one goes on working.",
    )
    tags = TagNamesField(required=False, help_text="A comma ends each. Known tags are proposed while you type.")

    # Set for each request, on a class made for it.
    may_publish = False

    class Meta:
        widgets = {
            "headline": AdminTextInputWidget(attrs={"class": "desk-headline", "autocomplete": "off"}),
            "dek": AdminTextareaWidget(attrs={"class": "desk-dek", "rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former_status = Status(self.instance.status) if self.instance.pk else Status.DRAFT
        # Whoever may only look at a story has a form without fields.
        if "status" in self.fields and not self.may_publish:
            self._offer_allowed_moves()

    def _offer_allowed_moves(self) -> None:
        is_public = self.former_status in PUBLIC_STATUSES
        allowed = [self.former_status] if is_public else [each for each in Status if each not in PUBLIC_STATUSES]
        status = self.fields["status"]
        status.choices = [(each.value, each.label) for each in allowed]  # type: ignore[attr-defined]
        status.error_messages["invalid_choice"] = NOT_ALLOWED
        if is_public:
            for name in TIMES_OF_VISIBILITY:
                self.fields[name].disabled = True

    def clean_slug(self) -> str:
        given = str(self.cleaned_data["slug"])
        headline = self.cleaned_data.get("headline", "")
        # The page filled it in and could not know that another story has it.
        is_proposal = not self.instance.pk and given == headline_slug(headline)
        return free_slug(headline, fallback="story") if not given or is_proposal else given

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in TIMES:
            if name in self.fields and name not in self.changed_data:
                # The page shows whole seconds: a time that nobody touched keeps what it had beyond them.
                self.cleaned_data[name] = getattr(self.instance, name)
        self._give_published_story_its_time()
        return self.cleaned_data

    def _give_published_story_its_time(self) -> None:
        is_without = "published_at" in self.cleaned_data and self.cleaned_data["published_at"] is None
        if self.cleaned_data.get("status") == Status.PUBLISHED and is_without:
            self.cleaned_data["published_at"] = self.instance.published_at or timezone.now()

    @property
    def publishes(self) -> bool:
        """Whether the story is put before readers, or at another time than before."""
        if self.cleaned_data.get("status") != Status.PUBLISHED:
            return False
        return self.former_status != Status.PUBLISHED or "published_at" in self.changed_data

    @property
    def withdraws(self) -> bool:
        return self.cleaned_data.get("status") == Status.WITHDRAWN != self.former_status

    @property
    def asked_time(self) -> datetime | None:
        return self.cleaned_data.get("published_at")

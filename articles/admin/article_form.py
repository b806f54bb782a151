"""The form of a story: its words, its slug, its tags, and the move whose button was pressed."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from articles.addresses.free_slugs import free_slug
from articles.admin.body_editor import BodyField
from articles.admin.bylines import BylineField, choice_of
from articles.admin.desk import AnyModelForm
from articles.admin.widgets import TagNamesField
from articles.content.slugs import headline_slug, is_slug
from articles.editorial.naming import ADD_AUTHOR, require_tags, set_bylines
from articles.editorial.permissions import PUBLISH, MoveRefused, may_set_times, require_move
from articles.editorial.transitions import MOVES
from articles.editorial.working_copies import require_words_for_readers
from articles.editorial.writing import TIMES_OF_VISIBILITY, lifts_embargo, require_override
from articles.models import Article, Section
from articles.models.section_limit import sections_of

BYLINE_PERMISSIONS = ("articles.add_byline", "articles.change_byline", "articles.delete_byline")
TIMES = ("updated_at", "takes_effect_at", *TIMES_OF_VISIBILITY)


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

    byline = BylineField(
        required=False,
        label="Bylines",
        help_text="A comma ends each name; they stand above the story in this order. Known authors are proposed.",
    )

    reason = forms.CharField(
        max_length=1000,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2, "class": "desk-reason"}),
        help_text="Why; kept in the story’s activity. Readers never see it.",
    )

    # Set for each request, on a class made for it.
    person: Any = None

    class Meta:
        widgets = {
            "headline": AdminTextInputWidget(attrs={"class": "desk-headline", "autocomplete": "off"}),
            "update_note": AdminTextareaWidget(attrs={"rows": 3}),
            "dek": AdminTextareaWidget(attrs={"class": "desk-dek", "rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look at a story has a form without fields.
        if "published_at" in self.fields and self.instance.pk and not may_set_times(self.person, self.instance):
            for name in TIMES_OF_VISIBILITY:
                self.fields[name].disabled = True
        if "takes_effect_at" in self.fields and self.instance.scheduled_move and not self.person.has_perm(PUBLISH):
            self.fields["takes_effect_at"].disabled = True
        self._offer_sections()
        self._offer_bylines()
        if "body" in self.fields:
            self.fields["body"].widget.person = self.person

    def _offer_sections(self) -> None:
        allowed = sections_of(self.person)
        if allowed is not None and "section" in self.fields:
            self.fields["section"].queryset = Section.objects.filter(pk__in=allowed)  # type: ignore[attr-defined]
            self.fields["section"].required = True

    def _offer_bylines(self) -> None:
        if "byline" not in self.fields:
            return
        field = self.fields["byline"]
        field.disabled = not self.person.has_perms(BYLINE_PERMISSIONS)
        field.may_add = self.person.has_perm(ADD_AUTHOR)  # type: ignore[attr-defined]
        if self.instance.pk:
            rows = self.instance.bylines.select_related("author")
            self.initial["byline"] = [choice_of(row.author) for row in rows]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "byline" in self.changed_data:
            set_bylines(self.instance, self.cleaned_data["byline"], by=self.person)

    def clean_tags(self) -> list[str]:
        names: list[str] = self.cleaned_data["tags"]
        try:
            require_tags(names, by=self.person)
        except MoveRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return names

    def clean_slug(self) -> str:
        given = str(self.cleaned_data["slug"])
        headline = self.cleaned_data.get("headline", "")
        # The page filled it in and could not know that another story has it.
        is_proposal = not self.instance.pk and given == headline_slug(headline)
        if not given or is_proposal:
            return free_slug(headline, fallback="story")
        if Article.objects.originals().filter(slug=given).exclude(pk__in=self._story()).exists():
            raise forms.ValidationError("Another story has this slug.")
        return given

    def _story(self) -> list[int]:
        """The story of which the form tells, and the one that it replaces."""
        return [pk for pk in (self.instance.pk, self.instance.replaces_id) if pk]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in TIMES:
            if name in self.fields and name not in self.changed_data:
                # The page shows whole seconds: a time that nobody touched keeps what it had beyond them.
                self.cleaned_data[name] = getattr(self.instance, name)
        self._give_published_story_its_time()
        self._check_embargo()
        self._check_update()
        self._check_move()
        return self.cleaned_data

    def _give_published_story_its_time(self) -> None:
        is_without = "published_at" in self.cleaned_data and self.cleaned_data["published_at"] is None
        if self.instance.status == Article.Status.PUBLISHED and is_without:
            self.cleaned_data["published_at"] = self.instance.published_at

    def _check_embargo(self) -> None:
        if not self.instance.pk or "embargoed_until" not in self.cleaned_data or self.move == "override_embargo":
            return
        wanted = Article(embargoed_until=self.cleaned_data["embargoed_until"])
        try:
            if lifts_embargo(self.instance, wanted):
                require_override(self.person, self.cleaned_data.get("reason", ""))
        except MoveRefused as refusal:
            self.add_error("embargoed_until", str(refusal))

    def _check_update(self) -> None:
        # What waits for its time says to readers what it said when it was scheduled: something, or nothing.
        move = self.move or self.instance.scheduled_move
        try:
            require_words_for_readers(move, self.cleaned_data.get("update_note", ""))
        except MoveRefused as refusal:
            if self.instance.replaces_id:
                self.add_error("update_note", str(refusal))

    def _check_move(self) -> None:
        """The same question that the verb asks again: here it costs nobody what they typed."""
        if not self.move:
            return
        if self.move not in MOVES:
            self.add_error(None, "There is no such move.")
            return
        move = MOVES[self.move]
        reason = self.cleaned_data.get("reason", "")
        if move.needs_reason and not reason:
            self.add_error("reason", f"Say why: “{move.label}” needs a reason.")
            return
        story = Article(embargoed_until=self.cleaned_data.get("embargoed_until")) if self.instance.pk is None else None
        try:
            require_move(self.person, move, story or self.instance, reason=reason)
        except MoveRefused as refusal:
            self.add_error(None, str(refusal))

    @property
    def move(self) -> str:
        """The name of the move whose button was pressed."""
        return str(self.data.get("_move", ""))

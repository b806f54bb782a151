"""Form fields and widgets of the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin.keys import is_key
from articles.content.plain_text import clean_text

# As long as taggit lets a name be.
LONGEST_TAG = 100


class LabelledSplitDateTime(AdminSplitDateTime):
    """Each half says what it is to those who do not see the word beside it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for half, label in zip(context["widget"]["subwidgets"], ("Date", "Time"), strict=True):
            half["attrs"]["aria-label"] = label
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Whose clock it is stands beside it: people travel, and sites have readers elsewhere."""
        fields = super().render(name, value, attrs, renderer)
        return format_html('{}<span class="time-zone">{}</span>', fields, timezone.get_current_timezone_name())


class TagNamesInput(forms.SelectMultiple):
    """A box of tags: known ones are proposed while one types, others are made; a comma ends each."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "tag-names", **(attrs or {})})

    @property
    def media(self) -> forms.Media:
        # The files that Django's own boxes ask for: under other names each would come twice.
        extra = "" if settings.DEBUG else ".min"
        return forms.Media(
            css={"screen": (f"admin/css/vendor/select2/select2{extra}.css", "admin/css/autocomplete.css")},
            js=(
                f"admin/js/vendor/jquery/jquery{extra}.js",
                f"admin/js/vendor/select2/select2.full{extra}.js",
                "admin/js/jquery.init.js",
                "admin-newsroom/tags.js",
            ),
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.choices = self.choices_for(self.format_value(value))
        # Known only when addresses are.
        attrs = {**(attrs or {}), **self.addresses()}
        return super().get_context(name, value, attrs)

    def addresses(self) -> dict[str, str]:
        """Where the names come from, and what is proposed before anything is typed."""
        return {
            "data-names": reverse("admin:articles_article_tag_names"),
            "data-proposals": reverse("admin:articles_article_tag_proposals"),
        }

    def choices_for(self, value: list[str]) -> list[tuple[str, str]]:
        return [(each, each) for each in value]

    def format_value(self, value: Any) -> list[str]:
        return [str(each) for each in value or ()]


class TagNamesField(forms.Field):
    """A list of tag names, each once whatever its case, spelt as the tag that is there already."""

    widget = TagNamesInput

    def prepare_value(self, value: Any) -> list[str]:
        return [str(each) for each in value or ()]

    def to_python(self, value: Any) -> list[str]:
        pieces = clean_text(",".join(value or ())).replace("\n", ",").split(",")
        named = {name.casefold(): name for piece in reversed(pieces) if (name := " ".join(piece.split()))}
        return list(reversed(named.values()))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for name in value:
            if len(name) > LONGEST_TAG:
                raise forms.ValidationError(f"“{name[:40]}…” is too long for a tag: {LONGEST_TAG} characters at most.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.prepare_value(initial)) != set(self.to_python(data))


class RowChoice(AutocompleteSelect):
    """Django's box that proposes rows asks the database for whatever was sent, when it shows a form with its errors."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if is_key(str(each))], attr)

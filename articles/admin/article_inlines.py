"""What is edited in place on a story: sources, related links, corrections."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from articles.admin.desk import AnyModelForm, DeskStackedInline, DeskTabularInline
from articles.models import Citation, Correction, RelatedLink


class CitationInline(DeskStackedInline):
    model = Citation
    fields = (("role", "source", "position"), "title", "url", ("licence", "retrieved_on"))
    autocomplete_fields = ("source",)
    verbose_name = "source"
    verbose_name_plural = "sources"


class RelatedLinkForm(AnyModelForm):
    headline = forms.CharField(
        max_length=500,
        required=False,
        widget=AdminTextInputWidget(attrs={"aria-label": "Headline"}),
        help_text="Empty to take it from the story that is chosen.",
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        target, headline = self.cleaned_data.get("target"), self.cleaned_data.get("headline")
        if target and self.cleaned_data.get("url"):
            self.add_error("url", "A link leads to one place: choose a story, or give an address, not both.")
        if not headline and not target:
            self.add_error("headline", "Give a headline, or choose a story.")
        elif target and not headline:
            self.cleaned_data["headline"] = target.headline
        return self.cleaned_data


class RelatedLinkInline(DeskTabularInline):
    model = RelatedLink
    form = RelatedLinkForm
    fk_name = "article"
    fields = ("headline", "target", "url", "marker", "position")
    autocomplete_fields = ("target",)


class CorrectionInline(DeskStackedInline):
    model = Correction
    fields = (("kind", "corrected_at"), "text", "passage")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

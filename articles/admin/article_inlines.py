"""What is edited in place on a story: sources, related links, corrections."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.admin.desk import AnyModelForm, DeskStackedInline, DeskTabularInline
from articles.editorial.permissions import may_edit
from articles.models import Article, Citation, Correction, RelatedLink

UNSEEN = "A story that you may not see"


class CitationInline(DeskStackedInline):
    model = Citation
    fields = (("role", "source", "position"), "title", "url", ("licence", "retrieved_on"))
    autocomplete_fields = ("source",)
    verbose_name = "source"
    verbose_name_plural = "sources"


class StoryToLeadTo(forms.ModelChoiceField):
    """A choice among the stories that a person may see; of another one that is chosen already no word is told."""

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = Article.objects.originals().visible_to(person)
        self.queryset = self.seen

    def keep(self, pk: int | None) -> None:
        """Leaves what is chosen already as it is, seen or not."""
        self.queryset = Article.objects.filter(Q(pk__in=self.seen.order_by().values("pk")) | Q(pk=pk))

    def is_seen(self, story: Article) -> bool:
        return self.seen.filter(pk=story.pk).exists()

    def label_from_instance(self, obj: Article) -> str:
        return str(obj) if self.is_seen(obj) else UNSEEN


def choose_among_seen(db_field: Any, request: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """For `formfield_for_foreignkey` of rows that lead to a story."""
    if db_field.name == "target" and request:
        return {**kwargs, "form_class": partial(StoryToLeadTo, person=request.user)}
    return kwargs


def with_seen_targets(links: QuerySet[Any], person: Any) -> QuerySet[Any]:
    seen = Article.objects.visible_to(person).filter(pk=OuterRef("target")).order_by()
    told: QuerySet[Any] = links.annotate(target_seen=Exists(seen))
    return told


def told_target(link: Any) -> str:
    """The headline of the story to which a link of `with_seen_targets` leads, for those who may see it."""
    if link.target is None:
        return "–"
    return str(link.target) if link.target_seen else UNSEEN


class RelatedLinkForm(AnyModelForm):
    headline = forms.CharField(
        max_length=500,
        required=False,
        widget=AdminTextInputWidget(attrs={"aria-label": "Headline"}),
        help_text="Empty to take it from the story that is chosen.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look has a form without fields.
        if "target" in self.fields and self.instance.target_id:
            self.fields["target"].keep(self.instance.target_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        target, headline = self.cleaned_data.get("target"), self.cleaned_data.get("headline")
        if target and self.cleaned_data.get("url"):
            self.add_error("url", "A link leads to one place: choose a story, or give an address, not both.")
        if not headline and not target:
            self.add_error("headline", "Give a headline, or choose a story.")
        elif target and not headline and not self.fields["target"].is_seen(target):  # type: ignore[attr-defined]
            self.add_error("headline", "Give a headline: you may not see the story to which it leads.")
        elif target and not headline:
            self.cleaned_data["headline"] = target.headline
        return self.cleaned_data


class RelatedLinkInline(DeskTabularInline):
    model = RelatedLink
    form = RelatedLinkForm
    fk_name = "article"
    fields = ("headline", "target", "url", "marker", "position")
    autocomplete_fields = ("target",)
    readonly_fields = ("leads_to",)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """Where the rows are only shown, a story that a person may not see has no name."""
        is_shown = obj is not None and obj.pk and not may_edit(request.user, obj)
        return tuple("leads_to" if is_shown and name == "target" else name for name in self.fields)

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return with_seen_targets(super().get_queryset(request), request.user)

    @admin.display(description="target")
    def leads_to(self, link: Any) -> str:
        return told_target(link)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **choose_among_seen(db_field, request, kwargs))


class CorrectionInline(DeskStackedInline):
    model = Correction
    fields = (("kind", "corrected_at"), "text", "passage")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

"""Checks at the desk: what they found on a story's page, and how severe they are on a section's and the site's."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from articles.admin.desk import AnyModelAdmin
from articles.editorial.checks.base import Severity
from articles.editorial.checks.registry import CHECKS
from articles.editorial.checks.rules import (
    decided_severities,
    inherited_severities,
    may_set_severities,
    set_severities,
)
from articles.editorial.checks.running import Finding, NotReady, Report, check_article
from articles.models import Article, Section

HEADING = "Checks before publication"
PREFIX = "check_"


@dataclass(frozen=True)
class Panel:
    """What the panel of a story shows: what is fine, and each list of problems with the place of what mends it."""

    groups: list[tuple[str, list[tuple[Finding, str]]]]
    fine: str


class ChecksPanel(AnyModelAdmin):
    """Mixed into the admin of stories: the panel, and the way back to it when a story was not ready."""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj")
        if story and story.pk:
            # What is stored, whatever the form holds that was just refused.
            stored = Article.objects.get(pk=story.pk) if request.method == "POST" else story
            context |= {"checks": panel_of(check_article(stored, by=request.user), anchors_in(context))}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return self._back_to_panel(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return self._back_to_panel(request, obj) or super().response_post_save_change(request, obj)

    def _back_to_panel(self, request: HttpRequest, article: Article) -> HttpResponseRedirect | None:
        if not isinstance(getattr(request, "refusal", None), NotReady):
            return None
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def panel_of(report: Report, anchors: dict[str, str]) -> Panel:
    groups = [("Blocks publication", report.blocking), ("Worth a look", report.warnings)]
    fine = ", ".join(report.fine)
    return Panel(
        [(name, [(each, anchors.get(each.field, "")) for each in found]) for name, found in groups if found],
        fine[:1].upper() + fine[1:],
    )


def anchors_in(context: Any) -> dict[str, str]:
    """The identifiers on the page of what this person can change there, by the names of fields and of rows."""
    page = context["adminform"]
    places = {
        name: f"id_{name}_0" if isinstance(field, forms.SplitDateTimeField) else f"id_{name}"
        for name, field in page.form.fields.items()
        # What a form declares by itself stays in it, even where the page only shows it.
        if not field.disabled and name not in page.readonly_fields
    }
    rows = (each for each in context["inline_admin_formsets"] if each.has_add_permission or each.has_change_permission)
    return places | {each.formset.prefix: f"{each.formset.prefix}-group" for each in rows}


class AsksOfStories(AnyModelAdmin):
    """Mixed into the admin of sections and of the site's settings: a choice for every check.

    Whoever may choose and may not change the rest of the row finds the rest to read.
    """

    def may_choose(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and obj.pk is not None and may_set_severities(request.user, _section_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) or self.may_choose(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        if super().has_change_permission(request, obj) or not self.may_choose(request, obj):
            return readonly
        return [*readonly, *(field.name for field in self.opts.get_fields() if field.concrete)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        found = super().get_prepopulated_fields(request, obj)
        return {name: given for name, given in found.items() if name not in self.get_readonly_fields(request, obj)}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        if self.may_choose(request, obj):
            fieldsets.append((HEADING, {"fields": [PREFIX + name for name in CHECKS], "description": _about(obj)}))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        if self.may_choose(request, obj):
            kwargs["form"] = type(self.form.__name__, (self.form,), severity_fields(_section_of(obj)))
        return super().get_form(request, obj, change=change, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        chosen = {name: form.cleaned_data[PREFIX + name] for name in CHECKS if PREFIX + name in form.changed_data}
        if chosen:
            set_severities(_section_of(form.instance), chosen, by=request.user)  # type: ignore[arg-type]


def severity_fields(section: Section | None) -> dict[str, forms.Field]:
    decided, inherited = decided_severities(section), inherited_severities(section)
    where = "As for the whole site" if section else "As delivered"
    return {
        PREFIX + name: forms.ChoiceField(
            required=False,
            label=check.label[:1].upper() + check.label[1:],
            choices=[("", f"{where}: {Severity(inherited[name]).label.lower()}"), *Severity.choices],
            initial=decided.get(name, ""),
        )
        for name, check in CHECKS.items()
    }


def _section_of(row: Any) -> Section | None:
    return row if isinstance(row, Section) else None


def _about(row: Any) -> str:
    if _section_of(row):
        return "What a story of this section needs. What blocks has to be put right before the story is published."
    return "What a story needs, unless its section says otherwise. What blocks has to be put right before publication."

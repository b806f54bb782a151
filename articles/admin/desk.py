"""What all pages of the desk share: fields as this house wants them, forms that fill in a slug, links to the site."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.http import HttpRequest

from articles.admin.change_list import DeskChangeList
from articles.admin.paging import MOST_LISTED, DeskPaginator
from articles.admin.picture_choice import PictureChoice
from articles.admin.widgets import LabelledSplitDateTime, RowChoice
from articles.content.slugs import headline_slug, numbered_slug
from articles.models import Article, Image

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyStackedInline = admin.StackedInline[Any, Any]
    AnyModelForm = forms.ModelForm[Any]
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyTabularInline = admin.TabularInline
    AnyStackedInline = admin.StackedInline
    AnyModelForm = forms.ModelForm
    AnyInlineFormSet = forms.BaseInlineFormSet


def validate_moment(value: datetime) -> None:
    """Refuses years that only a slip of the hand gives; the first and the last there are know no other time zone."""
    if not 1400 <= value.year < 3000:
        raise forms.ValidationError("Expected a year from 1400 to 2999.")


FORM_FIELDS: dict[Any, dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.DateTimeField: {
        "form_class": forms.SplitDateTimeField,
        "widget": LabelledSplitDateTime,
        "validators": (validate_moment,),
    },
}


class DeskFields:
    """Mixed into all that has fields."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # What other stories use as well is not deleted from within one.
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.related_model is Image:
            kwargs.setdefault("widget", PictureChoice(db_field, self.admin_site))  # type: ignore[attr-defined]
        elif db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", RowChoice(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def count_rows(rows: QuerySet[Any], link: str, what: str = "pk") -> Coalesce:
    """How many ``rows`` lead by their field ``link`` to a row of a list: asked for the rows on the page alone."""
    linked = rows.order_by().filter(**{link: OuterRef("pk")}).values(link)
    counted = Count(what, distinct=what != "pk")
    return Coalesce(Subquery(linked.annotate(found=counted).values("found")), 0)


def without_copies(rows: QuerySet[Any], story: str) -> QuerySet[Any]:
    """``rows`` whose field ``story`` leads to no working copy, for counting them.

    The few copies are looked up once. Asked whether ``replaces`` is empty, SQLite walks through all stories by the
    index of that column, for each row of the list again: minutes where this takes milliseconds.
    """
    return rows.exclude(**{f"{story}__in": Article.objects.filter(replaces__isnull=False).order_by().values("pk")})


def of_stories(stories: QuerySet[Article]) -> Q:
    """The condition that a row's ``article`` is among ``stories``: asked of each row, so that a page reads a page.

    As a value, not as EXISTS: PostgreSQL would make a join of that, and read all stories for it.
    """
    found = Subquery(stories.order_by().filter(pk=OuterRef("article")).values("pk")[:1])
    return Q(IsNull(found, False))  # noqa: FBT003 - Django's signature


def label_in_table(field: Any) -> None:
    """A table has its labels at the top, where only eyes find them."""
    widget = getattr(field.widget, "widget", field.widget)
    widget.attrs["aria-label"] = str(field.label)


class DeskAdmin(DeskFields, AnyModelAdmin):
    formfield_overrides = FORM_FIELDS
    list_per_page = 50
    paginator = DeskPaginator
    # How many rows there are without a filter is asked of the whole table, and nobody reads it.
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return DeskChangeList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """What is done with all rows is done with those that are listed: of more than these nobody saw how many."""
        is_across = request.POST.get("select_across") == "1"
        if is_across and queryset.order_by().values_list("pk")[MOST_LISTED : MOST_LISTED + 1]:
            self.message_user(
                request, f"That is more than {MOST_LISTED:,} rows: narrow the list first.", messages.ERROR
            )
            return None
        return super().response_action(request, queryset, *args, **kwargs)

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        rows: Any = super().get_changelist_formset(request, **kwargs)
        for field in rows.form.base_fields.values():
            label_in_table(field)
        return rows

    def view_on_site(self, obj: Model) -> str | None:
        """The address itself: Django's detour leads to the domain in its table of sites, which nobody keeps."""
        address = getattr(obj, "get_absolute_url", None)
        return address() if address else None


class ReadOnlyAdmin(DeskAdmin):
    """For rows that verbs write: they are looked at, and nobody changes them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LabelledRows(AnyInlineFormSet):
    """Rows whose box for deleting them says so to those who do not see the head of the table."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this row"


class DeskTabularInline(DeskFields, AnyTabularInline):
    formfield_overrides = FORM_FIELDS
    formset = LabelledRows
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            label_in_table(field)
        return field


class DeskStackedInline(DeskFields, AnyStackedInline):
    formfield_overrides = FORM_FIELDS
    extra = 0


class NamedForm(AnyModelForm):
    """A form for what has a name and a slug: an empty slug is made from the name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look has a form without fields.
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The last part of the address; empty to make it from the name."

    def clean_slug(self) -> str:
        given = str(self.cleaned_data["slug"])
        if given:
            return given
        kind = type(self.instance)
        length = self.fields["slug"].max_length  # type: ignore[attr-defined]
        base = headline_slug(self.cleaned_data.get("name", ""), max_length=length) or kind.__name__.lower()
        taken = kind.objects.exclude(pk=self.instance.pk).filter(slug__startswith=base)
        return numbered_slug(base, set(taken.values_list("slug", flat=True)), max_length=length)


class NamedAdmin(DeskAdmin):
    """For what has a name, a slug, and stories to which it belongs."""

    form = NamedForm
    prepopulated_fields = {"slug": ("name",)}
    search_fields: ClassVar[tuple[str, ...]] = ("name",)

    # Counted in the query of the list.
    counted_stories: ClassVar[Coalesce]

    class Media:
        # The second replaces the one function of the first.
        js = ("admin/js/urlify.js", "admin-newsroom/slugs.js")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(stories_told=self.counted_stories)
        return rows

    @admin.display(description="stories", ordering="stories_told")
    def stories(self, row: Any) -> int:
        return int(row.stories_told)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Where the slug is shown and not asked for, there is nothing to fill in."""
        return dict(self.prepopulated_fields) if self.has_change_permission(request, obj) else {}

"""What stories say of one another and of themselves: corrections, related links, the addresses they once had."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars

from articles.admin.article_inlines import RelatedLinkForm, choose_among_seen, told_target, with_seen_targets
from articles.admin.desk import DeskAdmin, of_stories
from articles.editorial.corrections import add_correction, change_correction, delete_correction
from articles.editorial.permissions import may_edit, stage_of
from articles.editorial.transitions import Stage
from articles.models import Article, Correction, DeletedImport, FormerSlug, RelatedLink


class StoryRowAdmin(DeskAdmin):
    """For rows that belong to a story: whoever may change the story may change them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(of_stories(Article.objects.visible_to(request.user)))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name == "article" and request:
            kwargs["queryset"] = Article.objects.editable_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_edit(request.user, obj.article))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or may_edit(request.user, obj.article))


@admin.register(Correction)
class CorrectionAdmin(StoryRowAdmin):
    fields = ("article", ("kind", "corrected_at"), "text", "passage")
    autocomplete_fields = ("article",)
    list_display = ("summary", "kind", "article", "corrected_at")
    list_filter = ("kind",)
    list_select_related = ("article",)
    date_hierarchy = "corrected_at"
    search_fields = ("text", "passage", "article__headline")

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: Any) -> None:
        save = change_correction if change else add_correction
        save(obj, by=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Correction) -> None:
        delete_correction(obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        for correction in queryset.select_related("article"):
            delete_correction(correction, by=request.user)  # type: ignore[arg-type]

    @admin.display(description="text", ordering="text")
    def summary(self, correction: Correction) -> str:
        return truncatechars(correction.text, 90)

    def view_on_site(self, obj: Any) -> str | None:
        return super().view_on_site(obj.article)


class DestinationFilter(admin.SimpleListFilter):
    title = "destination"
    parameter_name = "destination"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waits for its story"), ("here", "a story here"), ("elsewhere", "an address elsewhere")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.filter(target=None, url="")
            case "here":
                return queryset.exclude(target=None)
            case "elsewhere":
                return queryset.exclude(url="")
        return queryset


class RelatedLinkRowForm(RelatedLinkForm):
    def clean_article(self) -> Article:
        article: Article = self.cleaned_data["article"]
        if stage_of(article) == Stage.PUBLISHED:
            raise forms.ValidationError("Readers have this story already: its links are edited in its working copy.")
        return article


@admin.register(RelatedLink)
class RelatedLinkAdmin(StoryRowAdmin):
    form = RelatedLinkRowForm
    fields = ("article", "headline", "target", "url", ("marker", "position"))
    readonly_fields = ("destination",)
    autocomplete_fields = ("article", "target")
    list_display = ("headline", "destination", "article")
    list_filter = (DestinationFilter,)
    # A position is one within a story.
    ordering = ("-pk",)
    list_select_related = ("article", "target")
    search_fields = ("headline",)
    # The newest first is an index; sorted by headlines, all rows would have to be read.
    sortable_by = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where a link is only shown, a story that a person may not see has no name."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return tuple("destination" if name == "target" else name for name in self.fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_seen_targets(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **choose_among_seen(db_field, request, kwargs))

    # What readers have is edited as a working copy, its links too.

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_with_readers(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_with_readers(obj)

    @admin.display(description="leads to")
    def destination(self, link: RelatedLink) -> str:
        if link.target:
            return told_target(link)
        return link.url or "waits for its story"


def is_with_readers(link: RelatedLink | None) -> bool:
    return link is not None and stage_of(link.article) == Stage.PUBLISHED


@admin.register(FormerSlug)
class FormerSlugAdmin(DeskAdmin):
    """Written by the system alone; one that does harm can be deleted."""

    list_display = ("slug", "article")
    list_select_related = ("article",)
    search_fields = ("slug", "article__headline")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(of_stories(Article.objects.visible_to(request.user)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DeletedImport)
class DeletedImportAdmin(DeskAdmin):
    """What the importers leave alone; to delete a row is to let its text in again."""

    list_display = ("headline", "import_id", "deleted_at")
    readonly_fields = ("headline", "import_source", "import_id", "import_hash", "deleted_at")
    date_hierarchy = "deleted_at"
    search_fields = ("headline", "import_id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

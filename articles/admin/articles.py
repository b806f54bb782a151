"""Stories: the list, the page on which one is written, and the moves from one status to another."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin.article_fieldsets import CONTENT, SHOWN, fieldsets_for, is_for_reading
from articles.admin.article_form import ArticleForm
from articles.admin.article_inlines import CitationInline, CorrectionInline, RelatedLinkInline
from articles.admin.article_moves import StoryMoves, shown_moment
from articles.admin.autosaves import Autosaves
from articles.admin.bylines import AuthorNames
from articles.admin.change_list import DeskChangeList
from articles.admin.checks import ChecksPanel
from articles.admin.desk import DeskAdmin
from articles.admin.library_search import LibrarySearch
from articles.admin.paging import StoryPaginator
from articles.admin.previews import Previews
from articles.admin.readers import Readers
from articles.admin.related import RelatedPanel
from articles.admin.story_search import search_stories
from articles.admin.tag_proposals import TagProposals
from articles.admin.working_copies import WorkingCopies
from articles.content.plain_text import clean_text
from articles.editorial.corrections import add_correction, change_correction, delete_correction
from articles.editorial.moving import lock_story_of
from articles.editorial.permissions import is_under_embargo, may_delete, may_edit, moves_open_to, stage_of
from articles.editorial.revisions import keep_revision
from articles.editorial.transitions import MOVES, Stage
from articles.editorial.writing import delete_article, record_changes, write_article
from articles.models import Article, Correction, Revision, Tag
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.models.section_limit import sections_of

PROPOSED_TAGS = 20
SHOWN_ACTIVITY = 15
REVISIONS = str(Revision._meta.verbose_name)  # noqa: SLF001 - as Django itself names what a person may not delete


class ArticleChangeList(DeskChangeList):
    """Reads what a row shows and no more: bodies stay where they are."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        found = super().get_queryset(request, exclude_parameters)
        return found.prefetch_related("bylines__author").defer(*UNSEEN_IN_LISTS)


@admin.register(Article)
class ArticleAdmin(
    ChecksPanel,
    StoryMoves,
    WorkingCopies,
    Previews,
    Readers,
    RelatedPanel,
    Autosaves,
    AuthorNames,
    TagProposals,
    LibrarySearch,
    DeskAdmin,
):
    form = ArticleForm
    inlines = (CitationInline, RelatedLinkInline, CorrectionInline)
    autocomplete_fields = ("section", "lead_image")
    prepopulated_fields = {"slug": ("headline",)}
    readonly_fields = (
        "standing",
        "text_shown",
        *SHOWN,
        "preview_links",
        "log",
        "first_published_at",
        "created_at",
        "modified_at",
        "import_source",
        "import_id",
        "import_hash",
        "imported_at",
    )
    list_display = ("headline", "state", "section", "byline", "published_at", "words")
    list_filter = ("status", "section", "story_type", "modified_at")
    list_select_related = ("section",)
    date_hierarchy = "published_at"
    paginator = StoryPaginator
    # By other columns, every story would have to be read and sorted: they have filters.
    sortable_by = ("published_at",)
    ordering = ("-modified_at",)
    # Searched by get_search_results; that there are some puts the box above the list.
    search_fields = ("headline", "dek", "slug", "bylines__author__name")
    save_on_top = False

    class Media:
        css = {"screen": ("admin-newsroom/reading.css", "admin-newsroom/checks.css")}
        js = ("admin/js/urlify.js", "admin-newsroom/slugs.js", "admin-newsroom/checks.js")

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return ArticleChangeList

    def get_ordering(self, request: HttpRequest) -> Any:
        """Of a year or a month the newest first: by the index by which these stories are found."""
        is_of_dates = any(name.startswith(f"{self.date_hierarchy}__") for name in request.GET)
        return ("-published_at",) if is_of_dates else self.ordering

    @admin.display(description="status", ordering="status")
    def state(self, article: Article) -> str:
        """What readers see of it, in a word: a published story may still wait for its time."""
        now = timezone.now()
        if article.replaces_id:
            return f"Update: {stage_of(article).label.lower()}"
        if article.status != Article.Status.PUBLISHED or article.is_public(now):
            return article.get_status_display()
        if article.expires_at and article.expires_at <= now:
            return "Expired"
        return "Scheduled" if article.published_at and article.published_at > now else "Embargoed"

    @admin.display(description="by")
    def byline(self, article: Article) -> str:
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description="words", ordering="word_count")
    def words(self, article: Article) -> int:
        return article.word_count

    # The page

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return (*fieldsets_for(obj, is_read=self.is_read(request, obj)), *self.preview_fieldsets(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return (*self.readonly_fields, *CONTENT) if self.is_read(request, obj) else self.readonly_fields

    def is_read(self, request: HttpRequest, obj: Article | None) -> bool:
        """Whether the page shows the text and does not let it be written."""
        return is_for_reading(obj) or (obj is not None and not self.has_change_permission(request, obj))

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> Any:
        """What readers are told of a story is told of the story itself; what it says is written in its working copy."""
        if is_for_reading(obj):
            return (CorrectionInline,)
        is_copy = obj is not None and obj.replaces_id is not None
        return tuple(each for each in self.inlines if not (is_copy and each is CorrectionInline))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        """Where the slug is shown and not asked for, there is nothing to fill in."""
        return {} if self.is_read(request, obj) else dict(self.prepopulated_fields)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Whoever is limited to some sections chooses from a list of these."""
        if sections_of(request.user) is None:
            return self.autocomplete_fields
        return tuple(name for name in self.autocomplete_fields if name != "section")

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"person": request.user})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj") or Article()
        may_save = self.has_change_permission(request, story) if story.pk else self.has_add_permission(request)
        moves = moves_open_to(request.user, story) if may_save else []
        if not story.pk:
            # What is not saved yet has no embargo to override.
            moves = [move for move in moves if not move.lifts_embargo]
        context |= self.working_copy_context(request, story)
        context |= {"moves": moves, "asks_reason": may_save and (story.pk or any(each.needs_reason for each in moves))}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """What is about to be saved is locked first: of two people the second meets what the first one did."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and connection.in_atomic_block:
            lock_story_of(found)
            found = Article.objects.select_for_update().filter(pk=found.pk).first()
        return found

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: Any) -> None:
        changed = [name for name in form.changed_data if name != "reason"]
        write_article(obj, by=request.user, changed=changed, reason=form.cleaned_data.get("reason", ""))  # type: ignore[arg-type]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        if formset.model is not Correction:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for correction in formset.new_objects:
            add_correction(correction, by=request.user)  # type: ignore[arg-type]
        for correction, _ in formset.changed_objects:
            change_correction(correction, by=request.user)  # type: ignore[arg-type]
        for correction in formset.deleted_objects:
            delete_correction(correction, by=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        # Corrections have lines of their own.
        others = [each.prefix for each in formsets if each.has_changed() and each.model is not Correction]
        record_changes(form.instance, by=request.user, changed=others if change else ())  # type: ignore[arg-type]
        if not is_for_reading(form.instance):
            keep_revision(form.instance, by=request.user)  # type: ignore[arg-type]
        if form.move:
            self.move_story(request, form.instance, MOVES[form.move], reason=form.cleaned_data.get("reason", ""))

    # Permissions

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request) & Article.objects.visible_to(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (not isinstance(obj, Article) or may_edit(request.user, obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A story that somebody may not change can still be looked at by them: the list holds no others."""
        return super().has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        return not isinstance(obj, Article) or may_delete(request.user, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nobody deletes a version by itself; with its story it goes."""
        objects, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return objects, counts, lacking - {REVISIONS}, protected

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        delete_article(obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset.defer(None):
            delete_article(article, by=request.user)  # type: ignore[arg-type]

    # What was done

    @admin.display(description="status", ordering="status")
    def standing(self, article: Article) -> str:
        if not article.pk:
            return Stage.DRAFT.label
        state = self.state(article)
        if article.scheduled_move and article.takes_effect_at:
            return f"Scheduled: takes effect on {shown_moment(article.takes_effect_at)}"
        if state == "Scheduled" and article.published_at:
            state = f"Scheduled for {shown_moment(article.published_at)}"
        if is_under_embargo(article) and article.embargoed_until:
            state = "Published" if state == "Embargoed" else state
            state += f", under embargo until {shown_moment(article.embargoed_until)}"
        return state

    @admin.display(description="what was done")
    def log(self, article: Article) -> SafeString:
        """The newest lines; the rest is in the log itself."""
        story = article.replaces or article
        rows = story.activity.all()[: SHOWN_ACTIVITY + 1]
        context = {
            "rows": rows[:SHOWN_ACTIVITY],
            "has_more": len(rows) > SHOWN_ACTIVITY,
            "has_versions": story.revisions.exists(),
            "article": story,
        }
        return render_to_string("admin/articles/article/_activity.html", context)

    @admin.display(description="text")
    def text_shown(self, article: Article) -> SafeString:
        return format_html('<div class="desk-text">{}</div>', article.body)

    @admin.display(description="tags")
    def tags_shown(self, article: Article) -> str:
        return listed(article.tagged.order_by("pk").values_list("tag__name", flat=True))

    @admin.display(description="bylines")
    def bylines_shown(self, article: Article) -> str:
        return listed(byline.author.name for byline in article.bylines.select_related("author"))

    @admin.display(description="sources")
    def sources_shown(self, article: Article) -> str:
        return listed(map(str, article.citations.select_related("source")))

    @admin.display(description="related links")
    def links_shown(self, article: Article) -> str:
        return listed(article.related_links.values_list("headline", flat=True))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Article], search_term: str) -> Any:
        """Where another page asks for a story to lead to, working copies are none."""
        if "field_name" in request.GET:
            queryset = queryset.originals()  # type: ignore[attr-defined]
        return search_stories(queryset, search_term), False

    # Tags

    def get_urls(self) -> list[URLPattern]:
        names = path("tag-names/", self.admin_site.admin_view(self.tag_names), name="articles_article_tag_names")
        return [names, *super().get_urls()]

    def tag_names(self, request: HttpRequest) -> HttpResponse:
        """Known tags with what was typed in their name, those that begin with it first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        term = " ".join(clean_text(request.GET.get("term", "")).split())
        names = Tag.objects.order_by("name").values_list("name", flat=True)
        first = list(names.filter(name__istartswith=term)[:PROPOSED_TAGS])
        then = names.filter(name__icontains=term).exclude(name__istartswith=term)[: PROPOSED_TAGS - len(first)]
        return JsonResponse({"results": [{"id": name, "text": name} for name in [*first, *then]]})


def listed(words: Iterable[str]) -> str:
    return "; ".join(words) or "–"

"""Stories: the list, the page on which one is written, and the moves from one status to another."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format

from articles.admin.article_form import PUBLIC_STATUSES, ArticleForm
from articles.admin.article_inlines import BylineInline, CitationInline, CorrectionInline, RelatedLinkInline
from articles.admin.desk import DeskAdmin
from articles.admin.library_search import LibrarySearch
from articles.content.plain_text import clean_text
from articles.editorial.publishing import PERMISSION, publish_article, withdraw_article
from articles.models import Article, Tag
from articles.models.querysets import UNSEEN_IN_LISTS

PROPOSED_TAGS = 20

WRITING = (None, {"fields": ("headline", "dek", "body"), "classes": ("desk-writing",)})
PUBLICATION = (
    "Publication",
    {"fields": ("status", "published_at", "section", "story_type", "tags", "slug", "dateline", "language")},
)
PICTURE = ("Picture", {"fields": ("lead_image", "lead_caption")})
TIMES = (
    "Times",
    {
        "classes": ("collapse",),
        "fields": (
            "updated_at",
            "embargoed_until",
            "expires_at",
            "first_published_at",
            "created_at",
            "modified_at",
        ),
    },
)
SEARCH_ENGINES = (
    "Search engines",
    {"classes": ("collapse",), "fields": ("seo_title", "seo_description", "canonical_url")},
)
ORIGIN = (
    "Import",
    {"classes": ("collapse",), "fields": ("import_source", "import_id", "import_hash", "imported_at")},
)


class ArticleChangeList(ChangeList):
    """Reads what a row shows and no more: bodies stay where they are."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        found = super().get_queryset(request, exclude_parameters)
        return found.prefetch_related("bylines__author").defer(*UNSEEN_IN_LISTS)


@admin.register(Article)
class ArticleAdmin(LibrarySearch, DeskAdmin):
    form = ArticleForm
    inlines = (BylineInline, CitationInline, RelatedLinkInline, CorrectionInline)
    autocomplete_fields = ("section", "lead_image")
    prepopulated_fields = {"slug": ("headline",)}
    readonly_fields = (
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
    ordering = ("-modified_at",)
    search_fields = ("headline", "dek", "slug", "bylines__author__name")
    show_full_result_count = False
    save_on_top = False
    actions = ("publish_selected", "withdraw_selected")

    class Media:
        js = ("admin/js/urlify.js", "admin-newsroom/slugs.js")

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleChangeList

    @admin.display(description="status", ordering="status")
    def state(self, article: Article) -> str:
        """What readers see of it, in a word: a published story may still wait for its time."""
        now = timezone.now()
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
        origin = (ORIGIN,) if obj and obj.import_source else ()
        return (WRITING, PUBLICATION, PICTURE, TIMES, SEARCH_ENGINES, *origin)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        """Where the slug is shown and not asked for, there is nothing to fill in."""
        return dict(self.prepopulated_fields) if self.has_change_permission(request, obj) else {}

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"may_publish": request.user.has_perm(PERMISSION)})

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: Any) -> None:
        if form.publishes:
            publish_article(obj, by=request.user, at=form.asked_time)  # type: ignore[arg-type]
        elif form.withdraws:
            withdraw_article(obj, by=request.user)  # type: ignore[arg-type]
        else:
            super().save_model(request, obj, form, change)

    # Permissions

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To delete a story that was published is to take it from its readers."""
        if isinstance(obj, Article) and obj.status in PUBLIC_STATUSES and not request.user.has_perm(PERMISSION):
            return False
        return super().has_delete_permission(request, obj)

    # Moves

    @admin.action(description="Publish the selected stories", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset.defer(None):
            if article.status == Article.Status.PUBLISHED:
                self.message_user(request, f"“{article}” was published already.", messages.INFO)
            elif self._move(request, article, publish_article):
                self.message_user(request, f"“{article}” {_told(article.published_at)}", messages.SUCCESS)

    @admin.action(description="Withdraw the selected stories", permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset.defer(None):
            if article.status != Article.Status.PUBLISHED:
                self.message_user(request, f"“{article}” is not published.", messages.INFO)
            elif self._move(request, article, withdraw_article):
                self.message_user(request, f"“{article}” is withdrawn.", messages.SUCCESS)

    def _move(self, request: HttpRequest, article: Article, verb: Callable[..., None]) -> bool:
        try:
            with transaction.atomic():
                verb(article, by=request.user)
        except IntegrityError:
            self.message_user(request, f"“{article}” stays as it is: its times contradict each other.", messages.ERROR)
            return False
        self.log_change(request, article, f"{article.get_status_display()}.")
        return True

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


def _told(published_at: datetime | None) -> str:
    if published_at and published_at > timezone.now():
        return f"is scheduled for {date_format(timezone.localtime(published_at), 'j F Y, H:i')}."
    return "is published."

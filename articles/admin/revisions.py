"""Versions of stories at the desk: what a story said, each time that somebody saved it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.desk import ReadOnlyAdmin, of_stories
from articles.admin.previews import LinksOfRevision
from articles.content.sanitising import clean_html
from articles.models import Article, Revision


@admin.register(Revision)
class RevisionAdmin(LinksOfRevision, ReadOnlyAdmin):
    list_display = ("version", "article", "created_at", "person_name", "note", "published_at")
    list_display_links = ("version",)
    list_select_related = ("article",)
    fields = ("article", "created_at", "person_name", "note", "published_at", "findings", "headline", "dek", "text")
    readonly_fields = ("findings", "headline", "dek", "text", "preview_links")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Versions of the stories on which a person may work: what readers never got is not for everybody."""
        rows = super().get_queryset(request).defer("snapshot")
        return rows.filter(of_stories(Article.objects.reachable_by(request.user)))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, *self.preview_fields(request, obj))

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="version", ordering="number")
    def version(self, revision: Revision) -> str:
        return str(revision)

    @admin.display(description="checks")
    def findings(self, revision: Revision) -> str:
        """What checks said of it when it was saved."""
        return (
            format_html_join("", "<p>{}: {}</p>", ((each["severity"], each["sentence"]) for each in revision.checks))
            or "–"
        )

    @admin.display(description="headline")
    def headline(self, revision: Revision) -> str:
        return str(revision.snapshot["fields"]["headline"])

    @admin.display(description="dek")
    def dek(self, revision: Revision) -> str:
        return str(revision.snapshot["fields"]["dek"])

    @admin.display(description="text")
    def text(self, revision: Revision) -> SafeString:
        # A snapshot travels in fixtures: it is input like any other.
        return format_html('<div class="desk-text">{}</div>', clean_html(revision.snapshot["fields"]["body"]))

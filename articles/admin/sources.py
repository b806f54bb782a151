"""Sources."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from articles.admin.desk import NamedAdmin
from articles.models import Source


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    fields = ("name", "slug", "url", "description", "accounts")
    list_display = ("name", "url", "stories")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(stories_told=Count("citations__article", distinct=True))

    @admin.display(description="stories", ordering="stories_told")
    def stories(self, source: Any) -> int:
        return int(source.stories_told)

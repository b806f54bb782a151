"""Tags."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from articles.admin.desk import NamedAdmin
from articles.models import Tag


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    fields = ("name", "slug", "description")
    list_display = ("name", "stories", "description")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(stories_told=Count("items"))

    @admin.display(description="stories", ordering="stories_told")
    def stories(self, tag: Any) -> int:
        return int(tag.stories_told)

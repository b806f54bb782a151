"""Sections: the menu and its order."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from articles.admin.desk import NamedAdmin
from articles.models import Section


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    fields = ("name", "slug", "description", ("position", "in_menu"))
    list_display = ("name", "position", "in_menu", "stories", "description")
    list_editable = ("position", "in_menu")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).annotate(stories_told=Count("articles"))

    @admin.display(description="stories", ordering="stories_told")
    def stories(self, section: Any) -> int:
        return int(section.stories_told)

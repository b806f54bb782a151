"""The popular lists that came with imported texts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.admin.desk import DeskAdmin, DeskTabularInline, count_rows, of_stories
from articles.models import Article, PopularEntry, PopularList


class PopularEntryInline(DeskTabularInline):
    model = PopularEntry
    fields = ("position", "headline", "target")
    autocomplete_fields = ("target",)


@admin.register(PopularList)
class PopularListAdmin(DeskAdmin):
    fields = ("article", "listed_on")
    autocomplete_fields = ("article",)
    inlines = (PopularEntryInline,)
    list_display = ("listed_on", "article", "length")
    list_select_related = ("article",)
    date_hierarchy = "listed_on"
    search_fields = ("article__headline",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = super().get_queryset(request).filter(of_stories(Article.objects.visible_to(request.user)))
        rows: QuerySet[Any] = seen.annotate(entries_listed=count_rows(PopularEntry.objects.all(), "list"))
        return rows

    @admin.display(description="headlines", ordering="entries_listed")
    def length(self, popular_list: Any) -> int:
        return int(popular_list.entries_listed)

"""Authors."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from articles.admin.desk import NamedAdmin
from articles.models import Author


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    fields = ("name", "slug", ("role", "place"), "bio", "portrait", "accounts", "user")
    autocomplete_fields = ("portrait", "user")
    list_display = ("name", "role", "place", "stories", "user")
    list_select_related = ("user",)
    search_fields = ("name", "role", "place")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).annotate(stories_told=Count("bylines"))

    @admin.display(description="stories", ordering="stories_told")
    def stories(self, author: Any) -> int:
        return int(author.stories_told)

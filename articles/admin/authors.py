"""Authors."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.desk import NamedAdmin
from articles.models import Author


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    fields = ("name", "slug", ("role", "place"), "bio", "portrait", "accounts", "user")
    autocomplete_fields = ("portrait", "user")
    list_display = ("name", "role", "place", "stories", "user")
    list_select_related = ("user",)
    search_fields = ("name", "role", "place")
    counted_stories = Count("bylines")

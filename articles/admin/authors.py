"""Authors."""

from django.contrib import admin

from articles.admin.desk import NamedAdmin, count_rows, without_copies
from articles.models import Author, Byline


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    fields = ("name", "slug", ("role", "place"), "bio", "portrait", "accounts", "user")
    autocomplete_fields = ("portrait", "user")
    list_display = ("name", "role", "place", "stories", "user")
    list_select_related = ("user",)
    search_fields = ("name", "role", "place")
    counted_stories = count_rows(without_copies(Byline.objects.all(), "article"), "author")

"""Sources."""

from django.contrib import admin

from articles.admin.desk import NamedAdmin, count_rows, without_copies
from articles.models import Citation, Source


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    fields = ("name", "slug", "url", "description", "accounts")
    list_display = ("name", "url", "stories")
    counted_stories = count_rows(without_copies(Citation.objects.all(), "article"), "source", "article")

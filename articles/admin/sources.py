"""Sources."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.desk import NamedAdmin
from articles.models import Source


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    fields = ("name", "slug", "url", "description", "accounts")
    list_display = ("name", "url", "stories")
    counted_stories = Count("citations__article", distinct=True)

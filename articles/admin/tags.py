"""Tags."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.desk import NamedAdmin
from articles.models import Tag


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    fields = ("name", "slug", "description")
    list_display = ("name", "stories", "description")
    counted_stories = Count("items")

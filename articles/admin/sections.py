"""Sections: the menu and its order."""

from django.contrib import admin
from django.db.models import Count

from articles.admin.desk import NamedAdmin
from articles.models import Section


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    fields = ("name", "slug", "description", ("position", "in_menu"))
    list_display = ("name", "position", "in_menu", "stories", "description")
    list_editable = ("position", "in_menu")
    counted_stories = Count("articles")

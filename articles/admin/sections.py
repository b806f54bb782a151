"""Sections: the menu and its order."""

from django.contrib import admin

from articles.admin.checks import AsksOfStories
from articles.admin.desk import NamedAdmin, count_rows, without_copies
from articles.models import Article, Section


@admin.register(Section)
class SectionAdmin(AsksOfStories, NamedAdmin):
    fields = ("name", "slug", "description", ("position", "in_menu"))
    list_display = ("name", "position", "in_menu", "stories", "description")
    list_editable = ("position", "in_menu")
    counted_stories = count_rows(without_copies(Article.objects.all(), "pk"), "section")

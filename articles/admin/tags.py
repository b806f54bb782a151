"""Tags."""

from django.contrib import admin

from articles.admin.desk import NamedAdmin, count_rows, without_copies
from articles.models import Tag, TaggedArticle


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    fields = ("name", "slug", "description")
    list_display = ("name", "stories", "description")
    # To sort by the number of stories, those of every tag would have to be counted.
    sortable_by = ("name",)
    counted_stories = count_rows(without_copies(TaggedArticle.objects.all(), "content_object"), "tag")

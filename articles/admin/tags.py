"""Tags."""

from django.contrib import admin

from articles.admin.desk import NamedAdmin, count_rows, without_copies
from articles.models import Tag, TaggedArticle


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    fields = ("name", "kind", "slug", "description")
    list_display = ("name", "kind", "stories", "description")
    list_filter = ("kind",)
    # To sort by the number of stories, those of every tag would have to be counted.
    sortable_by = ("name",)
    counted_stories = count_rows(without_copies(TaggedArticle.objects.all(), "content_object"), "tag")

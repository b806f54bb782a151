"""The activity log at the desk: read, searched and exported, never written."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from articles.admin.csv_lines import csv_response
from articles.admin.desk import ReadOnlyAdmin, of_stories
from articles.models import Activity, Article
from articles.models.section_limit import sections_of

COLUMNS = ("when", "who", "what", "story", "identifier", "from", "to", "why", "detail")


class PersonFilter(admin.RelatedFieldListFilter):
    """Everybody who has done something: asked of the log's index, not of the lines that somebody may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        lines = Activity.objects.order_by().filter(person=OuterRef("pk"))
        return field.get_choices(include_blank=False, limit_choices_to=Q(Exists(lines)), ordering=("username",))


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "person_name", "action", "headline", "moved_from", "moved_to", "reason")
    list_filter = ("action", ("person", PersonFilter))
    date_hierarchy = "happened_at"
    sortable_by = ("happened_at",)
    search_fields = ("headline", "person_name", "reason", "detail")
    actions = ("export_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        """What was done with stories that a person may see, and what they did themselves."""
        rows = super().get_queryset(request)
        if sections_of(request.user) is None and request.user.has_perm("articles.view_embargoed_article"):
            return rows
        return rows.filter(Q(of_stories(Article.objects.visible_to(request.user))) | Q(person=request.user.pk))

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="From", ordering="from_stage", empty_value="–")
    def moved_from(self, activity: Activity) -> str:
        return activity.from_label

    @admin.display(description="To", ordering="to_stage", empty_value="–")
    def moved_to(self, activity: Activity) -> str:
        return activity.to_label

    @admin.action(description="Download the selected lines as CSV", permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Activity]) -> StreamingHttpResponse:
        return csv_response("activity", csv_rows(queryset))


def csv_rows(activities: QuerySet[Activity]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for each in activities.iterator():
        yield [
            timezone.localtime(each.happened_at).isoformat(timespec="seconds"),
            each.person_name,
            each.get_action_display(),
            each.headline,
            str(each.article_uid),
            each.from_stage,
            each.to_stage,
            each.reason,
            each.detail,
        ]

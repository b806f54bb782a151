"""The readers of one story: how many, when, from where, and where it stands in the popular lists."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles.admin.csv_lines import csv_response
from articles.admin.desk import AnyModelAdmin
from articles.admin.popularity import CURATE, TABS, VIEW, counting_context
from articles.admin.read_charts import ReadChart, days_chart, hours_chart, months_chart
from articles.models import Article
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.popularity.read_tables import story_table
from articles.popularity.reports import StoryReport, report_story


class Readers(AnyModelAdmin):
    """Mixed into the stories' admin."""

    def get_urls(self) -> list[URLPattern]:
        pages = (("readers/", self.readers_view, "readers"), ("readers/export/", self.readers_export, "readers_export"))
        return [
            *(
                path(f"<int:object_id>/{route}", self.admin_site.admin_view(view), name=f"articles_article_{name}")
                for route, view, name in pages
            ),
            *super().get_urls(),
        ]

    def readers_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        story = self._story_read(request, object_id)
        report = report_story(story)
        context = {
            **self.admin_site.each_context(request),
            **counting_context(),
            "title": "Readers",
            "subtitle": None,
            "opts": self.opts,
            "story": story,
            "report": report,
            "windows": [(name, report.windows[window]) for window, name in TABS.items()],
            "tabs": TABS.values(),
            "charts": charts_of(report),
            "may_curate": request.user.has_perm(CURATE),
        }
        return TemplateResponse(request, "admin/articles/popularity/story.html", context)

    def readers_export(self, request: HttpRequest, object_id: int) -> StreamingHttpResponse:
        story = self._story_read(request, object_id)
        return csv_response(f"readers-{story.pk}", story_table(story))

    def _story_read(self, request: HttpRequest, object_id: int) -> Article:
        """The story, for whoever may see it; of a working copy, the one that readers have."""
        if not (request.user.has_perm(VIEW) and self.has_view_permission(request)):
            raise PermissionDenied
        seen = Article.objects.visible_to(request.user).select_related("replaces").defer(*UNSEEN_IN_LISTS)
        found = seen.filter(pk=object_id).first()
        if found is None:
            raise Http404("There is no such story.")
        return found.replaces or found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj")
        if story and request.user.has_perm(VIEW):
            context["readers_address"] = reverse("admin:articles_article_readers", args=[story.replaces_id or story.pk])
        return super().render_change_form(request, context, *args, **kwargs)


def charts_of(report: StoryReport) -> list[ReadChart]:
    longer = [months_chart(report.months)] if report.months else []
    return [hours_chart(report.hours), days_chart(report.days), *longer]

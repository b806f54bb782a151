"""What readers read: the report on the whole site, window by window, and its download."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import conf
from articles.admin.csv_lines import csv_response
from articles.admin.desk import ReadOnlyAdmin
from articles.admin.read_charts import days_chart, hours_chart
from articles.models import SiteSettings, Standing, Window
from articles.popularity.read_tables import site_table
from articles.popularity.reports import PLACES_KEPT, report_site

VIEW: Final = "articles.view_popularity"
CURATE: Final = "articles.curate_popular"
# Each as short as a tab has room for.
TABS: Final[dict[str, str]] = {
    Window.TRENDING: "Trending",
    Window.DAY: "Day",
    Window.WEEK: "Week",
    Window.MONTH: "Month",
    Window.YEAR: "Year",
    Window.ALL_TIME: "All time",
}
# Of when the reads in a list are: “12 reads this week”.
SPOKEN: Final[dict[str, str]] = {
    Window.DAY: "in the last 24 hours",
    Window.WEEK: "this week",
    Window.MONTH: "this month",
    Window.YEAR: "this year",
    Window.ALL_TIME: "of all time",
}


class DeskPage(ReadOnlyAdmin):
    """A page of the desk's index that shows no rows: the address of a list, and none of single rows."""

    permission = ""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.changelist_view), name=name), *self.further_urls()]

    def further_urls(self) -> list[URLPattern]:
        return []

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/popularity/{template}", {**shared, **context})


@admin.register(Standing)
class ReadersReportAdmin(DeskPage):
    permission = VIEW

    def further_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="articles_standing_export")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require_view(request)
        chosen = request.GET.get("window") or SiteSettings.objects.load().popular_window
        if chosen not in Window.values:
            return HttpResponseRedirect(reverse("admin:articles_standing_changelist"))
        report = report_site(Window(chosen))
        context = {
            "title": "What readers read",
            "report": report,
            "tabs": [(window, name, window == chosen) for window, name in TABS.items()],
            "charts": [hours_chart(report.hours), days_chart(report.days)],
            "places_kept": PLACES_KEPT,
            "may_curate": request.user.has_perm(CURATE),
            **counting_context(),
        }
        return self.page(request, "report.html", context)

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        self.require_view(request)
        return csv_response("readers", site_table(request.user))  # type: ignore[arg-type]


def counting_context() -> dict[str, Any]:
    """The settings that explain how a number comes about."""
    return {
        "half_life_hours": conf.trending_half_life().total_seconds() / 3600,
        "popular_weight": conf.popular_origin_weight(),
        "window_minutes": conf.read_window().total_seconds() / 60,
        "most_a_minute": conf.reads_per_minute(),
        "time_zone": timezone.get_current_timezone_name(),
    }

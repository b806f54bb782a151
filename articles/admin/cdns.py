"""The caches in front of the site at the desk: whether each knows what has changed, and what to do where it does not."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.admin.desk import ReadOnlyAdmin
from articles.models import CdnDelivery
from articles.page_cache.cdn.operating import PURGE, purge_everything, try_again
from articles.page_cache.cdn.targets import targets

COLUMNS = ("target", "state", "last_error", "failing_since", "due_at", "delivered_at")


@admin.register(CdnDelivery)
class CdnDeliveryAdmin(ReadOnlyAdmin):
    list_display = COLUMNS
    list_display_links = None
    sortable_by = ()
    fields = COLUMNS
    actions = ("try_selected_again", "purge_all_pages")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Where there is no CDN, nobody has to know that there could be one."""
        return bool(targets()) and super().has_module_permission(request)

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PURGE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CdnDelivery]:
        rows: QuerySet[CdnDelivery] = super().get_queryset(request)
        return rows.filter(target__in=[target.name for target in targets()])

    @admin.display(description="state")
    def state(self, delivery: CdnDelivery) -> str:
        if delivery.failures:
            times = f"{delivery.failures} time{'s' * (delivery.failures > 1)}"
            return f"Failed {times}: readers may see old pages"
        if delivery.delivered_at is None:
            return "Not told of anything yet"
        return "Knows what has changed"

    @admin.action(description="Try again now", permissions=["purge"])
    def try_selected_again(self, request: HttpRequest, queryset: QuerySet[CdnDelivery]) -> None:
        for delivery in queryset:
            try_again(delivery, by=request.user)
        self.message_user(request, "What waits is told within a few seconds.", messages.SUCCESS)

    @admin.action(description="Purge every page, here and at all CDNs", permissions=["purge"])
    def purge_all_pages(self, request: HttpRequest, queryset: QuerySet[CdnDelivery]) -> None:
        purge_everything(by=request.user)
        self.message_user(request, "Every page is made anew when it is next asked for.", messages.SUCCESS)

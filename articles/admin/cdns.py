"""The caches in front of the site at the desk: whether each knows what has changed, and what to do where it does not."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from articles.admin.article_moves import shown_moment
from articles.admin.desk import ReadOnlyAdmin
from articles.models import CdnDelivery
from articles.page_cache.cdn.operating import PURGE, purge_everything, try_again
from articles.page_cache.cdn.targets import targets

COLUMNS = ("knows", "target", "last_error", "delivered_at")


def next_try(delivery: CdnDelivery) -> str:
    if delivery.due_at is None or delivery.due_at <= timezone.now():
        return "It is tried again now."
    times = "once" if delivery.failures == 1 else f"{delivery.failures} times"
    return f"It failed {times}; the next try is at {date_format(timezone.localtime(delivery.due_at), 'H:i:s T')}."


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
    def knows(self, delivery: CdnDelivery) -> str:
        if delivery.failing_since:
            return f"Readers may see old pages since {shown_moment(delivery.failing_since)}. {next_try(delivery)}"
        return "Knows what has changed" if delivery.delivered_at else "Not told of anything yet"

    @admin.action(description="Try again now", permissions=["purge"])
    def try_selected_again(self, request: HttpRequest, queryset: QuerySet[CdnDelivery]) -> None:
        for delivery in queryset:
            try_again(delivery, by=request.user)
        self.message_user(request, "What waits is told within a few seconds.", messages.SUCCESS)

    @admin.action(description="Purge every page, here and at all CDNs", permissions=["purge"])
    def purge_all_pages(self, request: HttpRequest, queryset: QuerySet[CdnDelivery]) -> None:
        purge_everything(by=request.user)
        self.message_user(request, "Every page is made anew when it is next asked for.", messages.SUCCESS)

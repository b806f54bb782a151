"""Ways to narrow the list of pictures."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Image
from articles.pictures.uses import is_used

SOON = timedelta(days=30)


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "used"), ("no", "unused")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(is_used() if self.value() == "yes" else ~is_used())
        return queryset


class RightsFilter(admin.SimpleListFilter):
    title = "rights"
    parameter_name = "rights"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("expired", "expired"),
            ("soon", f"expire within {SOON.days} days"),
            ("limited", "expire some day"),
            ("unlimited", "do not expire"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        match self.value():
            case "expired":
                return queryset.filter(pk__in=Image.objects.expired(today))
            case "soon":
                return queryset.filter(rights_expire_on__gt=today, rights_expire_on__lte=today + SOON)
            case "limited":
                return queryset.filter(rights_expire_on__isnull=False)
            case "unlimited":
                return queryset.filter(rights_expire_on__isnull=True)
            case _:
                return queryset

"""Accounts: Django's own page with the sections to which somebody is limited, and no way up to all power."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from articles.admin.desk import DeskStackedInline
from articles.models import SectionLimit

admin.site.unregister(User)

# Only who has all power can give it away, or a part of it that no group has.
POWERS = ("is_superuser", "user_permissions")


class SectionLimitInline(DeskStackedInline):
    model = SectionLimit
    fields = ("sections",)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **kwargs, widget=forms.CheckboxSelectMultiple)


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = (SectionLimitInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """An account is made first, with its name and password."""
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _may_touch(request: HttpRequest, person: Any) -> bool:
    return request.user.is_superuser or not getattr(person, "is_superuser", False)

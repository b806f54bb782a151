"""What belongs to the whole site: its settings, and the pages that stand beside the stories."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from taggit.models import Tag as TaggitTag

from articles.admin.checks import AsksOfStories
from articles.admin.desk import DeskAdmin
from articles.editorial.checks.rules import may_set_severities
from articles.models import SiteSettings

# Registered by apps that come with their own admin and are used here in another way, or not at all: the site's
# address is a setting, and tags are a model of this house.
for unused in (FlatPage, Site, TaggitTag):
    admin.site.unregister(unused)


@admin.register(SiteSettings)
class SiteSettingsAdmin(AsksOfStories, DeskAdmin):
    """One row: the list leads straight to it."""

    fieldsets = (
        (None, {"fields": ("name", "tagline", "description", "accounts")}),
        ("Front page", {"fields": ("lead_story",)}),
        (
            "Sidebar",
            {
                "fields": (
                    "popular_shown",
                    "popular_heading",
                    ("popular_length", "popular_window"),
                    "popular_thumbnails",
                    "popular_snippets",
                )
            },
        ),
    )
    autocomplete_fields = ("lead_story",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = SiteSettings.objects.load()
        return HttpResponseRedirect(reverse("admin:articles_sitesettings_change", args=[row.pk]))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or may_set_severities(request.user, None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def view_on_site(self, obj: Any) -> str:
        return "/"


class PageForm(FlatpageForm):
    class Meta:
        model = FlatPage
        fields = ("title", "url", "content")
        widgets = {"content": AdminTextareaWidget(attrs={"class": "desk-body", "rows": 26})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "url" in self.fields:
            self.fields["url"].label = "Address"
            self.fields["url"].help_text = "Such as /about/ or /corrections/policy/."

    def clean_url(self) -> str:
        """Slashes at both ends are what everybody forgets."""
        self.cleaned_data["url"] = f"/{self.cleaned_data['url'].strip('/')}/"
        address = super().clean_url()
        if address == "//":
            raise forms.ValidationError("Give the page an address of its own: the front page has this one.")
        if FlatPage.objects.filter(url=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is another page at {address}.")
        return str(address)


@admin.register(FlatPage)
class PageAdmin(DeskAdmin):
    form = PageForm
    fields = ("title", "url", "content")
    list_display = ("title", "url")
    search_fields = ("title", "url", "content")
    ordering = ("title",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.sites.add(settings.SITE_ID)

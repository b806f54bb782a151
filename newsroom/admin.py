"""The admin site: Django's own under the newsroom's name, its index in the order of use."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

# Group → its rows from top to bottom, each with the name it has here where the model's own is not the desk's word.
GROUPS: dict[str, dict[str, str]] = {
    "Newsroom": {
        "articles.Article": "",
        "articles.Activity": "",
        "articles.Revision": "",
        "articles.PreviewLink": "",
        "articles.Correction": "",
        "articles.RelatedLink": "",
        "articles.Section": "",
        "articles.Tag": "",
        "articles.Author": "",
        "articles.Source": "",
        "articles.Image": "Pictures",
        "articles.Standing": "What readers read",
        "articles.PopularChoice": "Popular posts",
        "articles.PopularList": "Imported popular lists",
        "articles.SiteSettings": "",
        "flatpages.FlatPage": "Pages",
        "articles.FormerSlug": "Former addresses",
        "articles.DeletedImport": "Deleted imports",
        "articles.CdnDelivery": "",
    },
    "Accounts": {"auth.User": "", "auth.Group": ""},
    "Sign-in": {
        "axes.AccessLog": "Signed in",
        "axes.AccessAttempt": "Failed and locked out",
        "axes.AccessFailureLog": "Every failure",
    },
}

# Pages that show no model of their own: below which row they stand, their name, address and permission.
PAGES: dict[str, tuple[str, str, str]] = {
    "articles.RelatedLink": ("Unresolved references", "articles_article_unresolved", "articles.change_article"),
}


class NewsroomAdminSite(admin.AdminSite):
    site_header = "Newsroom"
    site_title = "Newsroom"
    index_title = "Desk"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # By its name: the configuration below is imported before there are models.
        names = apps.get_model("articles", "SiteSettings").objects.values_list("name", flat=True)
        name = names.first() or self.site_title
        return {**super().each_context(request), "site_header": f"{name} · Desk", "site_title": f"{name} · Desk"}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request)
        rows = {f"{app['app_label']}.{row['object_name']}": row for app in found for row in app["models"]}
        groups = [self._group(name, names, rows, request) for name, names in GROUPS.items()]
        # What nobody put in its place comes after all that has one.
        others = [{**app, "models": [row for row in app["models"] if row in rows.values()]} for app in found]
        shown = [group for group in [*groups, *others] if group["models"]]
        return [group for group in shown if group["app_label"] == app_label] if app_label else shown

    def _group(self, name: str, names: dict[str, str], rows: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
        """Takes its rows out of ``rows``; a group is what templates take for an app."""
        found = []
        for key, word in names.items():
            if key in rows:
                found += [{**rows.pop(key), **({"name": word} if word else {})}, *self._pages_below(key, request)]
        label = next(iter(names)).partition(".")[0]
        return {
            "name": name,
            "app_label": label,
            "app_url": reverse("admin:app_list", args=[label], current_app=self.name),
            "has_module_perms": True,
            "models": found,
        }

    def _pages_below(self, key: str, request: HttpRequest) -> list[dict[str, Any]]:
        if key not in PAGES or not request.user.has_perm(PAGES[key][2]):
            return []
        name, page, _ = PAGES[key]
        address = reverse(f"admin:{page}", current_app=self.name)
        return [{"name": name, "object_name": page, "admin_url": address, "add_url": None, "view_only": True}]

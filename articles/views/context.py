"""What stands around every page: the site's name, its menu, its flat pages."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Section, SiteSettings
from articles.models.json_rows import JSONRows


@dataclass(frozen=True)
class MenuEntry:
    name: str
    url: str


class Chrome:
    """Read with one query, and only on pages that show it."""

    @cached_property
    def _row(self) -> SiteSettings:
        menu = Section.objects.filter(in_menu=True).order_by("position", "name")
        pages = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False).order_by("title")
        columns = {
            "menu_rows": JSONRows(menu, "name", "slug"),
            "page_rows": JSONRows(pages, "url", name=F("title")),
        }
        row = SiteSettings.objects.annotate(**columns).first()
        return row or SiteSettings.objects.annotate(**columns).get(pk=SiteSettings.objects.load().pk)

    @property
    def settings(self) -> SiteSettings:
        return self._row

    @cached_property
    def menu(self) -> list[MenuEntry]:
        rows = self._row.menu_rows  # type: ignore[attr-defined]
        return [MenuEntry(row["name"], Section(slug=row["slug"]).get_absolute_url()) for row in rows]

    @cached_property
    def pages(self) -> list[MenuEntry]:
        rows = self._row.page_rows  # type: ignore[attr-defined]
        return [MenuEntry(row["name"], row["url"]) for row in rows]

    @property
    def address(self) -> str:
        """The site's root as readers know it, without a trailing slash."""
        return settings.SITE_URL

    @property
    def now(self) -> datetime:
        return timezone.localtime()


def chrome_of(request: HttpRequest) -> Chrome:
    """The one chrome of a request, whoever asks first."""
    return vars(request).setdefault("newsroom_chrome", Chrome())  # type: ignore[no-any-return]


def site_chrome(request: HttpRequest) -> dict[str, Chrome]:
    return {"site": chrome_of(request)}

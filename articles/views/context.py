"""What stands around every page: the site's name, its menu, its flat pages, what is popular."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import F, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Section, SiteSettings
from articles.models.json_rows import JSONRows
from articles.models.prepared import Given, Prepared
from articles.popularity.leaderboards import BOARD, Line, site_standings


@dataclass(frozen=True)
class MenuEntry:
    name: str
    url: str


def _around() -> QuerySet[SiteSettings]:
    menu = Section.objects.filter(in_menu=True).order_by("position", "name")
    pages = FlatPage.objects.filter(sites=Given("site", IntegerField()), registration_required=False).order_by("title")
    return SiteSettings.objects.annotate(
        menu_rows=JSONRows(menu, "name", "slug"),
        page_rows=JSONRows(pages, "url", name=F("title")),
        popular_board=BOARD,
        popular_lines=site_standings(),
    )


AROUND: Final = Prepared(SiteSettings, _around)


class Chrome:
    """Read with one query, and only on pages that show it."""

    @cached_property
    def _row(self) -> SiteSettings:
        rows = self._read()
        if not rows:
            SiteSettings.objects.load()
            rows = self._read()
        return rows[0]

    def _read(self) -> list[SiteSettings]:
        return AROUND.rows(site=settings.SITE_ID)

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
    def popular_lines(self) -> Sequence[Line]:
        """For `sidebar_of`."""
        return self._row.popular_lines  # type: ignore[attr-defined,no-any-return]

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

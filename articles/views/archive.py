"""The archive: all years, the months of a year, the stories of a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import DateTimeField, IntegerField, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.models.prepared import NOW, Given, Prepared
from articles.models.querysets import ArticleQuerySet
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.paging import Listing, Page

# Nothing was published before print, and Python's last year has no following one.
FIRST_YEAR, LAST_YEAR = 1450, 9998
LONGEST_ARCHIVE = 120  # years: one story dated by mistake must not make a list without end


@dataclass(frozen=True)
class Period:
    """A year or a month that has stories."""

    starts_on: date
    ends_before: date
    url: str


@kept()
def archive(request: HttpRequest) -> HttpResponse:
    shown_on(request).note(tags.ARCHIVE)
    times = Article.objects.published().order_by("published_at").values_list("published_at", flat=True)
    oldest, newest = times.first(), times.last()
    years: list[Period] = []
    if oldest and newest:
        last, first = timezone.localtime(newest).year, timezone.localtime(oldest).year
        candidates = range(last, max(first, last - LONGEST_ARCHIVE) - 1, -1)
        years = with_stories([year_period(year) for year in candidates])
    return render(request, "articles/archive.html", {"years": years})


@kept("before", "after")
def year_archive(request: HttpRequest, year: int) -> HttpResponse:
    require_year(year)
    months = with_stories([month_period(year, month) for month in range(1, 13)])
    if not months:
        raise Http404("Nothing was published in that year.")
    period = year_period(year)
    page = page_of(period, request.GET)
    shown_on(request).note(tags.year(year))
    shown_on(request).note_cards(page.rows)
    context = {"year": period.starts_on, "months": months, "page": page}
    return render(request, "articles/year_archive.html", context)


@kept("before", "after")
def month_archive(request: HttpRequest, year: int, month: int) -> HttpResponse:
    require_year(year)
    if not 1 <= month <= 12:
        raise Http404("There is no such month.")
    period = month_period(year, month)
    page = page_of(period, request.GET)
    if not page.rows and page.is_first:
        raise Http404("Nothing was published in that month.")
    shown_on(request).note(tags.month(period.starts_on))
    shown_on(request).note_cards(page.rows)
    return render(request, "articles/month_archive.html", {"month": period.starts_on, "page": page})


def require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("There is no such year.")


def month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def published_from(stories: ArticleQuerySet, start: Given, end: Given) -> ArticleQuerySet:
    """Public stories from one moment to another, the second not included."""
    return stories.filter(published_at__gte=start, published_at__lt=end).published(NOW)


START: Final = Given("start", DateTimeField())
END: Final = Given("end", DateTimeField())
IN_PERIOD: Final = Listing(Article, lambda stories: published_from(stories, START, END).for_cards())


def page_of(period: Period, query: Mapping[str, str]) -> Page[Article]:
    return IN_PERIOD.page(query, start=midnight(period.starts_on), end=midnight(period.ends_before))


def _which_have_stories(number: int) -> QuerySet[Site, tuple[int | None, ...]]:
    questions = {f"period_{each}": Subquery(_newest_from(f"start_{each}", f"end_{each}")) for each in range(number)}
    # The site's row is the one to ask: it is always there, and it is one.
    return Site.objects.filter(pk=Given("site", IntegerField())).values_list(*questions.values())


def _newest_from(start: str, end: str) -> QuerySet[Article, int]:
    """In order, though one is as good as another: PostgreSQL would look for any in the table itself, from its first row on."""
    stories = published_from(Article.objects.all(), Given(start, DateTimeField()), Given(end, DateTimeField()))
    return stories.order_by("-published_at").values_list("pk", flat=True)[:1]


WHICH_HAVE_STORIES: Final = Prepared(Site, _which_have_stories)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def year_period(year: int) -> Period:
    return Period(date(year, 1, 1), date(year + 1, 1, 1), reverse("articles:year-archive", args=[year]))


def month_period(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period(start, month_after(start), reverse("articles:month-archive", args=[year, month]))


def with_stories(periods: list[Period]) -> list[Period]:
    """Those periods in which something was published: one query, with a look-up in the index for each."""
    starts = {f"start_{number}": midnight(period.starts_on) for number, period in enumerate(periods)}
    ends = {f"end_{number}": midnight(period.ends_before) for number, period in enumerate(periods)}
    answers = WHICH_HAVE_STORIES.rows(len(periods), site=settings.SITE_ID, **starts, **ends)[0]
    return [period for period, has_stories in zip(periods, answers, strict=True) if has_stories]

"""The archive: all years, the months of a year, the stories of a month."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.models.querysets import ArticleQuerySet
from articles.views.paging import page_of_stories

# Nothing was published before print, and Python's last year has no following one.
FIRST_YEAR, LAST_YEAR = 1450, 9998
LONGEST_ARCHIVE = 120  # years: one story dated by mistake must not make a list without end


@dataclass(frozen=True)
class Period:
    """A year or a month that has stories."""

    starts_on: date
    ends_before: date
    url: str


def archive(request: HttpRequest) -> HttpResponse:
    times = Article.objects.published().order_by("published_at").values_list("published_at", flat=True)
    oldest, newest = times.first(), times.last()
    years: list[Period] = []
    if oldest and newest:
        last, first = timezone.localtime(newest).year, timezone.localtime(oldest).year
        candidates = range(last, max(first, last - LONGEST_ARCHIVE) - 1, -1)
        years = with_stories([year_period(year) for year in candidates])
    return render(request, "articles/archive.html", {"years": years})


def year_archive(request: HttpRequest, year: int) -> HttpResponse:
    require_year(year)
    months = with_stories([month_period(year, month) for month in range(1, 13)])
    if not months:
        raise Http404("Nothing was published in that year.")
    period = year_period(year)
    page = page_of_stories(stories_from(period.starts_on, period.ends_before).for_cards(), request.GET)
    context = {"year": period.starts_on, "months": months, "page": page}
    return render(request, "articles/year_archive.html", context)


def month_archive(request: HttpRequest, year: int, month: int) -> HttpResponse:
    require_year(year)
    if not 1 <= month <= 12:
        raise Http404("There is no such month.")
    period = month_period(year, month)
    page = page_of_stories(stories_from(period.starts_on, period.ends_before).for_cards(), request.GET)
    if not page.rows and page.is_first:
        raise Http404("Nothing was published in that month.")
    return render(request, "articles/month_archive.html", {"month": period.starts_on, "page": page})


def require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("There is no such year.")


def month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def stories_from(start: date, end: date) -> ArticleQuerySet:
    """Public stories from one midnight to another in the site's time zone, the second not included."""
    return Article.objects.published().filter(published_at__gte=midnight(start), published_at__lt=midnight(end))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def year_period(year: int) -> Period:
    return Period(date(year, 1, 1), date(year + 1, 1, 1), reverse("articles:year-archive", args=[year]))


def month_period(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period(start, month_after(start), reverse("articles:month-archive", args=[year, month]))


def with_stories(periods: list[Period]) -> list[Period]:
    """Those periods in which something was published: one query, with a look-up in the index for each."""
    # In order, though one is as good as another: PostgreSQL would look for any in the table itself, from its first row on.
    questions = {
        f"period_{number}": Subquery(
            stories_from(period.starts_on, period.ends_before).order_by("-published_at").values("pk")[:1]
        )
        for number, period in enumerate(periods)
    }
    # The site's row is the one to ask: it is always there, and it is one.
    answers = Site.objects.filter(pk=settings.SITE_ID).values_list(*questions.values()).get()
    return [period for period, has_stories in zip(periods, answers, strict=True) if has_stories]

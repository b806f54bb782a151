from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.models import Article, ReadCount, RefusedReads, Standing, Window
from articles.popularity.choices import exclude_popular, freeze_popular, pin_popular
from articles.popularity.remembered import forget_read_sums
from articles.popularity.reports import report_site, report_story, shares
from articles.popularity.site_sums import site_days, site_hours
from articles.popularity.standings import make_lists
from tests.factories import make_article, make_reads, make_section, make_user

AT = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_cache(settings):
    """What one test has counted, another must not remember."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "reports"}}
    cache.clear()


@pytest.fixture
def curator(db):
    return make_user("curator", is_superuser=True)


def headlines(report):
    return [line.article.headline for line in report.lines]


def roll_up(row, period, starts_at):
    ReadCount.objects.filter(pk=row.pk).update(period=period, starts_at=starts_at)


def midnight(moment):
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


# The site


def test_most_read_stories_stand_first_with_where_their_readers_came_from(db):
    ferry, library = make_article(headline="Ferry"), make_article(headline="Library")
    make_reads(ferry, AT - HOUR, search=3, direct=1)
    make_reads(library, AT - 2 * HOUR, social=9)
    make_lists(Window.WEEK, at=AT)
    report = report_site(Window.WEEK, AT)
    assert headlines(report) == ["Library", "Ferry"]
    assert [(share.key, share.number, share.percent) for share in report.lines[1].origins] == [
        ("search", 3, "75.0%"),
        ("direct", 1, "25.0%"),
    ]


def test_pin_changes_nothing_in_the_report_but_its_mark(curator):
    stories = [make_article(headline=f"Story {number}") for number in range(3)]
    for number, story in enumerate(stories):
        make_reads(story, AT - HOUR, direct=number + 1)
    pin_popular(stories[0], by=curator)
    make_lists(Window.WEEK, at=AT)
    report = report_site(Window.WEEK, AT)
    assert headlines(report) == ["Story 2", "Story 1", "Story 0"]
    assert [line.is_pinned for line in report.lines] == [False, False, True]


@pytest.mark.parametrize("window", Window.values)
def test_excluded_story_was_read_all_the_same(curator, window):
    kept, excluded = make_article(headline="Kept"), make_article(headline="Excluded")
    make_reads(kept, AT - HOUR, direct=1)
    make_reads(excluded, AT - HOUR, direct=5)
    exclude_popular(excluded, by=curator)
    make_lists(window, at=AT)
    report = report_site(Window(window), AT)
    assert headlines(report) == ["Excluded", "Kept"]
    assert [line.is_excluded for line in report.lines] == [True, False]


@pytest.mark.parametrize("window", Window.values)
def test_story_that_readers_no_longer_see_is_not_told_of(db, window):
    story = make_article()
    make_reads(story, AT - HOUR, direct=5)
    make_lists(window, at=AT)
    Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
    assert report_site(Window(window), AT).lines == []


@pytest.mark.parametrize(("window", "back"), [("day", DAY), ("week", 7 * DAY), ("month", 30 * DAY)])
def test_place_in_the_window_before_is_told(db, window, back):
    risen, fallen, new = make_article(), make_article(), make_article(published_at=AT - 3 * HOUR)
    for story, before, now in ((risen, 1, 9), (fallen, 5, 6), (new, 0, 3)):
        make_reads(story, AT - back, direct=before)
        make_reads(story, AT - HOUR, direct=now)
    ReadCount.objects.filter(direct=0).delete()
    make_lists(window, at=AT)
    lines = report_site(Window(window), AT).lines
    assert [(line.article, line.before, line.is_new) for line in lines] == [
        (risen, 2, False),
        (fallen, 1, False),
        (new, None, True),
    ]


def test_windows_without_one_before_tell_of_none(db):
    make_reads(make_article(), AT - HOUR, direct=1)
    make_lists(Window.ALL_TIME, at=AT)
    report = report_site(Window.ALL_TIME, AT)
    assert not report.tells_moves
    assert report.lines[0].before is None


def test_each_section_has_its_first_three(db):
    world, arts = make_section("World"), make_section("Arts")
    for number in range(5):
        make_reads(make_article(headline=f"World {number}", section=world), AT - HOUR, direct=number + 1)
    make_reads(make_article(headline="Arts", section=arts), AT - HOUR, direct=1)
    make_lists(Window.WEEK, at=AT)
    tops = {
        top.section.name: [line.article.headline for line in top.lines] for top in report_site(Window.WEEK, AT).sections
    }
    assert tops == {"World": ["World 4", "World 3", "World 2"], "Arts": ["Arts"]}


def test_totals_are_of_the_window_alone(db):
    story = make_article()
    for back, number in ((HOUR, 1), (2 * DAY, 2), (10 * DAY, 4), (40 * DAY, 8)):
        make_reads(story, AT - back, direct=number)
    found = {window: report_site(Window(window), AT).totals.reads for window in Window.values}
    assert found == {"trending": 1, "day": 1, "week": 3, "month": 7, "year": 15, "all": 15}


def test_refused_are_told_by_reason_the_most_first(db):
    story = make_article()
    for day, reason, number in ((22, "staff", 1), (20, "crawler", 5), (10, "crawler", 50)):
        RefusedReads.objects.create(article=story, day=date(2026, 11, day), reason=reason, number=number)
    RefusedReads.objects.create(day=date(2026, 11, 21), reason="unknown", number=2)
    totals = report_site(Window.WEEK, AT).totals
    assert [(each.key, each.number) for each in totals.refused] == [("crawler", 5), ("unknown", 2), ("staff", 1)]
    assert totals.refusals == 8
    assert all(each.sentence for each in totals.refused)


def test_page_without_reads_has_nothing_to_tell(db):
    report = report_site(Window.WEEK, AT)
    assert (report.lines, report.sections, report.totals.reads) == ([], [], 0)
    assert {span.reads for span in (*report.hours, *report.days)} == {0}


# Hours and days


def test_hours_and_days_hold_what_was_read_in_them(db):
    story = make_article()
    for back, number in ((timedelta(), 1), (47 * HOUR, 2), (48 * HOUR, 4)):
        make_reads(story, AT - back, direct=number)
    hours, days = site_hours(AT), site_days(AT, 3)
    assert (len(hours), hours[0].reads, hours[-1].reads) == (48, 2, 1)
    assert [span.reads for span in days] == [6, 0, 1]
    assert [span.is_open for span in days] == [False, False, True]


def test_day_made_of_hours_counts_as_they_did(db):
    row = make_reads(make_article(), AT - 5 * DAY, direct=3, search=2)
    roll_up(row, "day", midnight(AT - 5 * DAY))
    days = site_days(AT, 7)
    assert {span.starts_at: span.reads for span in days if span.reads} == {midnight(AT - 5 * DAY): 5}


def test_day_that_is_over_is_asked_for_once(db, django_assert_num_queries):
    make_reads(make_article(), AT - 5 * DAY, direct=3)
    first = site_days(AT, 90)
    ReadCount.objects.update(direct=99)
    with django_assert_num_queries(1):
        assert site_days(AT, 90) == first
    forget_read_sums()
    assert sum(span.reads for span in site_days(AT, 90)) == 99


def test_what_is_not_over_is_counted_each_time(db):
    row = make_reads(make_article(), AT, direct=1)
    assert site_hours(AT)[-1].reads == 1
    ReadCount.objects.filter(pk=row.pk).update(direct=2)
    assert site_hours(AT)[-1].reads == 2
    assert site_days(AT, 2)[-1].reads == 2


def test_report_is_the_same_while_the_cache_is_away(db, settings):
    make_reads(make_article(), AT - 5 * DAY, direct=3)
    make_lists(Window.WEEK, at=AT)
    expected = report_site(Window.WEEK, AT)
    settings.CACHES = {"default": {"BACKEND": "tests.popularity.test_reports.NoCache"}}
    assert report_site(Window.WEEK, AT) == expected


class NoCache:
    def __init__(self, *arguments):
        pass

    def __getattr__(self, name):
        if name == "close":
            return lambda: None
        raise ConnectionError("There is no cache.")


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/Paris", "America/Sao_Paulo"])
def test_days_begin_at_midnight_of_the_site(db, settings, zone):
    settings.TIME_ZONE = zone
    at = datetime(2026, 10, 26, 12, tzinfo=UTC)
    # Over a change of the clocks in Europe.
    for number in range(72):
        make_reads(make_article(slug=f"story-{number}"), at - number * HOUR, direct=1)
    spans = site_days(at, 4)
    assert sum(span.reads for span in spans) == 72
    assert {timezone.localtime(span.starts_at).hour for span in spans} == {0}
    assert sum(span.reads for span in site_hours(at)) == 48


# A story


def test_story_is_told_by_hour_day_and_month(db):
    story = make_article()
    make_reads(story, AT - HOUR, search=2)
    old = make_reads(story, AT - 100 * DAY, direct=4)
    roll_up(old, "month", datetime(2026, 8, 1, tzinfo=UTC))
    make_reads(make_article(), AT, direct=50)
    report = report_story(story, AT)
    assert report.reads == 6
    assert report.hours[-2].reads == 2
    assert sum(span.reads for span in report.days) == 2
    assert [span.reads for span in report.months] == [4, 0, 0, 2]
    assert [share.key for share in report.origins] == ["direct", "search"]


def test_young_story_has_no_chart_by_month(db):
    story = make_article()
    make_reads(story, AT - 10 * DAY, direct=1)
    assert report_story(story, AT).months == ()


class WindowsOfAStoryTests(HypothesisTestCase):
    @given(st.lists(st.tuples(st.integers(0, 24 * 400), st.integers(1, 9)), max_size=8))
    def test_windows_are_those_of_the_lists(self, events):
        story = make_article(slug="story")
        for hours, number in events:
            make_reads(story, AT - hours * HOUR, direct=number)
        make_lists(*Window.values, at=AT)
        listed = dict(Standing.objects.filter(scope="site").values_list("window", "reads"))
        windows = report_story(story, AT).windows
        assert {window: reads for window, reads in windows.items() if reads} == listed


def test_places_of_a_story_are_told_window_by_window(curator):
    section = make_section("World")
    first, second = make_article(section=make_section("Arts")), make_article(section=section)
    make_reads(first, AT - HOUR, direct=9)
    make_reads(second, AT - HOUR, direct=5)
    make_reads(second, AT - 20 * DAY, direct=9)
    make_lists(*Window.values, at=AT)
    freeze_popular(by=curator)
    report = report_story(second, AT)
    assert [(each.scope, each.places) for each in report.places] == [
        ("the whole site", [2, 2, 2, 1, 1, 1]),
        ("World", [1, 1, 1, 1, 1, 1]),
    ]
    assert report.frozen_place == 2


def test_refusals_and_choice_of_a_story_are_its_own(curator):
    story, other = make_article(), make_article()
    for article, number in ((story, 2), (other, 7), (None, 9)):
        RefusedReads.objects.create(article=article, day=AT.date(), reason="crawler", number=number)
    pin_popular(story, by=curator)
    report = report_story(story, AT)
    assert report.refusals == 2
    assert report.choice.made_by == curator
    assert report_story(other, AT).choice is None


@pytest.mark.parametrize(
    ("numbers", "words"),
    [({"search": 1}, ["100 %"]), ({"search": 999, "direct": 1}, ["99 %", "< 1 %"]), ({}, [])],
)
def test_shares_say_all_only_of_all(numbers, words):
    assert [share.percentage.replace("\N{NO-BREAK SPACE}", " ") for share in shares(numbers)] == words

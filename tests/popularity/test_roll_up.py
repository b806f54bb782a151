"""What is stored is bounded by stories and time, and no read is lost or doubled on the way."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.models import Origin, ReadCount, RefusedReads
from articles.popularity.roll_up import roll_up_reads
from articles.popularity.windows import day_of, day_start, hour_of
from tests.factories import make_article

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def add(story, at, period="hour", **reads):
    row, _ = ReadCount.objects.get_or_create(article=story, period=period, starts_at=at)
    for origin, number in reads.items():
        setattr(row, origin, getattr(row, origin) + number)
    row.save()


def rows():
    return list(ReadCount.objects.order_by("period", "starts_at").values_list("period", "starts_at", "direct"))


def sums():
    totals = Counter()
    for row in ReadCount.objects.values("article", *Origin.values):
        story = row.pop("article")
        totals.update({(story, origin): number for origin, number in row.items()})
    return {key: number for key, number in totals.items() if number}


class SumTests(HypothesisTestCase):
    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(st.integers(0, 1), st.integers(0, 24 * 900), st.sampled_from(Origin.values), st.integers(1, 9)),
            max_size=30,
        ),
        st.lists(st.integers(0, 24 * 500), max_size=4),
    )
    def test_no_sum_ever_changes(self, reads, later):
        stories = [make_article(), make_article()]
        for story, age, origin, number in reads:
            add(stories[story], hour_of(NOW - age * HOUR), **{origin: number})
        before = sums()
        for hours in sorted(later):
            roll_up_reads(NOW + hours * HOUR)
            assert sums() == before


@pytest.mark.django_db
def test_hours_become_days_after_two_days():
    story = make_article()
    kept, old = NOW - 47 * HOUR, NOW - 49 * HOUR
    for at in (kept, old, old - HOUR):
        add(story, hour_of(at), direct=2)
    assert roll_up_reads(NOW) == 2
    assert rows() == [("day", day_start(day_of(old)), 4), ("hour", hour_of(kept), 2)]
    assert roll_up_reads(NOW) == 0


@pytest.mark.django_db
def test_what_is_rolled_up_later_is_added():
    story = make_article()
    day = day_start(date(2026, 11, 1))
    add(story, day, "day", direct=5, imported=7)
    add(story, day + 3 * HOUR, direct=2, search=1)
    roll_up_reads(NOW)
    row = ReadCount.objects.get()
    assert (row.period, row.direct, row.search, row.imported) == ("day", 7, 1, 7)


@pytest.mark.django_db
def test_days_become_months_after_thirteen_months():
    story = make_article()
    for day in (date(2025, 9, 1), date(2025, 9, 30), date(2025, 10, 1)):
        add(story, day_start(day), "day", direct=3)
    roll_up_reads(NOW)
    assert rows() == [("day", day_start(date(2025, 10, 1)), 3), ("month", day_start(date(2025, 9, 1)), 6)]


@pytest.mark.django_db
def test_refusals_are_forgotten_with_the_days():
    story = make_article()
    for day in (date(2025, 9, 30), date(2025, 10, 1)):
        RefusedReads.objects.create(article=story, day=day, reason="crawler", number=3)
    roll_up_reads(NOW)
    assert list(RefusedReads.objects.values_list("day", flat=True)) == [date(2025, 10, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_day_on_which_clocks_change_has_all_its_hours(settings, day, hours):
    settings.TIME_ZONE = "Europe/Berlin"
    story, start = make_article(), day_start(day)
    for number in range(hours):
        add(story, start + number * HOUR, direct=1)
    add(story, start - HOUR, direct=10)
    add(story, start + hours * HOUR, direct=10)
    roll_up_reads(NOW)
    assert ReadCount.objects.get(period="day", starts_at=start).direct == hours
    assert ReadCount.objects.count() == 3


@pytest.mark.django_db
def test_zone_with_half_an_hour_has_days_of_its_own(settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    story = make_article()
    for at in (datetime(2026, 11, 10, 18, 29, tzinfo=UTC), datetime(2026, 11, 10, 18, 31, tzinfo=UTC)):
        add(story, hour_of(at), direct=1)
    roll_up_reads(NOW)
    assert [(day_of(at), number) for _, at, number in rows()] == [(date(2026, 11, 10), 1), (date(2026, 11, 11), 1)]


@pytest.mark.django_db
def test_years_of_reading_leave_few_rows():
    stories = [make_article(), make_article()]
    start = datetime(2023, 5, 3, 7, tzinfo=UTC)
    months, days = 36, 36 * 30
    for number in range(days):
        at = start + number * DAY
        hours = [hour_of(at + hour * HOUR) for hour in range(24)]
        ReadCount.objects.bulk_create(
            ReadCount(article=story, period="hour", starts_at=hour, direct=1) for story in stories for hour in hours
        )
        if number % 9 == 0 or number > days - 3:
            roll_up_reads(hours[-1])
    roll_up_reads(start + days * DAY - HOUR)
    counts = Counter(ReadCount.objects.values_list("period", flat=True))
    assert counts["hour"] <= len(stories) * 49
    assert counts["day"] <= len(stories) * 13 * 31 + len(stories) * 31
    assert counts["month"] <= len(stories) * (months - 12)
    assert sum(sums().values()) == len(stories) * days * 24

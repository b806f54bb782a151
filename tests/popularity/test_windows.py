"""Hours, days and months of the site's clock, where clocks are put forward and back too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.popularity.windows import day_of, day_start, hour_of, month_start, months_before, window_start

ZONES = [
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Beirut",
]
MOMENTS = st.integers(0, 40 * 365 * 24 * 60).map(
    lambda minutes: datetime(1995, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize("zone", ZONES)
def test_moment_lies_in_its_hour_which_lies_in_its_day(settings, zone):
    settings.TIME_ZONE = zone

    @given(MOMENTS)
    def check(moment):
        hour, day = hour_of(moment), day_of(moment)
        assert hour <= moment < hour + timedelta(minutes=90)
        assert hour_of(hour) == hour
        assert day_start(day) <= hour
        assert moment < day_start(day + timedelta(days=1))
        assert day_of(day_start(day)) == day
        assert month_start(day) <= day_start(day)

    check()


def test_hour_of_a_zone_with_half_an_hour_begins_at_its_own_full_hour(settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    assert hour_of(datetime(2026, 7, 1, 12, 10, tzinfo=UTC)) == datetime(2026, 7, 1, 11, 30, tzinfo=UTC)


def test_hour_that_comes_twice_is_two(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    first, second = (hour_of(datetime(2026, 10, 25, hour, 40, tzinfo=UTC)) for hour in (0, 1))
    assert (first, second) == (datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 5), 24)])
def test_day_has_as_many_hours_as_its_clock(settings, day, hours):
    settings.TIME_ZONE = "Europe/Berlin"
    assert day_start(day + timedelta(days=1)) - day_start(day) == timedelta(hours=hours)


def test_windows_reach_back_by_the_sites_calendar(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # half past midnight on the 22nd
    assert window_start("day", at) == datetime(2026, 11, 21, 0, tzinfo=UTC)
    assert window_start("week", at) == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert window_start("month", at) == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert window_start("year", at) == datetime(2025, 11, 22, 23, tzinfo=UTC)
    assert window_start("all", at) is window_start("trending", at) is None


def test_day_leaves_out_the_hour_that_began_a_day_ago(settings):
    settings.TIME_ZONE = "UTC"
    assert window_start("day", datetime(2026, 11, 21, 12, tzinfo=UTC)) == datetime(2026, 11, 20, 13, tzinfo=UTC)


def test_months_are_counted_across_years():
    assert months_before(date(2026, 11, 22), 13) == date(2025, 10, 1)
    assert months_before(date(2026, 12, 31), -1) == date(2027, 1, 1)
    assert months_before(date(2026, 1, 1), 1) == date(2025, 12, 1)

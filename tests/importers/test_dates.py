# Times as texts write them: without a zone.
# ruff: noqa: DTZ001
from datetime import datetime, timedelta, timezone

import pytest

from articles.importers.dates import parse_date

DAY = datetime(2016, 7, 23)
EVENING = datetime(2016, 7, 23, 18, 40)


@pytest.mark.parametrize(
    "text",
    [
        "2016-07-23",
        "23 July 2016",
        "23rd July 2016",
        "23 Jul. 2016",
        "July 23, 2016",
        "july 23rd 2016",
        "Saturday 23 July 2016",
        "Saturday, July 23, 2016",
        "Sat, 23 Jul 2016",
    ],
)
def test_a_day_begins_at_midnight(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2016-07-23 18:40",
        "2016-07-23T18:40:00",
        "23 July 2016, 18:40",
        "23 July 2016 at 6:40 pm",
        "July 23, 2016, 6.40 p.m.",
        "Saturday, July 23, 2016 at 18:40",
        "23 July 2016 — 18:40",
    ],
)
def test_a_time_is_read_with_the_day(text):
    assert parse_date(text) == EVENING


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2016-07-23T18:40Z", 0),
        ("23 July 2016, 18:40 UTC", 0),
        ("2016-07-23 18:40+02:00", 2),
        ("2016-07-23T18:40-0500", -5),
    ],
)
def test_a_zone_is_kept(text, offset):
    assert parse_date(text) == EVENING.replace(tzinfo=timezone(timedelta(hours=offset)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31 February 2016",
        "23 Juillet 2016",
        "2016",
        "0000-00-00",
        "23 July 9999",
        "2016-07-23 25:00",
        "23 July 2016, 13:40 pm",
        "On 23 July 2016 the offer expired",
        "23 July 2016 was a Saturday",
        "٢٣ July 2016 x",
    ],
)
def test_anything_else_is_no_date(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(("text", "hour"), [("12:05 am", 0), ("12:05 pm", 12), ("1:05 am", 1), ("11:05 PM", 23)])
def test_twelve_hour_clocks_turn_at_noon_and_midnight(text, hour):
    assert parse_date(f"23 July 2016, {text}") == datetime(2016, 7, 23, hour, 5)

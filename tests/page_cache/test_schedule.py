"""When pages change by themselves: what appears outdates them, what ends ends them, and each is asked for by an index."""

import math
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Correction
from articles.page_cache.schedule import Schedule
from tests.factories import make_article, make_draft, make_image, make_section, make_tag

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 9, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def lifetime(*tags, schedule=None, now=NOON):
    found = (schedule or Schedule()).lifetime_of(frozenset(tags), now=now)
    return tuple(None if at == math.inf else datetime.fromtimestamp(at, UTC) for at in found)


def test_nothing_ends_where_nothing_is_to_come():
    make_article()
    assert lifetime("article:1", "list:front") == (None, None)


def test_every_page_tells_the_day():
    assert lifetime("site") == (MIDNIGHT, None)


def test_midnight_is_that_of_the_sites_zone(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    assert lifetime("site") == (MIDNIGHT - 12 * HOUR + DAY, None)


def test_scheduled_story_outdates_what_it_will_enter():
    section = make_section()
    neighbour = make_article(section=section)
    story = make_article(section=section, published_at=NOON + HOUR, tags=("Quay",))
    tag = make_tag("Quay")
    for name in ("list:front", f"list:section:{section.pk}", f"list:tag:{tag.pk}", f"slug:{neighbour.slug}"):
        assert lifetime(name) == (NOON + HOUR, None)
    for name in (f"uid:{story.uid}", f"article:{story.pk}", "list:year:2026"):
        assert lifetime(name) == (NOON + HOUR, None)
    assert lifetime("list:corrections", "list:section:0") == (None, None)


def test_story_under_embargo_outdates_what_it_will_enter():
    make_article(embargoed_until=NOON + HOUR)
    assert lifetime("list:front") == (NOON + HOUR, None)


def test_story_that_expires_outdates_lists_and_ends_what_shows_it():
    story = make_article(expires_at=NOON + HOUR)
    assert lifetime("list:front") == (NOON + HOUR, None)
    assert lifetime("list:front", f"article:{story.pk}") == (NOON + HOUR, NOON + HOUR)


def test_story_that_expires_in_some_days_ends_what_stands_in_for_a_database_that_is_away():
    story = make_article(expires_at=NOON + 6 * DAY)
    assert lifetime("list:front") == (None, None)
    assert lifetime(f"article:{story.pk}") == (NOON + 6 * DAY, NOON + 6 * DAY)


def test_moments_that_are_over_and_those_of_drafts_are_none():
    make_article(published_at=NOON - DAY, embargoed_until=NOON - HOUR)
    make_draft(published_at=NOON + HOUR, first_published_at=None)
    make_article(published_at=NOON - DAY, expires_at=NOON - HOUR)
    assert lifetime("list:front") == (None, None)


def test_rights_of_a_picture_end_what_shows_it():
    image = make_image(rights_expire_on=MIDNIGHT.date() + DAY)
    assert lifetime(f"image:{image.pk}") == (MIDNIGHT + DAY, MIDNIGHT + DAY)
    assert lifetime(f"uid:{image.uid}") == (MIDNIGHT + DAY, MIDNIGHT + DAY)


def test_correction_appears_in_the_list_at_its_time():
    Correction.objects.create(article=make_article(), text="It was Tuesday.", corrected_at=NOON + HOUR)
    assert lifetime("list:corrections") == (NOON + HOUR, None)


def test_update_takes_effect_on_the_page_of_its_story():
    story = make_article()
    Article.objects.create(
        replaces=story,
        headline="Other",
        slug=story.slug,
        status="approved",
        scheduled_move="publish_fix",
        takes_effect_at=NOON + HOUR,
    )
    assert lifetime(f"slug:{story.slug}") == (NOON + HOUR, None)


def test_it_is_asked_anew_each_time_unless_somebody_follows_the_log():
    schedule = Schedule()
    assert lifetime("list:front", schedule=schedule) == (None, None)
    make_article(published_at=NOON + HOUR)
    assert lifetime("list:front", schedule=schedule) == (NOON + HOUR, None)


def test_what_was_read_holds_until_something_has_changed():
    schedule = Schedule()
    schedule.is_followed = True
    assert lifetime("list:front", schedule=schedule) == (None, None)
    make_article(published_at=NOON + HOUR)
    assert lifetime("list:front", schedule=schedule) == (None, None)
    schedule.forget()
    assert lifetime("list:front", schedule=schedule) == (NOON + HOUR, None)


def test_what_was_read_holds_no_longer_than_somebody_follows_the_log():
    schedule = Schedule()
    schedule.is_followed = True
    assert lifetime("list:front", schedule=schedule) == (None, None)
    schedule.is_followed = False
    make_article(published_at=NOON + HOUR)
    assert lifetime("list:front", schedule=schedule) == (NOON + HOUR, None)


def test_what_was_read_holds_no_longer_than_until_the_next_moment():
    schedule = Schedule()
    schedule.is_followed = True
    first, second = make_article(published_at=NOON + HOUR / 6), make_article(published_at=NOON + HOUR / 3)
    assert lifetime("list:front", schedule=schedule) == (NOON + HOUR / 6, None)
    assert lifetime("list:front", schedule=schedule, now=NOON + HOUR / 6) == (NOON + HOUR / 3, None)
    assert first.pk != second.pk


def test_what_is_forgotten_while_it_is_read_is_not_kept(monkeypatch):
    schedule = Schedule()
    schedule.is_followed = True

    def read(now):
        schedule.forget()
        return iter(())

    monkeypatch.setattr("articles.page_cache.schedule.read_moments", read)
    assert lifetime("list:front", schedule=schedule) == (None, None)
    monkeypatch.undo()
    make_article(published_at=NOON + HOUR)
    assert lifetime("list:front", schedule=schedule) == (NOON + HOUR, None)


def test_it_takes_one_query_and_one_more_where_something_is_near():
    with CaptureQueriesContext(connection) as queries:
        lifetime("site")
    assert len(queries) == 1
    for _ in range(3):
        make_article(published_at=NOON + HOUR)
    with CaptureQueriesContext(connection) as queries:
        lifetime("site")
    assert len(queries) == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="an empty table is read as a whole elsewhere")
def test_no_table_is_read_as_a_whole():
    with CaptureQueriesContext(connection) as queries:
        lifetime("site")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        plan = [row[3] for row in cursor.fetchall()]
    assert not [line for line in plan if line.startswith("SCAN articles_")], plan

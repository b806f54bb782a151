import io
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction

from articles.conf import trending_half_life
from articles.models import ReadTotal, Standing
from articles.popularity.buffer import Tally
from articles.popularity.ranking import reads_now
from articles.popularity.recounting import recount_reads, renew_trends
from articles.popularity.storing import store_tally
from tests.factories import make_article, make_reads

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stopped_clock(db):
    with time_machine.travel(NOW, tick=False):
        yield


def weight(story):
    total = ReadTotal.objects.get(article=story)
    return reads_now(total.trend, NOW, half_life=trending_half_life())


def test_totals_and_trends_follow_from_the_counts():
    story = make_article()
    for days, reads in ((0, {"direct": 8}), (1, {"direct": 4, "popular": 20}), (2, {"search": 4})):
        make_reads(story, NOW - timedelta(days=days), **reads)
    expected = weight(story)
    ReadTotal.objects.update(reads=0, trend=None)
    recount_reads([story.pk])
    assert ReadTotal.objects.get().reads == 36
    assert weight(story) == pytest.approx(expected) == pytest.approx(8 + (4 + 20 * 0.3) / 2 + 1)


def test_story_whose_counts_are_gone_trends_no_longer():
    story = make_article()
    make_reads(story, NOW, direct=3).delete()
    recount_reads([story.pk])
    assert ReadTotal.objects.values_list("reads", "trend").get() == (0, None)


def test_rows_count_in_the_middle_of_their_time_and_never_later_than_now():
    story = make_article()
    story.read_counts.create(period="day", starts_at=datetime(2026, 11, 20, 0, tzinfo=UTC), imported=16)
    story.read_counts.create(period="day", starts_at=datetime(2026, 11, 22, 0, tzinfo=UTC), imported=1)
    recount_reads([story.pk])
    assert weight(story) == pytest.approx(16 * 0.5 ** (48.5 / 24) + 0.5 ** (0.5 / 24))


def test_other_half_life_lets_everything_be_recounted_once(settings):
    story = make_article()
    make_reads(story, NOW - timedelta(days=1), direct=8)
    assert renew_trends() == 1
    assert renew_trends() == 0
    settings.ARTICLES_TRENDING_HALF_LIFE_HOURS = 12
    assert renew_trends() == 1
    assert weight(story) == pytest.approx(2)
    assert renew_trends() == 0


def test_other_weight_lets_everything_be_recounted_as_well(settings):
    story = make_article()
    make_reads(story, NOW, popular=10)
    renew_trends()
    settings.ARTICLES_POPULAR_ORIGIN_WEIGHT = 0
    assert renew_trends() == 1
    assert ReadTotal.objects.get().trend is None


def test_half_life_of_centuries_counts_all():
    story = make_article()
    make_reads(story, NOW - timedelta(days=3000), direct=8)
    recount_reads([story.pk])
    assert ReadTotal.objects.get().reads == 8


def test_command_makes_totals_and_lists_from_the_counts():
    story = make_article()
    make_reads(story, NOW, direct=3)
    ReadTotal.objects.all().delete()
    out = io.StringIO()
    call_command("rebuild_popularity", stdout=out)
    assert ReadTotal.objects.get().reads == 3
    assert Standing.objects.filter(article=story).count() == 6
    assert out.getvalue() == "1 stories counted; 6 lines of popular lists changed.\n"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_first_flush_of_a_story_that_is_under_way_is_in_the_total():
    story = make_article()
    tally = Tally()
    tally.add_reads((str(story.uid), NOW.replace(minute=0), "direct"), 3)

    def recount():
        with closing(connection):
            recount_reads([story.pk])

    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            store_tally(tally)
            recounting = others.submit(recount)
            wait_until(lambda: recounting.done() or someone_waits())
        recounting.result()
    assert ReadTotal.objects.get().reads == 3


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def wait_until(condition):
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)

"""A read is counted once, for the right story, hour and origin; what is none is counted under its reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.db.models import Sum

from articles.conf import trending_half_life
from articles.models import ReadCount, ReadTotal, RefusedReads
from articles.models.reads import READS, Origin, Refusal
from articles.popularity import buffer, counting, flushing
from articles.popularity.counting import count_beacon, flush_reads
from articles.popularity.ranking import reads_now
from articles.popularity.readers import salt_of_day
from tests.factories import make_article, make_draft
from tests.popularity.samples import address_of, make_beacon
from tests.popularity.test_crawlers import CRAWLERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counting")]

NOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story():
    return make_article()


def reads_of(article) -> int:
    flush_reads()
    return ReadCount.objects.filter(article=article).aggregate(reads=Sum(READS))["reads"] or 0


def refused() -> dict[tuple[int | None, str], int]:
    flush_reads()
    return {(row.article_id, row.reason): row.number for row in RefusedReads.objects.all()}


@pytest.mark.parametrize("origin", sorted(set(Origin.values) - {"imported"}))
def test_read_is_counted_by_hour_and_origin(story, origin):
    assert count_beacon(make_beacon(story, origin=origin)) is None
    assert flush_reads() == 1
    row = ReadCount.objects.get()
    assert (row.article, row.period, row.starts_at) == (story, "hour", datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert {name for name in Origin.values if getattr(row, name)} == {origin}
    assert ReadTotal.objects.get().reads == 1


REFUSED = {
    "another site": ({"is_same_site": False}, Refusal.FOREIGN),
    "fetched ahead": ({"is_prefetch": True}, Refusal.PREFETCH),
    "a crawler": ({"agent": CRAWLERS["Googlebot"]}, Refusal.CRAWLER),
    "nameless": ({"agent": ""}, Refusal.CRAWLER),
    "staff": ({"is_staff": True}, Refusal.STAFF),
    "from nowhere": ({"origin": "nowhere"}, Refusal.UNKNOWN),
    "imported": ({"origin": "imported"}, Refusal.UNKNOWN),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_read_is_counted_under_its_reason(story, case):
    changes, reason = REFUSED[case]
    assert count_beacon(make_beacon(story, **changes)) == reason
    assert refused() == {(story.pk, reason.value): 1}
    assert not ReadCount.objects.exists()


@pytest.mark.parametrize("uid", ["", "1", "0" * 36, "'; drop table", "é" * 36, "0" * 1000])
def test_beacon_of_no_story_is_unknown(uid):
    beacon = make_beacon(make_article())
    assert count_beacon(type(beacon)(**{**vars(beacon), "article": uid})) == Refusal.UNKNOWN
    assert refused() == {(None, "unknown"): 1}


def test_story_that_does_not_exist_is_unknown():
    story = make_article()
    beacon = make_beacon(story)
    story.delete()
    count_beacon(beacon)
    assert refused() == {(None, "unknown"): 1}


@pytest.mark.parametrize("state", ["draft", "scheduled", "expired"])
def test_story_that_readers_do_not_see_is_unknown(state):
    story = {
        "draft": make_draft,
        "scheduled": lambda: make_article(published_at=NOON + MINUTE),
        "expired": lambda: make_article(expires_at=NOON - MINUTE),
    }[state]()
    count_beacon(make_beacon(story))
    assert refused() == {(story.pk, "unknown"): 1}
    assert not ReadTotal.objects.exists()


def test_same_reader_again_is_one_read_until_the_window_has_passed(story, noon):
    assert count_beacon(make_beacon(story)) is None
    noon.shift(29 * MINUTE)
    assert count_beacon(make_beacon(story)) == Refusal.REPEATED
    noon.shift(2 * MINUTE)
    assert count_beacon(make_beacon(story)) is None
    assert reads_of(story) == 2
    assert refused() == {(story.pk, "repeated"): 1}


def test_same_reader_has_the_same_network_and_browser(story):
    assert count_beacon(make_beacon(story)) is None
    assert count_beacon(make_beacon(story, address="203.0.113.200")) == Refusal.REPEATED
    assert count_beacon(make_beacon(story, address="::ffff:203.0.113.8")) == Refusal.REPEATED
    assert count_beacon(make_beacon(story, address="203.0.114.7")) is None
    assert count_beacon(make_beacon(story, agent="Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0")) is None
    assert count_beacon(make_beacon(make_article())) is None


def test_key_of_readers_is_another_one_each_day_and_kept_no_longer(noon):
    today = salt_of_day(NOON)
    assert salt_of_day(NOON) == today
    noon.shift(timedelta(days=1))
    assert salt_of_day(NOON + timedelta(days=1)) != today
    assert salt_of_day(NOON) != today


def test_what_is_remembered_names_nobody(story, settings):
    count_beacon(make_beacon(story))
    files = list(settings.DATA_DIR.glob("cache.sqlite3*"))
    kept = b"".join(path.read_bytes() for path in files)
    assert b"reads:by:" in kept
    assert not [word for word in (b"203.0.113", b"Mozilla", str(story.uid).encode()) if word in kept]


def test_more_from_one_address_than_is_believed_are_a_flood(story, settings, noon):
    settings.ARTICLES_READS_PER_MINUTE = 3
    stories = [make_article() for _ in range(5)]
    found = [count_beacon(make_beacon(each)) for each in stories]
    assert found == [None, None, None, Refusal.FLOOD, Refusal.FLOOD]
    assert count_beacon(make_beacon(stories[4], address="203.0.113.8")) is None
    noon.shift(MINUTE)
    assert count_beacon(make_beacon(stories[3])) is None


def test_without_a_cache_nothing_is_counted_but_that(story, settings, caplog):
    settings.CACHES = {"default": {"BACKEND": "newsroom.shared_cache.SharedCache", "LOCATION": "/dev/null/cache"}}
    for number in range(3):
        assert count_beacon(make_beacon(story, address=address_of(number))) == Refusal.UNCHECKED
    assert refused() == {(story.pk, "unchecked"): 3}
    assert caplog.text.count("the cache is away") <= 1


def test_reads_from_the_popular_list_weigh_less_in_what_trends(story):
    count_beacon(make_beacon(story, origin="popular"))
    count_beacon(make_beacon(story, origin="search", address=address_of(1)))
    flush_reads()
    total = ReadTotal.objects.get()
    assert total.reads == 2
    assert reads_now(total.trend, NOON, half_life=trending_half_life()) == pytest.approx(1.3)


def test_trend_grows_in_the_database_as_it_would_in_one_sum(story):
    moments = [NOON, NOON - timedelta(days=1), NOON + timedelta(hours=7), NOON - timedelta(days=400)]
    for number, at in enumerate(moments):
        count_beacon(make_beacon(story, address=address_of(number)), at=at)
        flush_reads()
    trend = ReadTotal.objects.get().trend
    weights = sum(0.5 ** ((NOON - at) / trending_half_life()) for at in moments)
    assert reads_now(trend, NOON, half_life=trending_half_life()) == pytest.approx(weights)


def test_read_that_weighs_nothing_makes_no_trend(story, settings):
    settings.ARTICLES_POPULAR_ORIGIN_WEIGHT = 0
    count_beacon(make_beacon(story, origin="popular"))
    flush_reads()
    assert ReadTotal.objects.get().trend is None
    count_beacon(make_beacon(story, address=address_of(1)))
    flush_reads()
    count_beacon(make_beacon(story, origin="popular", address=address_of(2)))
    flush_reads()
    total = ReadTotal.objects.get()
    assert total.reads == 3
    assert reads_now(total.trend, NOON, half_life=trending_half_life()) == pytest.approx(1)


def test_hours_and_days_are_those_of_the_site(story, settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    late = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)
    count_beacon(make_beacon(story), at=late)
    count_beacon(make_beacon(story, is_staff=True), at=late)
    flush_reads()
    assert ReadCount.objects.get().starts_at == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert RefusedReads.objects.get().day == date(2026, 11, 23)


def test_hour_that_comes_twice_is_two_hours(story, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    for number, hour in enumerate((0, 1)):
        at = datetime(2026, 10, 25, hour, 20, tzinfo=UTC)
        count_beacon(make_beacon(story, address=address_of(number)), at=at)
    flush_reads()
    assert ReadCount.objects.count() == 2


def test_many_rows_of_every_kind_are_added_in_few_statements(django_assert_max_num_queries):
    stories = [make_article() for _ in range(100)]
    for round_ in range(2):
        for number, story in enumerate(stories):
            count_beacon(make_beacon(story, address=address_of(1000 * round_ + number)))
            count_beacon(make_beacon(story, is_staff=True))
        with django_assert_max_num_queries(9):
            assert flush_reads() == 100
    assert ReadCount.objects.aggregate(reads=Sum(READS))["reads"] == 200
    assert RefusedReads.objects.aggregate(number=Sum("number"))["number"] == 200


def test_database_that_is_away_loses_no_read(story, monkeypatch):
    count_beacon(make_beacon(story))
    count_beacon(make_beacon(story))

    def fail(tally):
        # Meanwhile readers come.
        count_beacon(make_beacon(story, address=address_of(1)))
        raise OperationalError("The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr(flushing, "store_tally", fail)
        with pytest.raises(OperationalError):
            flush_reads()
    assert flush_reads() == 2
    assert refused() == {(story.pk, "repeated"): 1}
    assert flush_reads() == 0
    total = ReadTotal.objects.get()
    assert reads_now(total.trend, NOON, half_life=trending_half_life()) == pytest.approx(2)


def test_flood_of_invented_stories_fills_no_memory(story, monkeypatch):
    monkeypatch.setattr(buffer, "MOST_COUNTERS", 3)
    stories = [make_article() for _ in range(5)]
    found = [count_beacon(make_beacon(each, address=address_of(number))) for number, each in enumerate(stories)]
    assert found == [None, None, None, Refusal.FLOOD, Refusal.FLOOD]
    assert count_beacon(make_beacon(stories[0], address=address_of(9))) is None
    for each in stories:
        count_beacon(make_beacon(each, is_staff=True))
    flush_reads()
    assert RefusedReads.objects.aggregate(number=Sum("number"))["number"] == 7
    assert RefusedReads.objects.filter(article=None).exists()


def test_many_threads_count_exactly(story):
    def read(worker: int) -> None:
        for number in range(500):
            count_beacon(make_beacon(story, address=address_of(worker * 1000 + number)))
            count_beacon(make_beacon(story, is_prefetch=True))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(read, range(8)))
    assert reads_of(story) == 4000
    assert refused() == {(story.pk, "prefetch"): 4000}


def test_complaints_come_once_in_a_while(monkeypatch):
    clock = iter([0.0, 100.0, 100.1, 159.9, 160.1])
    pace = counting.Pace(60)
    monkeypatch.setattr(counting.time, "monotonic", lambda: next(clock))
    assert [pace.is_due() for _ in range(5)] == [True, True, False, False, True]

"""Following the log: what was recorded is gone from the cache, and what cannot be followed is marked as stale."""

import time

import pytest
from django.db import OperationalError

from articles.page_cache.following import SECONDS_OF_TRUST, Follower
from articles.page_cache.purge_log import PurgeLog, record_purge
from articles.page_cache.tags import EVERYTHING
from tests.page_cache.site import TEXT, Reader, page

TERMS = ("Cache-Control", "s-maxage=600, stale-if-error=6000")


class Log:
    """A log that says what it is told, or that is out of reach."""

    said = frozenset()

    def read(self):
        if isinstance(self.said, Exception):
            raise self.said
        said, self.said = self.said, frozenset()
        return said


@pytest.fixture
def reader():
    reader = Reader({path: page(TERMS, ("Cache-Tag", tag)) for path, tag in (("/1", "article:1"), ("/2", "article:2"))})
    yield reader
    reader.cache.close()


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def follower(reader, log):
    reader.cache.vouch(0)
    follower = Follower(reader.cache, log, clock=reader.clock)
    follower.look()
    for path in ("/1", "/2"):
        reader.get(path)
    return follower


def hits(reader):
    return [path for path in ("/1", "/2") if reader.get(path).own_status.startswith("hit")]


def test_what_the_log_names_is_gone(reader, log, follower):
    log.said = frozenset(["article:1"])
    follower.look()
    assert hits(reader) == ["/2"]


@pytest.mark.parametrize(("said", "answer"), [("article:1", TEXT), ("!article:1", b"away")])
def test_only_what_is_gone_does_not_stand_in_while_the_database_is_away(reader, log, follower, said, answer):
    log.said = frozenset([said])
    follower.look()
    reader.site.pages["/1"] = page(status="500 X", content=b"away")
    assert reader.get("/1").body == answer


def test_everything_is_gone_where_the_log_says_so(reader, log, follower):
    log.said = frozenset([EVERYTHING, "article:1"])
    follower.look()
    assert hits(reader) == []


def test_pages_are_fresh_while_the_log_is_read(reader, log, follower):
    for _ in range(3):
        reader.clock.go_on(SECONDS_OF_TRUST - 1)
        follower.look_and_survive()
    assert reader.get("/1").own_status == "hit; ttl=588"


def test_pages_are_served_and_marked_as_stale_while_the_database_is_away(reader, log, follower, caplog):
    log.said = OperationalError("the server has gone away")
    reader.site.pages["/1"] = page(status="500 X", content=b"away")
    for _ in range(3):
        reader.clock.go_on(SECONDS_OF_TRUST)
        follower.look_and_survive()
    answer = reader.get("/1")
    assert (answer.status, answer["Age"]) == (200, "15")
    assert answer.own_status == "hit; ttl=-10; detail=stale-while-revalidate"
    # Said once, not each second.
    assert len(caplog.records) == 1


def test_everything_is_as_before_when_the_database_is_back(reader, log, follower, caplog):
    log.said = OperationalError("the server has gone away")
    reader.clock.go_on(60)
    follower.look_and_survive()
    log.said = frozenset(["article:1"])
    follower.look_and_survive()
    assert hits(reader) == ["/2"]
    assert reader.get("/2").own_status == "hit; ttl=540"
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_pages_made_before_the_first_look_are_made_anew():
    """Nobody knows what has changed meanwhile."""
    reader = Reader({"/1": page(TERMS)})
    reader.cache.vouch(0)
    reader.get("/1")
    log = Log()
    log.said = frozenset([EVERYTHING])
    Follower(reader.cache, log, clock=reader.clock).look()
    reader.get("/1")
    assert reader.asked == 2


@pytest.mark.django_db(transaction=True)
def test_a_thread_follows_until_it_is_stopped(reader):
    follower = Follower(reader.cache, PurgeLog(), clock=reader.clock)
    follower.start()
    try:
        wait_until(lambda: reader.get("/1").own_status.startswith("hit"))
        record_purge(["article:1"])
        wait_until(lambda: reader.get("/1").own_status.startswith("fwd"))
    finally:
        follower.stop()


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)

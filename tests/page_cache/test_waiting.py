"""Many at once: one makes a page, the others wait; what is purged meanwhile does not enter."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from time import sleep

import pytest

from articles.page_cache.flights import MOST_ALONE, Flight, Flights, Outcome
from tests.page_cache.site import FRESH, TEXT, Reader, page

MANY = 50
NEW = b"<p>They move again.</p>" * 40
A_WHILE = 60  # seconds, after which a test that waits for a thread gives up


class Gate:
    """A page that is being made until the test opens the gate."""

    def __init__(self, answer):
        self.answer = answer
        self.reached, self.opened = Semaphore(0), Event()

    def __call__(self, environ):
        self.reached.release()
        assert self.opened.wait(A_WHILE)
        return self.answer


@pytest.fixture
def waiting(monkeypatch):
    """Released once for each request that begins to wait for another."""
    semaphore = Semaphore(0)
    wait = Flight.wait

    def noted_wait(self, seconds):
        semaphore.release()
        return wait(self, seconds)

    monkeypatch.setattr(Flight, "wait", noted_wait)
    return semaphore


@pytest.fixture
def threads():
    """Threads that take turns far more often than they would by themselves."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield from executing()
    sys.setswitchinterval(interval)


def executing():
    with ThreadPoolExecutor(MANY) as executor:
        yield executor


def take(semaphore, number=1):
    for _ in range(number):
        assert semaphore.acquire(timeout=A_WHILE)


def test_one_makes_a_page_and_the_others_wait_for_it(threads, waiting):
    gate = Gate(page(FRESH))
    reader = Reader({"/": gate}, patience=A_WHILE)
    asked = [threads.submit(reader.get, "/") for _ in range(MANY)]
    take(waiting, MANY - 1)
    gate.opened.set()
    replies = [one.result() for one in asked]
    assert {reply.body for reply in replies} == {TEXT}
    assert sorted(reply.own_status for reply in replies) == ["fwd=uri-miss; collapsed"] * (MANY - 1) + [
        "fwd=uri-miss; stored"
    ]
    assert reader.asked == 1


def test_a_failure_wakes_all_who_wait_and_each_asks_for_themselves(threads, waiting):
    gate = Gate((RuntimeError("no"), [], b""))
    reader = Reader({"/": gate}, patience=A_WHILE)
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    others = [threads.submit(reader.get, "/") for _ in range(9)]
    take(waiting, 9)
    reader.site.pages["/"] = page(FRESH)
    gate.opened.set()
    assert isinstance(first.exception(), RuntimeError)
    assert {one.result().body for one in others} == {TEXT}


def test_who_waits_for_a_page_that_fails_gets_what_was_kept(threads, waiting):
    """RFC 5861 §4."""
    reader = Reader({"/": page(("Cache-Control", "s-maxage=60, stale-if-error=600"))}, patience=A_WHILE)
    reader.get("/")
    reader.clock.go_on(61)
    gate = reader.site.pages["/"] = Gate(page(status="503 X", content=b"away"))
    asked = [threads.submit(reader.get, "/") for _ in range(10)]
    take(waiting, 9)
    gate.opened.set()
    assert {one.result().body for one in asked} == {TEXT}
    assert reader.asked == 2


def test_who_waits_for_a_page_that_cannot_be_kept_goes_on_at_once(threads, waiting):
    gate = Gate(page(("Cache-Control", "private")))
    reader = Reader({"/": gate}, patience=A_WHILE)
    asked = [threads.submit(reader.get, "/") for _ in range(10)]
    take(waiting, 9)
    gate.opened.set()
    assert {one.result().body for one in asked} == {TEXT}
    assert reader.asked == 10


def test_nobody_waits_for_a_page_that_could_not_be_kept_a_moment_ago(threads):
    reader = Reader({"/": page(("Cache-Control", "private"))}, patience=A_WHILE)
    reader.get("/")
    gate = reader.site.pages["/"] = Gate(page(("Cache-Control", "private")))
    asked = [threads.submit(reader.get, "/") for _ in range(10)]
    take(gate.reached, 10)
    gate.opened.set()
    assert {one.result().own_status for one in asked} == {"fwd=uri-miss; detail=not-storable"}


def test_what_could_not_be_kept_is_forgotten_after_a_moment_and_within_bounds():
    now = [0.0]
    flights = Flights(lambda: now[0])
    for number in range(MOST_ALONE + 10):
        key = ("o", f"/{number}", "")
        flight, _ = flights.board(key)
        flights.land(key, flight, Outcome.ASK_ALONE)
    assert flights.goes_alone(key)
    assert not flights.goes_alone(("o", "/0", ""))
    assert len(flights._alone) == MOST_ALONE
    now[0] = 11
    assert not flights.goes_alone(key)


def test_who_has_waited_long_enough_asks_for_themselves(threads):
    gate = Gate(page(FRESH))
    reader = Reader({"/": gate}, patience=0)
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    second = threads.submit(reader.get, "/")
    take(gate.reached)
    gate.opened.set()
    assert first.result().own_status == "fwd=uri-miss; stored"
    assert second.result().own_status == "fwd=uri-miss"


def test_who_has_waited_long_enough_gets_what_was_kept_for_errors(threads):
    """RFC 5861 §4: an application that does not answer is one that failed."""
    reader = Reader({"/": page(("Cache-Control", "s-maxage=60, stale-if-error=600"))}, patience=0)
    reader.get("/")
    reader.clock.go_on(61)
    gate = reader.site.pages["/"] = Gate(page(FRESH))
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    assert reader.get("/").own_status == "fwd=stale; collapsed; ttl=-1; detail=stale-if-error"
    gate.opened.set()
    assert first.result().status == 200


def test_what_is_purged_while_somebody_waits_for_a_failure_does_not_stand_in(threads, waiting):
    lenient = page(("Cache-Control", "s-maxage=60, stale-if-error=600"), ("Cache-Tag", "story:1"))
    reader = Reader({"/": lenient}, patience=A_WHILE)
    reader.get("/")
    reader.clock.go_on(61)
    gate = reader.site.pages["/"] = Gate(page(status="503 X", content=b"away"))
    asked = [threads.submit(reader.get, "/") for _ in range(5)]
    take(waiting, 4)
    reader.cache.purge(["story:1"])
    gate.opened.set()
    assert {one.result().body for one in asked} == {b"away"}


def test_many_who_find_a_stale_page_start_one_renewal(threads):
    """RFC 5861 §3."""
    reader = Reader({"/": page(("Cache-Control", "s-maxage=60, stale-while-revalidate=60"))})
    reader.get("/")
    reader.clock.go_on(61)
    gate = reader.site.pages["/"] = Gate(page(FRESH, content=NEW))
    asked = [threads.submit(reader.get, "/") for _ in range(MANY)]
    assert {one.result().body for one in asked} == {TEXT}
    gate.opened.set()
    reader.cache.close()
    assert reader.get("/").body == NEW
    assert reader.asked == 2


@pytest.mark.parametrize("is_all", [True, False])
def test_a_page_begun_before_a_purge_is_not_kept(threads, is_all):
    gate = Gate(page(FRESH, ("Cache-Tag", "story:1, front")))
    reader = Reader({"/": gate})
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    _ = reader.cache.purge_all() if is_all else reader.cache.purge(["front"])
    gate.opened.set()
    assert first.result().own_status == "fwd=uri-miss"
    assert reader.occupancy().items == 0


def test_who_asks_after_a_purge_gets_nothing_from_before_it(threads, waiting):
    gate = Gate(page(FRESH, ("Cache-Tag", "story:1"), content=b"before"))
    reader = Reader({"/": gate}, patience=A_WHILE)
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    reader.site.pages["/"] = page(FRESH, ("Cache-Tag", "story:1"), content=b"after")
    reader.cache.purge(["story:1"])
    second = threads.submit(reader.get, "/")
    take(waiting)
    gate.opened.set()
    assert (first.result().body, second.result().body) == (b"before", b"after")


def test_a_page_that_is_renewed_in_the_background_is_not_kept_if_purged_meanwhile(threads):
    fields = [("Cache-Control", "s-maxage=60, stale-while-revalidate=60"), ("Cache-Tag", "story:1")]
    reader = Reader({"/": page(*fields)})
    reader.get("/")
    reader.clock.go_on(61)
    gate = reader.site.pages["/"] = Gate(page(*fields, content=b"before"))
    reader.get("/")
    take(gate.reached)
    reader.cache.purge(["story:1"])
    reader.site.pages["/"] = page(*fields, content=b"after")
    gate.opened.set()
    reader.cache.close()
    assert reader.get("/").body == b"after"


def test_a_change_by_post_outdates_what_is_being_made(threads):
    """RFC 9111 §4.4."""
    gate = Gate(page(FRESH))
    reader = Reader({"/": gate})
    first = threads.submit(reader.get, "/")
    take(gate.reached)
    reader.site.pages["/"] = page()
    reader.get("/", method="POST")
    gate.opened.set()
    assert first.result().body == TEXT
    assert reader.occupancy().items == 0


def test_a_storm_after_a_purge_of_everything_makes_each_page_once(threads):
    pages = {f"/{number}/": page(FRESH, ("Cache-Query", "")) for number in range(20)}
    reader = Reader(pages, patience=A_WHILE)
    for _ in range(3):
        reader.cache.purge_all()
        reader.site.asked.clear()
        addresses = [f"/{number}/" for number in range(20)] * 25
        replies = list(threads.map(lambda address: reader.get(address, accept_encoding="br"), addresses))
        assert {reply.status for reply in replies} == {200}
        assert set(reader.site.renderings.values()) == {1}


def test_no_reader_sees_less_than_what_was_purged_before_they_asked(threads):
    """A dozen readers, and an editor who changes the page and purges it two hundred times."""
    written = announced = 0

    def numbered(environ):
        number = written
        sleep(0)  # another thread may come between reading and answering
        return page(FRESH, ("Cache-Tag", "story:1"), content=str(number).encode())

    reader = Reader({"/": numbered}, patience=A_WHILE)
    done = Event()

    def read():
        wrong = 0
        while not done.is_set():
            expected = announced
            wrong += int(reader.get("/").body) < expected
        return wrong

    readers = [threads.submit(read) for _ in range(12)]
    for _ in range(200):
        written += 1
        reader.cache.purge(["story:1"])
        announced = written
        sleep(0)
    done.set()
    assert sum(one.result() for one in readers) == 0


def test_the_bound_holds_while_fifty_threads_fill_the_cache(threads):
    pages = {f"/{number}/": page(FRESH, ("Cache-Query", "after")) for number in range(40)}
    reader = Reader(pages, max_bytes=150_000, patience=A_WHILE)

    def read(number):
        reader.get(f"/{number % 40}/?after={number % 7}", accept_encoding=["br", "gzip", ""][number % 3])
        if number % 50 == 0:
            reader.cache.purge_all()
        return reader.occupancy().bytes

    assert max(threads.map(read, range(1_500))) <= 150_000
    store = reader.cache.store
    assert store.occupancy().bytes == sum(one.size for one in [*store._probation.values(), *store._protected.values()])

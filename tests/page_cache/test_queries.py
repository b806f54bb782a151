"""Parameters: a page says which it knows, and others make no entries."""

import pytest

from tests.page_cache.site import FRESH, TEXT, Reader, page

KNOWS_AFTER = ("Cache-Query", "after, before")


def echo(*fields):
    """A page that shows the query that it was asked with, as a canonical link might."""
    return lambda environ: page(*fields, content=environ["QUERY_STRING"].encode())


def test_parameters_that_a_page_does_not_know_change_nothing():
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    reader.get("/")
    for number in range(50):
        assert reader.get(f"/?utm_source={number}").body == b""
    assert reader.asked == 1


def test_parameters_that_a_page_knows_have_entries_of_their_own():
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    bodies = [reader.get(query).body for query in ("/", "/?after=1", "/?after=2", "/?fbclid=x&after=1")]
    assert bodies == [b"", b"after=1", b"after=2", b"after=1"]
    assert reader.asked == 3


def test_what_a_stranger_asks_first_is_shown_to_nobody_else():
    """A page that echoes its query must not be poisoned by it."""
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    assert reader.get("/?utm_source=evil").own_status == "fwd=uri-miss; detail=query"
    assert reader.get("/").body == b""
    assert reader.get("/?utm_source=other").body == b""
    assert reader.asked == 2


def test_a_page_that_knows_nothing_is_one_whatever_is_asked():
    reader = Reader({"/": echo(FRESH, ("Cache-Query", ""))})
    assert {reader.get(f"/?after={number}").body for number in range(1, 5)} == {b"after=1", b""}
    assert reader.asked == 2


def test_a_page_that_does_not_say_is_kept_without_a_query_only():
    """RFC 9111 §2: without a word of the page, each query is another resource."""
    reader = Reader({"/": echo(FRESH)})
    assert [reader.get(query).body for query in ("/", "/?a=1", "/?a=1", "/")] == [b"", b"a=1", b"a=1", b""]
    assert reader.asked == 3


@pytest.mark.parametrize("query", ["after=1&after=2", "after=" + "1" * 300])
def test_odd_uses_of_known_parameters_are_not_kept(query):
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    reader.get("/")
    assert reader.get(f"/?{query}").body == query.encode()
    assert reader.occupancy().items == 2


def test_a_page_that_comes_to_know_more_is_asked_again():
    reader = Reader({"/": echo(FRESH, ("Cache-Query", ""))})
    reader.get("/")
    reader.site.pages["/"] = echo(FRESH, KNOWS_AFTER)
    reader.clock.go_on(61)
    assert reader.get("/?after=1").body == b"after=1"
    assert reader.get("/").body == b""


def test_a_page_that_no_longer_says_what_it_knows_is_asked_each_time():
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    reader.get("/")
    reader.site.pages["/"] = echo(FRESH)
    reader.clock.go_on(61)
    assert reader.get("/?utm=1").body == b"utm=1"
    assert reader.get("/?utm=2").body == b"utm=2"


def test_a_page_that_can_no_longer_be_kept_answers_the_query_that_was_asked():
    reader = Reader({"/": echo(FRESH, KNOWS_AFTER)})
    reader.get("/")
    reader.site.pages["/"] = echo()
    reader.clock.go_on(61)
    assert reader.get("/?utm=1").body == b"utm=1"
    # The first page, what was made of the known query alone, and what was asked.
    assert (reader.asked, reader.site.closed) == (3, 3)


def test_hostile_queries_cannot_fill_the_cache():
    """Each of them costs a rendering at most, and none pushes out what people read."""
    reader = Reader({"/": page(FRESH, KNOWS_AFTER), "/story/": page(FRESH, KNOWS_AFTER)}, max_bytes=200_000)
    for _ in range(3):
        reader.get("/story/")
    before = reader.occupancy().items
    for number in range(2_000):
        reader.get(f"/story/?x{number}={number}")
    assert (reader.occupancy().items, reader.asked) == (before, 1)
    for number in range(2_000):
        reader.get(f"/?after={number}")
    assert reader.occupancy().bytes <= 200_000
    assert reader.get("/story/").own_status == "hit; ttl=60"


def test_hostile_addresses_that_answer_404_cannot_push_out_what_is_read():
    missing = page(FRESH, status="404 Not Found")
    reader = Reader({f"/{number}/": missing for number in range(500)} | {"/": page(FRESH)}, max_bytes=200_000)
    reader.get("/")
    reader.get("/")
    for number in range(500):
        reader.get(f"/{number}/")
    assert reader.get("/").body == TEXT
    assert reader.site.renderings["/"] == 1


def test_hostile_values_of_what_a_page_varies_by_cannot_push_out_what_is_read():
    reader = Reader({"/": page(FRESH), "/vary/": page(FRESH, ("Vary", "Accept-Language"))}, max_bytes=200_000)
    reader.get("/")
    reader.get("/")
    for number in range(500):
        reader.get("/vary/", accept_language=f"x-{number}")
    reader.get("/vary/", accept_language="x" * 5000)
    assert reader.occupancy().bytes <= 200_000
    assert reader.get("/").own_status == "hit; ttl=60"

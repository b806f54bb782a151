"""What happens after freshness: RFC 5861, and moments at which a page dies."""

import pytest

from tests.page_cache.site import NOON, TEXT, Reader, page

TAG = ("Cache-Tag", "front")
NEW = b"<p>They move again.</p>" * 40
LENIENT = ("Cache-Control", "s-maxage=60, stale-while-revalidate=30, stale-if-error=600")


@pytest.fixture
def reader():
    reader = Reader({"/": page(LENIENT)})
    reader.get("/")
    yield reader
    reader.cache.close()


def fail(environ):
    return RuntimeError("the database is away"), [], b""


def test_a_stale_page_is_served_once_more_while_the_background_makes_it_anew(reader):
    """RFC 5861 §3."""
    reader.site.pages["/"] = page(LENIENT, content=NEW)
    reader.clock.go_on(70)
    reply = reader.get("/")
    assert (reply.body, reply["Age"]) == (TEXT, "70")
    assert reply.own_status == "hit; ttl=-10; detail=stale-while-revalidate"
    reader.cache.close()
    assert reader.get("/").body == NEW
    assert reader.asked == 2


def test_a_stale_page_can_be_had_by_condition_and_head_as_well(reader):
    """RFC 9111 §4.3.2."""
    tag = reader.get("/")["ETag"]
    reader.clock.go_on(70)
    assert reader.get("/", if_none_match=tag).status == 304
    assert reader.head("/").body == b""


def test_a_page_that_is_too_stale_is_made_while_the_reader_waits(reader):
    """RFC 5861 §3: the window ends."""
    reader.site.pages["/"] = page(LENIENT, content=NEW)
    reader.clock.go_on(90)
    reply = reader.get("/")
    assert (reply.body, reply.own_status) == (NEW, "fwd=stale; stored")


def test_the_background_asks_without_what_belongs_to_one_reader(reader):
    reader.clock.go_on(70)
    reader.get(
        "/",
        method="HEAD",
        cookie="taste=sweet",
        if_none_match='"x"',
        range="bytes=0-1",
        x_forwarded_host="evil.example",
    )
    reader.cache.close()
    environ = reader.site.asked[1]
    personal = {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_X_FORWARDED_HOST"}
    assert not personal & environ.keys()
    assert (environ["REQUEST_METHOD"], environ["wsgi.input"].read()) == ("GET", b"")


@pytest.mark.parametrize("directive", ["must-revalidate", "proxy-revalidate"])
@pytest.mark.parametrize("failing", [True, False])
def test_what_must_be_revalidated_is_never_served_stale(directive, failing):
    """RFC 9111 §5.2.2.2, §5.2.2.8 and §4.2.4."""
    strict = ("Cache-Control", f"{LENIENT[1]}, {directive}")
    reader = Reader({"/": page(strict)})
    reader.get("/")
    reader.clock.go_on(61)
    reader.site.pages["/"] = page(status="503 X", content=b"away") if failing else page(strict, content=NEW)
    assert reader.get("/").body == (b"away" if failing else NEW)


@pytest.mark.parametrize("status", ["500 X", "502 X", "503 X", "504 X"])
def test_a_stale_page_stands_in_for_an_error(reader, status):
    """RFC 5861 §4."""
    reader.site.pages["/"] = page(status=status, content=b"away")
    reader.clock.go_on(100)
    reply = reader.get("/")
    assert (reply.status, reply.body, reply["Age"]) == (200, TEXT, "100")
    assert reply.own_status == f"fwd=stale; fwd-status={status[:3]}; ttl=-40; detail=stale-if-error"
    assert reader.site.closed == 2


def test_a_stale_page_stands_in_for_an_exception(reader, caplog):
    """RFC 5861 §4."""
    reader.site.pages["/"] = fail
    reader.clock.go_on(100)
    assert reader.get("/").body == TEXT
    assert "the database is away" in caplog.text


def test_an_application_that_failed_is_left_alone_for_a_moment(reader):
    reader.site.pages["/"] = fail
    reader.clock.go_on(100)
    for _ in range(5):
        assert reader.get("/").body == TEXT
    assert reader.asked == 2
    reader.clock.go_on(3)
    reader.site.pages["/"] = page(LENIENT, content=NEW)
    assert reader.get("/").body == NEW


def test_an_application_that_recovers_is_noticed_however_many_ask(reader):
    reader.site.pages["/"] = fail
    reader.clock.go_on(100)
    reader.get("/")
    reader.site.pages["/"] = page(LENIENT, content=NEW)
    bodies = []
    for _ in range(5):
        reader.clock.go_on(0.5)
        bodies.append(reader.get("/").body)
    assert bodies == [TEXT, TEXT, TEXT, NEW, NEW]


def test_what_is_purged_while_the_application_fails_does_not_stand_in(reader):
    """A story that is withdrawn is gone."""

    def withdrawn(environ):
        reader.cache.purge_all()
        return page(status="503 X", content=b"away")

    reader.site.pages["/"] = withdrawn
    reader.clock.go_on(100)
    assert reader.get("/").body == b"away"


def test_a_failure_in_the_background_leaves_the_page_and_is_told(reader, caplog):
    reader.site.pages["/"] = fail
    reader.clock.go_on(70)
    reader.get("/")
    reader.cache.close()
    assert reader.get("/").body == TEXT
    reader.cache.close()
    assert reader.asked == 2
    assert "the database is away" in caplog.text


def test_the_background_survives_a_failure(reader):
    reader.site.pages["/"] = fail
    reader.clock.go_on(70)
    reader.get("/")
    reader.cache.close()
    reader.site.pages["/"] = page(LENIENT, content=NEW)
    reader.clock.go_on(5)
    reader.get("/")
    reader.cache.close()
    assert reader.get("/").body == NEW


def test_an_answer_of_the_background_that_cannot_be_kept_is_closed_and_ends_what_was_kept(reader):
    reader.site.pages["/"] = page(("Cache-Control", "private"))
    reader.clock.go_on(70)
    reader.get("/")
    reader.cache.close()
    assert (reader.site.closed, reader.occupancy().items) == (2, 0)


def test_an_error_without_anything_kept_reaches_the_reader():
    reader = Reader({"/": page(status="503 X", content=b"away")})
    assert (reader.get("/").status, reader.get("/").body) == (503, b"away")
    reader.site.pages["/"] = fail
    with pytest.raises(RuntimeError):
        reader.get("/")


def test_a_page_beyond_its_time_stands_in_no_longer(reader):
    """RFC 5861 §4: the window ends."""
    reader.site.pages["/"] = page(status="503 X", content=b"away")
    reader.clock.go_on(660)
    assert reader.get("/").status == 503
    assert reader.occupancy().items == 0


def test_an_answer_that_cannot_be_kept_ends_what_was_kept(reader):
    """RFC 9111 §4.3.3: a full answer takes the place of what was stale."""
    reader.site.pages["/"] = page(status="403 X", content=b"no")
    reader.clock.go_on(100)
    assert reader.get("/").status == 403
    reader.site.pages["/"] = page(status="503 X", content=b"away")
    assert reader.get("/").status == 503


def until(seconds, lenient="s-maxage=60, stale-while-revalidate=600, stale-if-error=6000"):
    return ("Cache-Control", lenient), ("Cache-Until", f"{NOON + seconds:.3f}")


def test_a_page_dies_at_its_moment_even_while_it_is_fresh():
    """An embargo that ends, a story that appears or expires: the moment is exact."""
    reader = Reader({"/": page(*until(30.5))})
    reader.get("/")
    reader.site.pages["/"] = page(*until(900), content=NEW)
    reader.clock.go_on(30.4)
    assert reader.get("/").body == TEXT
    reader.clock.go_on(0.1)
    assert reader.get("/").body == NEW


@pytest.mark.parametrize("seconds", [30, 60, 61, 100])
def test_a_page_is_served_stale_before_its_moment_and_never_after(seconds):
    reader = Reader({"/": page(*until(100))})
    reader.get("/")
    reader.site.pages["/"] = page(status="503 X", content=b"away")
    reader.clock.go_on(seconds)
    assert reader.get("/").body == (TEXT if seconds < 100 else b"away")
    reader.cache.close()


def test_an_expired_story_does_not_stand_in_for_an_error():
    reader = Reader({"/": page(*until(30))})
    reader.get("/")
    reader.site.pages["/"] = fail
    reader.clock.go_on(30)
    with pytest.raises(RuntimeError):
        reader.get("/")


@pytest.mark.parametrize(
    ("said", "moment", "heard"),
    [
        ("max-age=60, s-maxage=600", 90, "max-age=60, s-maxage=90"),
        ("max-age=60, s-maxage=600", 30.9, "max-age=30, s-maxage=30"),
        ("max-age=5, s-maxage=60, stale-while-revalidate=600", 90, "max-age=5, s-maxage=60, stale-while-revalidate=30"),
        ("s-maxage=60, stale-if-error=600", 30, "s-maxage=30, stale-if-error=0"),
        ("public, s-maxage=60", 9000, "public, s-maxage=60"),
    ],
)
def test_browsers_and_cdns_hear_no_lifetime_beyond_the_moment(said, moment, heard):
    """RFC 9111 §4.2: what others keep ends no later than what is kept here."""
    reader = Reader({"/": page(*until(moment, said))})
    assert [reader.get("/")["Cache-Control"], reader.get("/")["Cache-Control"]] == [heard, heard]


def test_expires_ends_at_the_moment_as_well():
    """RFC 9111 §5.3."""
    reader = Reader({"/": page(("Expires", "Fri, 01 Jan 2100 10:00:00 GMT"), ("Cache-Until", str(NOON + 60)))})
    assert reader.get("/")["Expires"] == "Mon, 21 Sep 2026 14:14:20 GMT"


def outdated_after(seconds, lenient="s-maxage=60, stale-while-revalidate=600, stale-if-error=6000"):
    return ("Cache-Control", lenient), ("Cache-Fresh-Until", f"{NOON + seconds:.3f}")


def test_a_page_on_which_a_story_will_appear_is_made_anew_at_that_moment():
    reader = Reader({"/": page(*outdated_after(30.5))})
    reader.get("/")
    reader.site.pages["/"] = page(*outdated_after(900), content=NEW)
    reader.clock.go_on(30.4)
    assert reader.get("/").body == TEXT
    reader.clock.go_on(0.1)
    assert reader.get("/").body == NEW


def test_a_page_on_which_a_story_should_have_appeared_still_stands_in_for_an_error():
    reader = Reader({"/": page(*outdated_after(30))})
    reader.get("/")
    reader.site.pages["/"] = page(status="503 X", content=b"away")
    reader.clock.go_on(40)
    answer = reader.get("/")
    assert (answer.body, answer.own_status) == (TEXT, "fwd=stale; fwd-status=503; ttl=-10; detail=stale-if-error")


@pytest.mark.parametrize(
    ("outdated", "ended", "heard"),
    [
        (30, 90, "s-maxage=30, stale-while-revalidate=0, stale-if-error=60"),
        (90, 30, "s-maxage=30, stale-while-revalidate=0, stale-if-error=0"),
        (90, 9000, "s-maxage=60, stale-while-revalidate=30, stale-if-error=600"),
    ],
)
def test_what_outdates_a_page_and_what_ends_it_are_told_apart_to_others(outdated, ended, heard):
    said = "s-maxage=60, stale-while-revalidate=600, stale-if-error=600"
    fields = (*until(ended, said), ("Cache-Fresh-Until", str(NOON + outdated)))
    answer = Reader({"/": page(*fields)}).get("/")
    assert (answer["Cache-Control"], answer["Cache-Fresh-Until"]) == (heard, None)


@pytest.fixture
def vouched():
    """A reader of a cache for which somebody vouches, five seconds at a time."""
    reader = Reader({"/": page(("Cache-Control", "s-maxage=600, stale-if-error=6000"))})
    reader.cache.vouch(NOON + 5)
    reader.get("/")
    yield reader
    reader.cache.close()


def test_pages_are_stale_as_soon_as_nobody_vouches_for_them(vouched):
    vouched.site.pages["/"] = page(status="503 X", content=b"away")
    vouched.clock.go_on(4)
    assert vouched.get("/").own_status == "hit; ttl=596"
    vouched.clock.go_on(4)
    answer = vouched.get("/")
    assert (answer.body, answer["Age"]) == (TEXT, "8")
    assert answer.own_status == "hit; ttl=-3; detail=stale-while-revalidate"
    vouched.cache.close()
    assert vouched.get("/").own_status == "hit; ttl=-3; detail=stale-while-revalidate"


def test_pages_are_fresh_again_when_somebody_vouches_for_them(vouched):
    vouched.clock.go_on(60)
    vouched.cache.vouch(NOON + 65)
    assert vouched.get("/").own_status == "hit; ttl=540"
    assert vouched.asked == 1


def test_pages_for_which_nobody_vouches_are_made_anew_while_the_application_answers(vouched):
    vouched.site.pages["/"] = page(("Cache-Control", "s-maxage=600"), content=NEW)
    vouched.clock.go_on(60)
    assert vouched.get("/").body == TEXT
    vouched.cache.close()
    assert vouched.get("/").body == NEW


@pytest.fixture
def outdated():
    """A page that is no longer the newest."""
    reader = Reader({"/": page(("Cache-Control", "s-maxage=600, stale-while-revalidate=60, stale-if-error=6000"), TAG)})
    reader.get("/")
    reader.get("/")
    reader.clock.go_on(10)
    assert reader.cache.outdate(["front"]) == 1
    return reader


def test_an_outdated_page_is_made_anew_at_once(outdated):
    outdated.site.pages["/"] = page(("Cache-Control", "s-maxage=600"), TAG, content=NEW)
    assert [outdated.get("/").body, outdated.get("/").own_status] == [NEW, "hit; ttl=600"]


def test_an_outdated_page_stands_in_for_an_error(outdated):
    outdated.site.pages["/"] = fail
    outdated.clock.go_on(3)
    answer = outdated.get("/")
    assert (answer.body, answer.own_status) == (TEXT, "fwd=stale; ttl=-3; detail=stale-if-error")


def test_a_page_that_is_purged_after_it_was_outdated_stands_in_for_nothing(outdated):
    outdated.cache.purge(["front"])
    outdated.site.pages["/"] = page(status="503 X", content=b"away")
    assert outdated.get("/").body == b"away"


def test_a_page_that_is_outdated_while_it_is_made_is_not_kept():
    def change(environ):
        reader.cache.outdate(["front"])
        return page(("Cache-Control", "s-maxage=600"), TAG)

    reader = Reader({"/": change})
    reader.get("/")
    assert reader.occupancy().items == 0

"""What is kept of answers, and for how long: RFC 9111 §3, §4.2 and §5.2, by asking twice."""

import pytest
from django.utils.http import http_date
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.tag_fields import TagField
from tests.page_cache.site import FRESH, HTML, NOON, TEXT, Reader, page


def is_kept(*fields, status="200 OK", content=TEXT, seconds=0, **options):
    """Whether a second reader gets the answer that the first one got."""
    reader = Reader({"/": page(*fields, status=status, content=content)}, **options)
    reader.get("/")
    reader.clock.go_on(seconds)
    reader.get("/")
    return reader.asked == 1


@pytest.mark.parametrize(
    "value",
    [
        "s-maxage=60",
        "max-age=60",
        "max-age=0, s-maxage=60",
        "public, s-maxage=60",
        'S-MaxAge="60"',
        "s-maxage=60, unknown-directive",
        "s-maxage=60, immutable",
        "s-maxage=60, must-revalidate",
        "s-maxage=60, must-understand",
    ],
)
def test_what_says_that_it_is_fresh_is_kept(value):
    """RFC 9111 §3 and §4.2.1."""
    assert is_kept(("Cache-Control", value))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "public",
        "s-maxage=60, private",
        's-maxage=60, private="set-cookie"',
        "s-maxage=60, no-store",
        "s-maxage=60, no-store, must-understand",
        "s-maxage=60, no-cache",
        's-maxage=60, no-cache="x"',
        "s-maxage=60, NO-CACHE",
        "s-maxage=0, max-age=60",
        "max-age=0",
        "max-age=nonsense",
        "s-maxage=nonsense, max-age=60",
        "max-age=60, max-age=61",
        "max-age=-60",
        'ext="unclosed, max-age=60',
        "stale-while-revalidate=60, stale-if-error=60",
    ],
)
def test_what_forbids_keeping_or_gives_no_lifetime_is_not_kept(value):
    """RFC 9111 §5.2.2 and §4.2.1; must-understand (§5.2.2.3) lets a cache ignore no-store, which this one does not."""
    assert not is_kept(("Cache-Control", value))


def test_an_answer_that_says_nothing_is_not_kept():
    """RFC 9111 §4.2.2 allows a guess; none is made."""
    assert not is_kept(("Last-Modified", "Mon, 02 Nov 2015 10:00:00 GMT"))


@pytest.mark.parametrize(
    "field",
    [
        ("Set-Cookie", "a=b"),
        ("Vary", "*"),
        ("Vary", "Cookie"),
        ("Vary", "Accept-Encoding, cookie"),
        ("Vary", "Authorization"),
        ("Vary", "A, B, C, D, E"),
        ("Content-Encoding", "gzip"),
        ("Content-Range", "bytes 0-9/20"),
        ("Connection", "close"),
        ("WWW-Authenticate", "Basic"),
        ("Cache-Until", "soon"),
        ("Cache-Until", "nan"),
        ("Cache-Until", "inf"),
        ("Cache-Until", str(NOON)),
        ("Content-Length", "7"),
        ("Page-Cache-Control", "no-store"),
    ],
)
def test_an_answer_for_one_reader_is_not_kept(field):
    """RFC 9111 §3.1, §4.1 and §7.3."""
    assert not is_kept(FRESH, field)


@pytest.mark.parametrize(
    "status", ["200 OK", "301 Moved Permanently", "308 Permanent Redirect", "404 Not Found", "410 Gone"]
)
def test_final_statuses_are_kept(status):
    """RFC 9110 §15.1 and RFC 9111 §3."""
    assert is_kept(FRESH, status=status)


@pytest.mark.parametrize(
    "status", ["201 Created", "206 Partial Content", "302 Found", "307 X", "403 X", "418 X", "429 X", "500 X", "503 X"]
)
def test_other_statuses_are_not_kept(status):
    """RFC 9111 §3: those that a cache understands, and here those that say the same to everybody."""
    assert not is_kept(FRESH, status=status)


def test_a_page_is_fresh_for_as_long_as_s_maxage_says_and_no_longer():
    """RFC 9111 §5.2.2.10: s-maxage goes before max-age."""
    field = ("Cache-Control", "max-age=10, s-maxage=60")
    assert is_kept(field, seconds=59.9)
    assert not is_kept(field, seconds=60)


def test_expires_counts_where_no_age_is_given():
    """RFC 9111 §5.3."""
    later = ("Expires", http_date(NOON + 60))
    assert is_kept(later, seconds=59)
    assert not is_kept(later, seconds=61)
    assert not is_kept(later, ("Cache-Control", "max-age=0"))
    assert not is_kept(("Expires", "0"))


def test_an_age_that_an_answer_brings_counts():
    """RFC 9111 §4.2.3."""
    assert is_kept(FRESH, ("Age", "50"), seconds=9)
    assert not is_kept(FRESH, ("Age", "50"), seconds=11)


def test_an_old_date_counts_as_age():
    """RFC 9111 §4.2.3: apparent age."""
    assert not is_kept(FRESH, ("Date", http_date(NOON - 61)))
    assert is_kept(FRESH, ("Date", http_date(NOON)), seconds=59)


def test_time_for_making_a_page_is_part_of_its_age():
    """RFC 9111 §4.2.3: response_delay. What a page shows is as old as its rendering's beginning."""

    def slow(environ):
        reader.clock.go_on(40)
        return page(FRESH)

    reader = Reader({"/": slow})
    reader.get("/")
    assert reader.get("/")["Age"] == "40"
    reader.clock.go_on(21)
    reader.get("/")
    assert reader.asked == 2


def test_a_field_for_this_cache_alone_goes_before_cache_control():
    """RFC 9213 §2.2."""
    field = ("Page-Cache-Control", "max-age=600")
    assert is_kept(field, ("Cache-Control", "max-age=0"), seconds=599)
    assert not is_kept(field, ("Cache-Control", "max-age=0"), seconds=601)


def test_a_field_for_this_cache_alone_lifts_no_prohibition():
    """Stricter than RFC 9213 §2.2: nothing private enters by mistake."""
    assert not is_kept(("Page-Cache-Control", "max-age=600"), ("Cache-Control", "private"))


def test_an_empty_field_for_this_cache_is_as_good_as_none():
    """RFC 9213 §2.1."""
    assert is_kept(("Page-Cache-Control", ""), FRESH)


def test_streams_are_passed_on_unread():
    reader = Reader({"/": lambda environ: page(FRESH, content=(chunk for chunk in [b"a", b"b"]))})
    assert reader.get("/").body == b"ab"
    assert reader.get("/").own_status == "fwd=uri-miss; detail=not-storable"
    assert reader.asked == 2


def test_answers_beyond_the_bound_are_not_kept():
    assert is_kept(FRESH, content=b"x" * 1000, max_content=1000)
    assert not is_kept(FRESH, content=b"x" * 1001, max_content=1000)


def test_content_that_was_read_and_is_not_kept_still_arrives():
    reader = Reader({"/": page(FRESH, content=b"x" * 1001)}, max_content=1000)
    assert reader.get("/").body == b"x" * 1001
    assert reader.site.closed == 1


def test_a_kept_answer_is_closed_once():
    reader = Reader({"/": page(FRESH)})
    reader.get("/")
    reader.get("/")
    assert reader.site.closed == 1


FORBIDDING = ["private", "no-store", "no-cache", 'private="x, y"', 'no-cache="x"', "Private", "NO-STORE", " no-cache "]
ALLOWING = ["s-maxage=60", "max-age=60", "max-age=0", "s-maxage=0", "public", "immutable", "must-revalidate"]
OTHER = ["stale-while-revalidate=9", "stale-if-error=9", 'ext="a, private"', "ext"]
DIRECTIVES = st.lists(st.sampled_from([*FORBIDDING, *ALLOWING, *OTHER]), max_size=6)
EXTRAS = st.lists(
    st.sampled_from(
        [
            ("Set-Cookie", "a=b"),
            ("Vary", "Cookie"),
            ("Vary", "Accept"),
            ("Vary", "*"),
            ("Age", "70"),
            ("Age", "5"),
            ("Page-Cache-Control", "max-age=600"),
            ("Page-Cache-Control", "private"),
            ("X-Other", "private"),
        ]
    ),
    max_size=3,
)


@given(DIRECTIVES, EXTRAS, st.booleans(), st.sampled_from(["200 OK", "404 Not Found", "302 Found", "500 X"]))
def test_what_must_not_be_kept_is_kept_in_no_combination(directives, extras, in_lines, status):
    """RFC 9111 §3: every condition holds at once, in one line or in several."""
    lines = [("Cache-Control", one) for one in directives] if in_lines else [("Cache-Control", ",".join(directives))]
    forbidden = (
        any(one in FORBIDDING for one in directives)
        or any(extra in extras for extra in [("Set-Cookie", "a=b"), ("Vary", "Cookie"), ("Vary", "*")])
        or ("Page-Cache-Control", "private") in extras
        or status[:3] not in {"200", "404"}
    )
    if forbidden:
        assert not is_kept(*lines, *extras, status=status)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Cache-Control", "Vary", "Expires", "Age", "Cache-Until"]), st.text(max_size=30))
    )
)
def test_no_field_whatever_it_holds_breaks_a_page(fields):
    reader = Reader({"/": page(*fields)})
    assert reader.get("/").body == TEXT
    assert reader.get("/").body == TEXT


def test_what_an_answer_tells_this_cache_is_told_to_nobody_else():
    fields = [
        ("Cache-Query", "a"),
        ("Cache-Until", str(NOON + 90)),
        ("Cache-Tag", "a"),
        ("Page-Cache-Control", "max-age=9"),
    ]
    reader = Reader({"/": page(FRESH, *fields), "/private": page(("Cache-Control", "private"), *fields)})
    replies = [reader.get("/"), reader.get("/"), reader.get("/private"), reader.get("/", cookie="sessionid=1")]
    assert [reply[name] for reply in replies for name, _ in fields] == [None] * 16


def test_tags_are_told_to_a_cdn_where_there_is_one():
    reader = Reader({"/": page(FRESH, ("Cache-Tag", "a, b"))}, tag_fields=[TagField("Surrogate-Key", " ", 100, 100)])
    for reply in (reader.get("/"), reader.get("/")):
        assert (reply["Surrogate-Key"], reply["Cache-Tag"]) == ("a b", None)


def test_fields_of_the_page_arrive_as_they_were():
    reader = Reader({"/": page(FRESH, ("X-Frame-Options", "DENY"), ("Link", "<a>"), ("Link", "<b>"))})
    first, second = reader.get("/"), reader.get("/")
    for reply in (first, second):
        assert (reply["Content-Type"], reply["X-Frame-Options"], reply["Link"]) == (HTML[1], "DENY", "<a>, <b>")
    assert first.body == second.body == TEXT

"""How a kept page is served: age, dates, HEAD, conditions, codings, what it varies by."""

import gzip

import brotli
import pytest
from django.utils.http import http_date

from articles.page_cache.addresses import Origins
from articles.page_cache.codings import COMPRESSORS
from tests.page_cache.site import FRESH, NOON, TEXT, Reader, page


@pytest.fixture
def reader():
    return Reader({"/": page(FRESH)})


def test_a_hit_says_its_age_and_how_long_it_is_fresh(reader):
    """RFC 9111 §5.1 and RFC 9211 §2."""
    reader.get("/")
    reader.clock.go_on(12.5)
    reply = reader.get("/")
    assert (reply["Age"], reply["Cache-Status"]) == ("12", "Newsroom; hit; ttl=47")


def test_a_hit_is_noted_as_use_once_a_second():
    reader = Reader({path: page(FRESH) for path in ("/a/", "/b/")})
    for path in ("/a/", "/a/", "/b/", "/b/"):
        reader.get(path)
    reader.clock.go_on(1)
    reader.get("/a/")
    assert [key[1] for key in reader.cache.store._protected] == ["/b/", "/a/"]


def test_age_is_never_negative_when_the_clock_goes_back(reader):
    """RFC 9111 §5.1."""
    reader.get("/")
    reader.clock.go_on(-30)
    assert reader.get("/")["Age"] == "0"


def test_the_date_is_that_of_the_page(reader):
    """RFC 9110 §6.6.1: when the message was made, not when it was served."""
    reader.get("/")
    reader.clock.go_on(30)
    assert reader.get("/")["Date"] == http_date(NOON)


def test_the_status_of_an_inner_cache_stays_first():
    """RFC 9211 §2: members in order from the origin outwards."""
    reader = Reader({"/": page(FRESH, ("Cache-Status", "Inner; fwd=miss"))})
    reader.get("/")
    assert reader.get("/")["Cache-Status"] == "Inner; fwd=miss, Newsroom; hit; ttl=60"


def test_a_first_answer_says_that_it_was_kept(reader):
    """RFC 9211 §2.2 and §2.5."""
    assert reader.get("/").own_status == "fwd=uri-miss; stored"


def test_head_is_answered_from_the_page(reader):
    """RFC 9110 §9.3.2 and RFC 9111 §4."""
    whole = reader.get("/")
    head = reader.head("/")
    assert head.body == b""
    assert head["Content-Length"] == str(len(TEXT))
    own = {"age", "cache-status"}
    assert sorted(line for line in head.lines if line[0].lower() not in own) == sorted(
        line for line in whole.lines if line[0].lower() not in own
    )
    assert reader.asked == 1


def test_a_first_head_makes_the_page(reader):
    assert reader.head("/").body == b""
    assert reader.get("/").body == TEXT
    assert [environ["REQUEST_METHOD"] for environ in reader.site.asked] == ["GET"]


def test_a_page_without_a_tag_gets_one_from_its_content(reader):
    """RFC 9110 §8.8.3."""
    other = Reader({"/": page(FRESH, content=TEXT + b"!")})
    assert reader.get("/")["ETag"].startswith('"')
    assert reader.get("/")["ETag"] == Reader({"/": page(FRESH)}).get("/")["ETag"]
    assert reader.get("/")["ETag"] != other.get("/")["ETag"]


@pytest.mark.parametrize(("given", "expected"), [('"mine"', '"mine-br"'), ('W/"mine"', 'W/"mine"')])
def test_a_tag_of_the_page_stays_and_tells_codings_apart(given, expected):
    """RFC 9110 §8.8.3.3."""
    reader = Reader({"/": page(FRESH, ("ETag", given))})
    assert reader.get("/")["ETag"] == given
    assert reader.get("/", accept_encoding="br")["ETag"] == expected


def test_a_reader_who_has_the_page_gets_304(reader):
    """RFC 9110 §13.1.2 and §15.4.5."""
    tag = reader.get("/")["ETag"]
    reply = reader.get("/", if_none_match=tag)
    assert (reply.status, reply.body) == (304, b"")
    assert {name.lower() for name, _ in reply.lines} == {
        "cache-control",
        "date",
        "etag",
        "vary",
        "age",
        "cache-status",
    }
    assert reply["ETag"] == tag


def test_a_first_reader_with_a_condition_gets_304_from_the_page_that_is_made(reader):
    """RFC 9111 §4.3.2: the condition is about what is kept then, and not asked of the application."""
    tag = Reader({"/": page(FRESH)}).get("/")["ETag"]
    assert reader.get("/", if_none_match=tag).status == 304
    assert "HTTP_IF_NONE_MATCH" not in reader.site.asked[0]


def test_head_with_a_condition_gets_304(reader):
    """RFC 9110 §13.2.1."""
    tag = reader.get("/")["ETag"]
    assert reader.head("/", if_none_match=tag).status == 304


def test_a_tag_of_another_coding_does_not_match(reader):
    """RFC 9110 §13.1.2: the selected representation."""
    tag = reader.get("/", accept_encoding="br")["ETag"]
    assert reader.get("/", accept_encoding="br", if_none_match=tag).status == 304
    assert reader.get("/", if_none_match=tag).status == 200


def test_a_date_is_compared_with_last_modified():
    """RFC 9110 §13.1.3."""
    modified = http_date(NOON - 3600)
    reader = Reader({"/": page(FRESH, ("Last-Modified", modified))})
    reader.get("/")
    assert reader.get("/", if_modified_since=modified).status == 304
    assert reader.get("/", if_modified_since=http_date(NOON - 7200)).status == 200
    assert reader.get("/", if_modified_since=modified, if_none_match='"other"').status == 200


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "301 Moved Permanently"])
def test_conditions_are_about_success_alone(status):
    """RFC 9110 §13.2.1."""
    reader = Reader({"/": page(FRESH, ("ETag", '"mine"'), ("Last-Modified", http_date(NOON)), status=status)})
    reader.get("/")
    assert reader.get("/", if_none_match="*").status == int(status[:3])
    assert reader.get("/", if_modified_since=http_date(NOON)).status == int(status[:3])


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_pages_are_compressed_for_who_takes_it(reader, coding, unpack):
    """RFC 9110 §8.4 and §12.5.3."""
    for _ in range(2):
        reply = reader.get("/", accept_encoding=coding)
        assert unpack(reply.body) == TEXT
        assert (reply["Content-Encoding"], reply["Content-Length"]) == (coding, str(len(reply.body)))
    assert reader.get("/").body == TEXT
    assert reader.asked == 1


def test_all_kept_pages_vary_by_coding():
    """RFC 9110 §12.5.5."""
    tiny = page(FRESH, content=b"tiny")
    reader = Reader(
        {"/": tiny, "/both": page(FRESH, ("Vary", "Accept-Language")), "/own": page(FRESH, ("Vary", "accept-encoding"))}
    )
    assert reader.get("/")["Vary"] == "Accept-Encoding"
    assert reader.get("/both")["Vary"] == "Accept-Language, Accept-Encoding"
    assert reader.get("/own")["Vary"] == "accept-encoding"


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ([FRESH], b"tiny"),
        ([("Cache-Control", "s-maxage=60, no-transform")], TEXT),
        ([FRESH, ("Content-Type", "image/webp")], TEXT),
    ],
)
def test_what_is_tiny_or_must_stay_as_it_is_is_not_compressed(fields, content):
    """RFC 9110 §7.7: no-transform."""
    reply = Reader({"/": page(*fields, content=content)}).get("/", accept_encoding="br, gzip")
    assert (reply["Content-Encoding"], reply.body) == (None, content)


def test_a_coding_that_makes_nothing_smaller_is_not_used(monkeypatch):
    monkeypatch.setitem(COMPRESSORS, "br", lambda content: content)
    reader = Reader({"/": page(FRESH)})
    assert reader.get("/", accept_encoding="br")["Content-Encoding"] is None
    assert reader.get("/", accept_encoding="br, gzip")["Content-Encoding"] == "gzip"


def test_a_page_that_varies_is_kept_for_each_value():
    """RFC 9111 §4.1."""
    reader = Reader(
        {
            "/": lambda environ: page(
                FRESH, ("Vary", "Accept-Language"), content=environ.get("HTTP_ACCEPT_LANGUAGE", "none").encode()
            )
        }
    )
    for _ in range(2):
        assert reader.get("/", accept_language="de").body == b"de"
        assert reader.get("/", accept_language="fr").body == b"fr"
        assert reader.get("/").body == b"none"
    assert reader.asked == 3


def test_a_page_that_stops_to_vary_is_one_again():
    """RFC 9111 §4.1: the newest answer says by what to choose."""
    reader = Reader({"/": page(FRESH, ("Vary", "Accept-Language"), content=b"old")})
    reader.get("/", accept_language="de")
    reader.site.pages["/"] = page(FRESH, content=b"new")
    assert reader.get("/", accept_language="fr").body == b"new"
    assert reader.get("/", accept_language="de").body == b"new"


def test_pages_of_two_origins_are_apart():
    """RFC 9111 §2: the key holds the whole address."""
    pages = {"/": lambda environ: page(FRESH, content=environ["HTTP_HOST"].encode())}
    reader = Reader(pages, origins=Origins(["https://example.org", "https://example.net"]))
    hosts = ["example.org", "example.net", "EXAMPLE.org"]
    assert [reader.get("/", host=host).body for host in hosts] == [b"example.org", b"example.net", b"example.org"]


def test_an_application_below_a_prefix_is_apart():
    reader = Reader({"/": lambda environ: page(FRESH, content=environ["SCRIPT_NAME"].encode())})
    assert [reader.get("/", prefix=prefix).body for prefix in ("", "/news", "")] == [b"", b"/news", b""]

"""Which requests pass the cache by, and what the words of a request do: RFC 9110 and RFC 9111 §5.2.1."""

import pytest

from tests.page_cache.site import FRESH, TEXT, Reader, page


@pytest.fixture
def reader():
    return Reader({"/": page(FRESH), "/static/a.css": page(FRESH)}, skipped=["/static/"])


@pytest.mark.parametrize(
    "cookies", ["sessionid=1", "a=b; sessionid=1", "csrftoken=x", "sessionid =1", 'a="; sessionid=1', "xsessionid=1"]
)
def test_a_cookie_that_the_application_reads_passes_by(reader, cookies):
    reader.get("/")
    reply = reader.get("/", cookie=cookies)
    assert (reply.own_status, reply.body) == ("fwd=bypass; detail=cookie", TEXT)
    assert reader.site.asked[1]["HTTP_COOKIE"] == cookies
    assert reader.occupancy().items == 1


def test_what_a_session_gets_is_never_kept(reader):
    reader.get("/", cookie="sessionid=1")
    assert reader.occupancy().items == 0


def test_a_head_that_passes_by_is_closed_without_its_content(reader):
    assert reader.head("/", cookie="sessionid=1").body == b""
    assert reader.site.closed == 1


def test_other_cookies_make_no_difference_and_are_not_heard(reader):
    reader.get("/", cookie="_ga=1")
    assert reader.get("/", cookie="_ga=2").own_status == "hit; ttl=60"
    assert "HTTP_COOKIE" not in reader.site.asked[0]


def test_authorization_passes_by(reader):
    """RFC 9111 §3.5."""
    reader.get("/")
    assert reader.get("/", authorization="Basic x").own_status == "fwd=bypass; detail=authorization"


def test_a_foreign_host_passes_by_and_leaves_nothing(reader):
    """RFC 9110 §7.4."""
    assert reader.get("/", host="evil.example").own_status == "fwd=bypass; detail=host"
    assert reader.occupancy().items == 0


def test_a_foreign_host_in_a_second_field_is_not_heard(reader):
    reader.get("/", x_forwarded_host="evil.example", x_original_url="/admin/")
    assert not {"HTTP_X_FORWARDED_HOST", "HTTP_X_ORIGINAL_URL"} & reader.site.asked[0].keys()


def test_the_application_hears_the_one_spelling_of_its_host(reader):
    reader.get("/", host="EXAMPLE.org:443")
    assert reader.site.asked[0]["HTTP_HOST"] == "example.org"


@pytest.mark.parametrize("words", ["no-cache", "max-age=0", "min-fresh=999", "max-stale", "no-store"])
def test_a_reader_cannot_make_the_application_work_for_what_is_kept(reader, words):
    """RFC 9111 §5.2.1: what a request asks of caches is advisory."""
    reader.get("/")
    assert reader.get("/", cache_control=words).own_status == "hit; ttl=60"


def test_a_reader_who_wants_nothing_stored_leaves_nothing(reader):
    """RFC 9111 §5.2.1.5."""
    assert reader.get("/", cache_control="no-store").own_status == "fwd=bypass; detail=no-store"
    assert reader.occupancy().items == 0


def test_only_if_cached_is_answered_from_what_is_kept_or_not_at_all(reader):
    """RFC 9111 §5.2.1.7."""
    assert reader.get("/", cache_control="only-if-cached").status == 504
    assert reader.asked == 0
    reader.get("/")
    assert reader.get("/", cache_control="only-if-cached").status == 200


def test_a_part_of_what_is_kept_is_the_whole(reader):
    """RFC 9110 §14.2: a server may ignore Range."""
    reader.get("/")
    reply = reader.get("/", range="bytes=0-1")
    assert (reply.status, reply.body) == (200, TEXT)


@pytest.mark.parametrize("name", ["range", "if_match", "if_unmodified_since", "transfer_encoding"])
def test_what_only_the_application_can_answer_is_asked_of_it(reader, name):
    """RFC 9110 §13.1.1 and §14.2; RFC 9111 §4.3.2."""
    assert "fwd=bypass" in reader.get("/", **{name: "x"})["Cache-Status"]
    assert reader.site.asked[0][f"HTTP_{name.upper()}"] == "x"
    assert reader.occupancy().items == 0


def test_a_request_with_content_leaves_nothing(reader):
    """RFC 9110 §9.3.1: content in a GET has no meaning, and must not reach others."""
    assert reader.get("/", body=b"x=1").own_status == "fwd=bypass; detail=content"
    assert reader.occupancy().items == 0


def test_skipped_paths_pass_by(reader):
    assert reader.get("/static/a.css").own_status == "fwd=bypass; detail=path"
    assert reader.occupancy().items == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PURGE"])
@pytest.mark.parametrize("status", ["200 OK", "303 See Other"])
def test_a_change_outdates_what_is_kept_of_its_address(reader, method, status):
    """RFC 9111 §4.4."""
    reader.get("/")
    before = reader.site.pages["/"]
    reader.site.pages["/"] = page(status=status)
    assert reader.get("/", method=method).own_status == "fwd=method"
    reader.site.pages["/"] = before
    assert reader.get("/").own_status == "fwd=uri-miss; stored"


@pytest.mark.parametrize(
    ("method", "status"), [("POST", "403 X"), ("POST", "500 X"), ("OPTIONS", "200 OK"), ("TRACE", "200 OK")]
)
def test_what_changes_nothing_outdates_nothing(reader, method, status):
    """RFC 9111 §4.4 and RFC 9110 §9.2.1."""
    reader.get("/")
    reader.site.pages["/"] = page(status=status)
    reader.get("/", method=method)
    assert reader.get("/").own_status == "hit; ttl=60"


def test_a_page_that_cannot_be_kept_is_asked_for_just_as_it_was_asked(reader):
    reader.site.pages["/"] = page()
    reader.get("/")
    reader.head("/", if_none_match='"x"', range="bytes=0-1")
    reader.head("/", if_none_match='"x"')
    assert reader.site.asked[2]["REQUEST_METHOD"] == "HEAD"
    assert reader.site.asked[2]["HTTP_IF_NONE_MATCH"] == '"x"'


def test_chunks_of_a_lazy_application_arrive():
    """PEP 3333: an iterator may call start_response() when its first chunk is asked for, and may write()."""

    def lazy(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"a"
        yield b"b"

    def writing(environ, start_response):
        write = start_response("200 OK", [FRESH])
        write(b"c")
        return [b"d"]

    reader = Reader()
    reader.cache.application = lazy
    assert [reader.get("/lazy").body, reader.get("/lazy", method="POST").body] == [b"ab", b"ab"]
    reader.cache.application = writing
    assert [reader.get("/writing").body, reader.get("/writing").own_status] == [
        b"cd",
        "fwd=uri-miss; detail=not-storable",
    ]

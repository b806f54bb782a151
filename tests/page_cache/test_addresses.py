import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.addresses import MOST_SPELLINGS, Origins, canonical_query, variation_key


def environ(host="example.org", scheme="https", **more):
    return {"wsgi.url_scheme": scheme, "HTTP_HOST": host, **more}


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.org", "example.org:443"])
def test_an_origin_has_one_spelling(host):
    """RFC 9110 §4.2.3."""
    assert Origins(["https://example.org/"])(environ(host)) == "https://example.org"


@pytest.mark.parametrize(
    "request_environ",
    [
        environ("evil.example"),
        environ("example.org:8000"),
        environ("example.org."),
        environ("example.org/x"),
        environ("user@example.org"),
        environ(""),
        environ(scheme="http"),
        {"wsgi.url_scheme": "https"},
    ],
)
def test_what_names_another_origin_has_no_key(request_environ):
    """RFC 9110 §7.4: requests that are misdirected."""
    assert Origins(["https://example.org"])(request_environ) is None


def test_a_proxy_says_the_scheme_where_it_is_trusted():
    origins = Origins(["https://example.org"], scheme_field=("HTTP_X_FORWARDED_PROTO", "https"))
    assert origins(environ(scheme="http", HTTP_X_FORWARDED_PROTO="https")) == "https://example.org"
    assert origins(environ(scheme="http", HTTP_X_FORWARDED_PROTO="https, http")) == "https://example.org"
    assert origins(environ(scheme="https", HTTP_X_FORWARDED_PROTO="http")) is None
    assert origins(environ(scheme="http")) is None


def test_a_proxy_is_not_believed_where_nobody_said_that_there_is_one():
    assert Origins(["https://example.org"])(environ(scheme="http", HTTP_X_FORWARDED_PROTO="https")) is None


def test_hostile_spellings_of_a_host_are_not_all_remembered():
    origins = Origins(["https://abcdefgh.org"])
    for number in range(256):
        host = "".join(letter.upper() if number >> place & 1 else letter for place, letter in enumerate("abcdefgh"))
        assert origins(environ(f"{host}.org")) == "https://abcdefgh.org"
    assert len(origins._spellings) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("after=1", "after=1"),
        ("utm_source=x", ""),
        ("utm_source=x&after=1&gclid=y", "after=1"),
        ("before=2&after=1", "after=1&before=2"),
        ("after=1&after=2", None),
        ("after=1&%61fter=2", None),
        ("after=a%20b", "after=a%20b"),
        ("after=%FF", "after=%FF"),
        ("after", "after"),
        ("&&after=1&", "after=1"),
        ("After=1", ""),
        ("after=" + "1" * 500, None),
        ("junk=" + "1" * 5000, ""),
    ],
)
def test_a_query_is_what_a_page_knows_of_it(query, expected):
    assert canonical_query(query, {"after", "before"}) == expected


@given(st.text("ab=&%12+;", max_size=30))
def test_a_canonical_query_is_its_own_canonical_form(query):
    canonical = canonical_query(query, {"a", "b"})
    assert canonical is None or canonical_query(canonical, {"a", "b"}) == canonical


def test_what_a_page_varies_by_tells_absent_from_empty():
    """RFC 9111 §4.1: a field that is absent matches one that is absent."""
    names = ["accept-language"]
    keys = [variation_key(found, names) for found in ({}, {"HTTP_ACCEPT_LANGUAGE": ""}, {"HTTP_ACCEPT_LANGUAGE": "de"})]
    assert len(set(keys)) == 3


def test_a_value_that_is_too_long_has_no_key():
    assert variation_key({"HTTP_ACCEPT_LANGUAGE": "x" * 1000}, ["accept-language"]) is None


def test_of_a_page_that_knows_no_parameter_every_query_asks_for_the_same():
    assert canonical_query(f"utm_source=letter&a=1&a=2&b={'b' * 1000}", ()) == ""

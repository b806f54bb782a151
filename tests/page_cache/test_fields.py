import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.fields import LONGEST, duration, field, members, moment, parse_directives

TOKENS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b ,c", ["a", "b", "c"]),
        ('a="x, y", b', ['a="x, y"', "b"]),
        (r'a="x \", y", b', [r'a="x \", y"', "b"]),
        ("a,,b,", ["a", "", "b", ""]),
        ('a="x, b', ['a="x, b']),
    ],
)
def test_lists_are_parted_at_commas_outside_quotes(text, expected):
    """RFC 9110 §5.6.1 and §5.6.4."""
    assert list(members(text)) == expected


def test_lines_of_one_field_are_joined():
    """RFC 9110 §5.3."""
    assert field([("Vary", "A"), ("X", "1"), ("vary", "B")], "vary") == "A, B"


def test_an_absent_field_is_none():
    assert field([("X", "1")], "vary") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max-age=60", 60),
        ("MAX-AGE=60", 60),
        ('max-age="60"', 60),
        ("max-age=060", 60),
        ("s-maxage=1", None),
        ("max-age", 0),
        ("max-age=", 0),
        ("max-age=-1", 0),
        ("max-age=1.5", 0),
        ("max-age=²", 0),
        ("max-age=60, max-age=60", 60),
        ("max-age=60, max-age=5", 0),
        ("max-age=99999999999999999999", LONGEST),
        ("max-age=" + "9" * 10_000, LONGEST),
    ],
)
def test_durations_are_whole_seconds_and_what_cannot_be_read_is_stale(text, expected):
    """RFC 9111 §1.2.2 and §4.2.1."""
    assert duration(parse_directives(text), "max-age") == expected


@pytest.mark.parametrize(
    "text",
    [
        'foo="bar, no-store',
        '"no-store"',
        'foo="x"y',
        'foo=x"y"',
        'private="set-cookie',
        "foo, No-Store ,bar",
        "no-store=1",
    ],
)
def test_no_malformed_text_hides_a_prohibition(text):
    """RFC 9111 §4.2.1: caches are encouraged to consider as stale what they cannot read."""
    assert "no-store" in parse_directives(text)


@given(st.dictionaries(TOKENS, st.none() | st.text(' ,=;"\\abc', max_size=8), min_size=1, max_size=6))
def test_directives_are_read_as_they_were_written(directives):
    """RFC 9110 §5.6.4: whatever is quoted comes back."""
    written = []
    for name, value in directives.items():
        quoted = None if value is None else '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))
        written.append(name if quoted is None else f"{name}={quoted}")
    # A value of a quote alone reads like one that is never closed, which errs on the safe side.
    expected = dict(directives)
    if '"' in directives.values():
        expected.setdefault("no-store", None)
    assert parse_directives(", ".join(written)) == expected


@given(st.text(max_size=60), st.booleans())
def test_a_prohibition_after_any_text_is_found_or_all_is_forbidden(text, is_upper):
    """RFC 9111 §5.2.2.5."""
    word = "NO-STORE" if is_upper else "no-store"
    assert "no-store" in parse_directives(f"{text},{word}")


@pytest.mark.parametrize("text", [None, "", "0", "yesterday", "Sun, 99 Nov 1994 08:49:37 GMT"])
def test_what_is_no_date_is_none(text):
    """RFC 9110 §5.6.7."""
    assert moment(text) is None


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_all_three_forms_of_dates_are_read(text):
    """RFC 9110 §5.6.7."""
    assert moment(text) == 784_111_777

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.validators import is_entity_tag, is_unchanged, strong_tag, tag_for_coding

MONDAY = "Mon, 02 Nov 2026 10:00:00 GMT"
MONDAY_SECONDS = 1_793_613_600
TUESDAY = "Tue, 03 Nov 2026 10:00:00 GMT"
SUNDAY = "Sun, 01 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("tag", "if_none_match", "expected"),
    [
        ('"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('W/"a"', '"a"', True),
        ('"a"', '"b", "a"', True),
        ('"a,b"', '"x", "a,b"', True),
        ('"a\\"', '"x", "a\\", "y"', True),
        ('"a"', "*", True),
        ('"a"', " * ", True),
        ('"a"', '"b"', False),
        ('"a"', "a", False),
        ('"a"', '"a-br"', False),
        ('"a"', "", False),
        (None, '"a"', False),
        (None, "*", True),
    ],
)
def test_tags_are_compared_weakly(tag, if_none_match, expected):
    """RFC 9110 §13.1.2 and §8.8.3.2."""
    assert is_unchanged(tag, None, if_none_match=if_none_match, if_modified_since=None) is expected


@pytest.mark.parametrize(
    ("modified", "since", "expected"),
    [
        (MONDAY_SECONDS, MONDAY, True),
        (MONDAY_SECONDS, TUESDAY, True),
        (MONDAY_SECONDS, SUNDAY, False),
        (MONDAY_SECONDS, "nonsense", False),
        (None, TUESDAY, False),
    ],
)
def test_dates_are_compared_where_there_is_a_date(modified, since, expected):
    """RFC 9110 §13.1.3; without Last-Modified, RFC 9111 §4.3.2 only suggests Date, which is too coarse here."""
    assert is_unchanged('"a"', modified, if_none_match=None, if_modified_since=since) is expected


def test_a_tag_that_differs_outweighs_a_date():
    """RFC 9110 §13.1.3: If-Modified-Since is ignored beside If-None-Match."""
    assert not is_unchanged('"a"', MONDAY_SECONDS, if_none_match='"b"', if_modified_since=TUESDAY)


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_tags_are_equal_exactly_where_contents_are(one, other):
    """RFC 9110 §8.8.1: a strong validator changes with the content."""
    assert is_entity_tag(strong_tag(one))
    assert (strong_tag(one) == strong_tag(other)) is (one == other)


def test_each_coding_has_a_strong_tag_of_its_own():
    """RFC 9110 §8.8.3.3."""
    assert tag_for_coding('"a"', "br") == '"a-br"'
    assert tag_for_coding('W/"a"', "br") == 'W/"a"'


@pytest.mark.parametrize("text", ["a", '"a', 'a"', "", '"', 'w/"a"', '"a"b"'])
def test_what_is_no_entity_tag_is_told(text):
    """RFC 9110 §8.8.3."""
    assert not is_entity_tag(text)

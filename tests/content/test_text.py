import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.content.sanitising import CleanHTML, clean_html
from articles.content.text import (
    RelatedMarker,
    html_to_text,
    reading_minutes,
    split_at_markers,
    text_to_html,
    word_count,
)

BLOCKS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="<>&\"'/ ;\n\t\xa0\r\x00a", max_size=30),
        st.sampled_from(["<script>x</script>", "&amp;", "&nbsp;", "a & b", "&#1;", "\u3000", "\x85x", "<pre>\n\n"]),
        st.integers(1, 9999).map(RelatedMarker),
    ),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(BLOCKS)
def test_the_sanitiser_would_change_nothing_in_a_body_made_from_text(blocks):
    body = text_to_html(blocks)
    assert isinstance(body, CleanHTML)
    assert clean_html(str(body)) == body


def test_paragraphs_and_markers_become_a_body():
    body = text_to_html(["One\nline  more.", RelatedMarker(1), " \n", "Two."])
    assert body == '<p>One line more.</p>\n<aside data-related="1"></aside>\n<p>Two.</p>'


def test_html_in_text_is_shown():
    assert text_to_html(['<b>"A" & B</b>']) == '<p>&lt;b&gt;"A" &amp; B&lt;/b&gt;</p>'


@given(st.lists(st.text(alphabet="abc <>&\"'’é漢", min_size=1).filter(str.strip), max_size=5))
def test_text_survives_the_way_to_html_and_back(paragraphs):
    expected = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    assert html_to_text(text_to_html(paragraphs)) == expected


def test_number_of_a_marker_starts_at_one():
    with pytest.raises(ValueError, match="starts at 1"):
        RelatedMarker(0)


def test_text_of_html_keeps_breaks_and_drops_markers():
    html = '<h2>Head</h2><p title="a>b">One<br>two &amp; <em>thr</em>ee.</p>\n<aside data-related="2"></aside><ul><li>x</li><li>y</li></ul>'
    assert html_to_text(html) == "Head\n\nOne\ntwo & three.\n\nx\n\ny"


def test_unbalanced_quotation_marks_do_not_take_for_ever():
    assert word_count("<a " + "\"'" * 20_000) >= 1
    assert html_to_text('<p title="' * 5_000) is not None


def test_body_is_parted_at_its_markers_in_order():
    body = text_to_html(["One.", RelatedMarker(2), RelatedMarker(1), "Two."])
    assert split_at_markers(body) == ["<p>One.</p>\n", RelatedMarker(2), RelatedMarker(1), "\n<p>Two.</p>"]
    assert all(isinstance(part, CleanHTML) for part in split_at_markers(body) if isinstance(part, str))


def test_parts_of_unmarked_text_are_not_trusted():
    assert [type(part) for part in split_at_markers("<p>x</p>")] == [str]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two  three\nfour", 4),
        ("a 48-hour truce — nobody’s", 4),
        ("“Quoted,” she said…", 3),
        ("yes—no", 2),
        ("<p>one<em>self</em></p><p>two &amp; three</p>", 3),
        ("a < b and c > d", 5),
        ("<p>x<br>y</p><aside data-related='3'></aside>", 2),
        ("今天是星期五", 6),
        ("今天 Friday です", 5),
        ("안녕하세요 세계", 2),
        ("مرحبا بالعالم", 2),
        ("— … !", 0),
    ],
)
def test_words_are_counted(text, count):
    assert word_count(text) == count


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (238, 1), (476, 2), (600, 3), (2380, 10)])
def test_reading_takes_a_minute_at_least(words, minutes):
    assert reading_minutes(words) == minutes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.excerpts import excerpt
from articles.content.footnotes import Note, with_numbers, without_notes
from articles.content.sanitising import CleanHTML, clean_html
from articles.content.text import html_to_text, word_count

BODY = clean_html(
    "<p>Ten<small data-footnote>By the <i>Log</i>.</small> boats.</p><p>Two<small data-footnote>So</small>.</p>"
)


def test_note_becomes_a_number_that_leads_to_its_words():
    html, notes = with_numbers(BODY)
    assert notes == (Note(1, "By the <em>Log</em>."), Note(2, "So"))
    assert html.startswith(
        '<p>Ten<sup class="note-mark"><a id="note-mark-1" href="#note-1" role="doc-noteref" aria-label="Note 1">1</a></sup> boats.'
    )
    assert isinstance(html, CleanHTML)
    assert all(isinstance(note.html, CleanHTML) for note in notes)


def test_numbers_go_on_from_part_to_part():
    _, notes = with_numbers(BODY, after=3)
    assert [note.number for note in notes] == [4, 5]


def test_body_without_notes_is_left_alone():
    body = clean_html("<p>One.</p>")
    assert with_numbers(body) == (body, ())


def test_notes_are_in_no_excerpt_and_no_count_and_in_brackets_in_text():
    assert without_notes(BODY) == "<p>Ten boats.</p><p>Two.</p>"
    assert excerpt(BODY) == "Ten boats. Two."
    assert word_count(BODY) == 3
    assert html_to_text(BODY) == "Ten [By the Log.] boats.\n\nTwo [So]."


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<p>a<small>b</small></p>", "<p>ab</p>"),
        ("<p>a<small data-footnote='x'>b</small></p>", "<p>ab</p>"),
        ("<p>a<small data-footnote> </small>b</p>", "<p>a b</p>"),
        ("<p>a<small data-footnote>b<br>c</small></p>", '<p>a<small data-footnote="">b<br>c</small></p>'),
        # A note in a note is a note, and so is each half of what stood around it.
        ("<p>a<small data-footnote>b<small data-footnote>c</small></small></p>",
         '<p>a<small data-footnote="">bc</small></p>'),
        ("<p><a href='/x'>a<small data-footnote>b</small>c</a>.</p>",
         '<p><a href="/x">ac</a><small data-footnote="">b</small>.</p>'),
        ("<p>a<small data-footnote>b</p><p>c</p>", '<p>a<small data-footnote="">b</small></p><p>c</p>'),
        ("<small data-footnote><p>a</p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<small data-footnote>a<table><tr><td>b", '<small data-footnote="">a</small><table><tbody><tr><td>b</td></tr></tbody></table>'),
    ],
)  # fmt: skip
def test_note_is_one_line_of_text_outside_of_links(given_html, expected):
    assert clean_html(given_html) == expected


def test_many_unclosed_notes_are_cleaned_in_linear_time():
    assert clean_html("<small data-footnote>" * 20_000 + "word").count("word") == 1


PIECES = st.sampled_from(
    ["<p>", "</p>", "<small data-footnote>", "</small>", "<small>", "word ", "<em>", "</em>", '<a href="/x">', "</a>",
     "<br>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>", "<figure data-embed='vimeo:76979871'>", "</figure>",
     "<figcaption>", "</figcaption>", "<span lang=de>", "</span>", "<h1>", "</h1>", "<pre>\n", "</pre>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_is_sent_notes_are_whole_and_no_word_is_lost(fragment):
    cleaned = clean_html(fragment)
    assert clean_html(str(cleaned)) == cleaned
    assert cleaned.count("word") == fragment.count("word")
    html, notes = with_numbers(cleaned)
    assert "<small" not in html
    assert len(notes) == cleaned.count("<small")
    assert not any("<small" in note.html or "<p" in note.html for note in notes)

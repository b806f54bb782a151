from hypothesis import given
from hypothesis import strategies as st

from articles.content.excerpts import LONGEST, excerpt
from articles.content.text import text_to_html
from articles.models import Article

LONG = "The harbour froze before dawn on Tuesday. Ferries stayed at their moorings, and the crews swept snow from decks that nobody would cross that day, while the mayor promised sand."


def test_short_body_is_given_whole():
    assert excerpt("<p>Ice &amp; snow.</p><p>Then sun.</p>") == "Ice & snow. Then sun."


def test_cut_falls_at_the_end_of_a_sentence_that_keeps_more_than_half():
    assert excerpt(f"<p>{LONG}</p>", words=12) == "The harbour froze before dawn on Tuesday."


def test_cut_falls_between_words_otherwise():
    assert excerpt(f"<p>{LONG}</p>", words=19) == (
        "The harbour froze before dawn on Tuesday. Ferries stayed at their moorings, and the crews swept snow from decks…"
    )


def test_no_loose_comma_stands_before_the_ellipsis():
    assert excerpt("<p>Ferries stayed at their moorings, and crews swept.</p>", words=5) == (
        "Ferries stayed at their moorings…"
    )


def test_title_before_a_name_ends_no_sentence():
    assert excerpt("<p>On Monday the court heard Dr. Amara Lindqvist speak about ice.</p>", words=7) == (
        "On Monday the court heard Dr. Amara…"
    )


def test_headings_markers_tables_and_pullquotes_are_passed_over():
    body = '<h2>No</h2><aside data-related="1"></aside><aside class="pullquote">No</aside><table><tbody><tr><td>No</td></tr></tbody></table><p>Yes.</p>'
    assert excerpt(body) == "Yes."


def test_body_without_prose_gives_what_it_has():
    assert excerpt("<ul><li>One</li><li>Two</li></ul>") == "One Two"
    assert excerpt("<h2>Only this</h2>") == "Only this"
    assert excerpt("") == ""


def test_chinese_is_cut_by_characters():
    assert excerpt("<p>" + "港口结冰了" * 20 + "</p>", words=5) == "港口结冰了…"


def test_excerpt_fits_into_its_column_however_long_the_words_are():
    long = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    assert len(excerpt(f"<p>{(long + ' ') * 40}</p>")) <= LONGEST
    assert excerpt(f"<p>{long} {'x' * LONGEST}</p>") == f"{long}…"
    assert excerpt(f"<p>{'x' * LONGEST}</p>") == "x" * LONGEST
    assert excerpt(f"<p>{'x' * (LONGEST + 1)}</p>") == "x" * (LONGEST - 1) + "…"
    assert Article._meta.get_field("excerpt").max_length == LONGEST


@given(st.lists(st.text(max_size=600), max_size=4), st.integers(1, 30))
def test_excerpt_is_one_line_of_bounded_length(paragraphs, words):
    found = excerpt(text_to_html(paragraphs), words=words)
    assert "\n" not in found
    assert len(found.split()) <= max(words, 1) + 1
    assert len(found) <= LONGEST

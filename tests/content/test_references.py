import re

from hypothesis import given
from hypothesis import strategies as st

from articles.content.references import References, find_references, with_addresses
from articles.content.sanitising import CleanHTML, clean_html
from articles.content.text import PictureMarker, RelatedMarker, html_to_text, split_at_markers

ONE = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
TWO = "1a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
BODY = clean_html(
    f'<p>One <a data-article="{ONE}" title="a &quot;b&quot;">two</a> <a href="/x">three</a></p>'
    f'<figure data-image="{TWO}"><figcaption>A <a data-article="{TWO}">boat</a>.</figcaption></figure>'
    f'<aside data-related="1"></aside><figure data-image="{ONE}"></figure>'
)


def test_references_are_found():
    assert find_references(BODY) == References(frozenset({ONE, TWO}), frozenset({ONE, TWO}))
    assert find_references("<p>data-article data-image</p>") == References(frozenset(), frozenset())


def test_link_gets_its_address_and_keeps_its_other_attributes():
    html = with_addresses(BODY, {ONE: "/2026/07/a&b/"})
    link = '<a href="/2026/07/a&amp;b/" title="a &quot;b&quot;">two</a>'
    assert f'{link} <a href="/x">three</a>' in html
    assert "data-article" not in html


def test_link_without_an_address_becomes_its_words():
    html = with_addresses(BODY, {})
    assert '<p>One two <a href="/x">three</a></p>' in html
    assert "<figcaption>A boat.</figcaption>" in html


def test_links_within_links_stay_balanced():
    nested = CleanHTML(f'<a data-article="{ONE}">x<table><tr><td><a href="/y">y</a></td></tr></table>z</a></a>')
    assert with_addresses(nested, {}) == 'x<table><tr><td><a href="/y">y</a></td></tr></table>z</a>'


def test_body_is_parted_at_pictures_and_related_stories():
    assert split_at_markers(BODY)[1:] == [
        PictureMarker(TWO, CleanHTML(f'A <a data-article="{TWO}">boat</a>.')),
        RelatedMarker(1),
        PictureMarker(ONE),
    ]


def test_caption_is_as_clean_as_the_body():
    assert isinstance(split_at_markers(BODY)[1].caption, CleanHTML)
    assert not isinstance(split_at_markers(str(BODY))[1].caption, CleanHTML)


def test_caption_is_text_of_the_story():
    assert "A boat." in html_to_text(BODY)


def test_picture_holds_its_caption_and_nothing_else():
    messy = f'<figure data-image="{ONE}" class="x"><p>Before</p><figcaption><p>A <em>boat</em></p><hr></figcaption>After</figure>'
    assert clean_html(messy) == (
        f'<figure data-image="{ONE}"><figcaption>A <em>boat</em></figcaption></figure><p>Before</p>After'
    )


def test_unclosed_picture_swallows_no_text():
    assert clean_html(f'<figure data-image="{ONE}"><p>One.</p><p>Two.</p>') == (
        f'<figure data-image="{ONE}"></figure><p>One.</p><p>Two.</p>'
    )


def test_picture_within_a_picture_stands_after_it():
    nested = f'<figure data-image="{ONE}"><figcaption> </figcaption><figure data-image="{TWO}"></figure></figure>'
    assert clean_html(nested) == f'<figure data-image="{ONE}"></figure><figure data-image="{TWO}"></figure>'


def test_identifier_of_another_shape_is_dropped():
    assert clean_html('<figure data-image="../x"><figcaption>A</figcaption></figure>') == (
        "<figure><figcaption>A</figcaption></figure>"
    )
    assert clean_html('<a data-article="1">A</a>') == "A"


def test_link_to_a_story_has_no_address_of_its_own():
    assert clean_html(f'<a href="https://example.org" data-article="{ONE}">A</a>') == f'<a data-article="{ONE}">A</a>'


PIECES = st.sampled_from(
    ["<p>", "</p>", f'<figure data-image="{ONE}">', f'<figure data-image="{TWO}">', "<figure>", "</figure>", "boat", " ",
     "<figcaption>", "</figcaption>", "<em>", "</em>", f'<a data-article="{ONE}">', "</a>", "<table><tr><td>", "</table>",
     "<hr>", "<br>", "<blockquote>", "</blockquote>", '<aside data-related="1">', "</aside>", "<pre>\n", "</pre>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_is_sent_each_picture_is_whole_and_no_word_is_lost(fragment):
    cleaned = clean_html(fragment)
    assert clean_html(str(cleaned)) == cleaned
    pictures = [part for part in split_at_markers(cleaned) if isinstance(part, PictureMarker)]
    assert len(pictures) == cleaned.count("<figure data-image=")
    assert cleaned.count("boat") == fragment.count("boat")
    shown = with_addresses(cleaned, {})
    assert len(re.findall("<a[ >]", shown)) == shown.count("</a>")

import pytest
from django.core.validators import slug_unicode_re
from hypothesis import given
from hypothesis import strategies as st

from articles.content.slugs import headline_slug, is_slug, numbered_slug


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Harbour crews ‘weren’t ready’, inquiry finds", "harbour-crews-werent-ready-inquiry-finds"),
        ("Łódź, Ærø & Straße: für Đorđe", "lodz-aero-strasse-fur-dorde"),
        ("İstanbul’da yağmur", "istanbulda-yagmur"),
        ("北京的冬天", "北京的冬天"),
        ("شتاء في بيروت", "شتاء-في-بيروت"),
        ("हिन्दी समाचार", "हनद-समचर"),
        ("قبل عاماً عُمان", "قبل-عاما-عمان"),
        ("Москва и Київ", "москва-и-київ"),
        ("48-hour truce — 3.5%", "48-hour-truce-3-5"),
        ("zero\u200bwidth", "zerowidth"),
        ("🎉🔥!", ""),
        ("", ""),
    ],
)
def test_headline_becomes_a_readable_slug(headline, slug):
    assert headline_slug(headline) == slug


def test_slug_is_cut_between_words():
    assert headline_slug("Ferries stay at their moorings", max_length=20) == "ferries-stay-at"
    assert headline_slug("Ferries stay at their moorings", max_length=21) == "ferries-stay-at-their"


def test_word_without_end_is_cut_anywhere():
    assert headline_slug("x" * 5000) == "x" * 100


@given(st.text(max_size=300), st.integers(10, 100))
def test_slug_is_valid_or_empty_and_bounded(headline, max_length):
    slug = headline_slug(headline, max_length=max_length)
    assert len(slug) <= max_length
    assert slug == "" or (is_slug(slug) and slug_unicode_re.match(slug))


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "a b", "a/b", "a_b", "🎉"])
def test_other_text_is_no_slug(text):
    assert not is_slug(text)


def test_first_free_number_is_taken():
    assert numbered_slug("flood", set()) == "flood"
    assert numbered_slug("flood", {"flood"}) == "flood-2"
    assert numbered_slug("flood", {"flood", "flood-2", "flood-3"}) == "flood-4"


def test_number_fits_into_the_length():
    base = "a" * 8 + "-b"
    assert numbered_slug(base, {base}, 10) == "a" * 8 + "-2"
    assert numbered_slug("x" * 20, {"x" * 10}, 10) == "x" * 8 + "-2"

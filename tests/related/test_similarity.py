"""Numbers and texts alone: no database."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.related.similarity import likeness, recency, signature_of, tag_rarity, tag_score
from articles.related.weights import SAME_TEXT, THRESHOLD, WEIGHTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def text_of(words, seed=1):
    source = random.Random(seed)
    return " ".join(f"word{source.randrange(2_000)}" for _ in range(words))


def test_weights_are_shares_of_one_and_section_and_date_alone_do_not_suffice():
    assert WEIGHTS.tags + WEIGHTS.text + WEIGHTS.section + WEIGHTS.recency == pytest.approx(1)
    assert WEIGHTS.section + WEIGHTS.recency < THRESHOLD


@pytest.mark.parametrize("archive", [1, 31, 5_000, 100_000])
def test_rarity_is_one_for_a_tag_of_one_story_and_falls_with_each(archive):
    rarities = [tag_rarity(stories, of=archive) for stories in (1, 2, 10, 1_000, 100_000)]
    assert rarities[0] == 1
    assert rarities == sorted(rarities, reverse=True)
    assert min(rarities) >= 0


@given(st.lists(st.floats(0, 1), max_size=20), st.floats(0.01, 1))
def test_each_further_tag_adds_less_and_never_reaches_beyond_one(rarities, further):
    assert 0 <= tag_score(rarities) <= tag_score([*rarities, further]) <= 1
    assert tag_score([*rarities, further]) - tag_score(rarities) <= tag_score([further]) + 1e-9


def test_recency_is_gentle_and_never_counts_against_the_newer():
    assert recency(NOW, beside=NOW) == 1
    assert recency(NOW + timedelta(days=900), beside=NOW) == 1
    assert recency(NOW - timedelta(days=365), beside=NOW) > 0.8
    assert recency(NOW - timedelta(days=5 * 365.25), beside=NOW) == pytest.approx(0.5)
    assert recency(None, beside=NOW) == recency(NOW, beside=None) == 0


def test_signature_is_the_same_in_every_process():
    """One that is stored must be comparable with one that is made after an update of the library."""
    assert signature_of(text_of(60)).hex()[:26] == "02b0c0979006cc99a4c0101d0a"


def test_copy_with_another_opening_and_a_paragraph_cut_is_the_same_text():
    original = text_of(500)
    copy = "Our correspondent reports. " + " ".join(original.split()[:450])
    assert likeness(signature_of(original), signature_of(copy)) >= SAME_TEXT


def test_texts_of_the_same_words_in_another_order_are_not_the_same():
    words = text_of(400).split()
    other = words[:]
    random.Random(2).shuffle(other)
    assert likeness(signature_of(" ".join(words)), signature_of(" ".join(other))) < 0.1


def test_capitals_and_punctuation_do_not_tell_texts_apart():
    text = text_of(100)
    assert likeness(signature_of(text), signature_of(text.upper().replace(" ", ", "))) == 1


def test_short_text_has_no_signature_and_is_like_no_other():
    assert signature_of(text_of(39)) == b""
    assert likeness(b"", b"") == 0


def test_signature_of_another_kind_is_not_compared():
    signature = signature_of(text_of(100))
    assert likeness(signature, b"\xff" + signature[1:]) == 0
    assert likeness(signature, signature[:-4]) == 0


def test_text_without_spaces_is_recognised():
    text = "".join(chr(0x4E00 + random.Random(3).randrange(900) + number % 7) for number in range(200))
    assert likeness(signature_of(text), signature_of(text)) == 1


@given(st.text(max_size=400))
def test_any_text_has_a_signature_that_fits_its_column(text):
    assert len(signature_of(text * 3)) <= 1024

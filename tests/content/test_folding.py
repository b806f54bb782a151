import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.content.folding import MAX_LENGTH, fold_headline


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("‘Not a drill’: Harbour’s crews – ready", "'Not A Drill': Harbour's Crews - Ready"),
        ("U.S. and E.U. talk", "US and EU talk"),
        ("Café in Łódź", "cafe in  Łodz"),
        ("Al-Shifa: what is known", "Al Shifa — what is known?"),
        ("ﬁve ﬂoods", "Five floods"),
        ("Straße", "STRASSE"),
        ("zero\u200bwidth \u202eRTL\u202c so\xadft", "zerowidth RTL soft"),
        ("\uff26\uff55\uff4c\uff4c\u3000\uff57\uff49\uff44\uff54\uff48\uff01", "full width"),
        ("“IS” | Exclusive", "is exclusive"),
        ("wasn't", "wasn\u02bct"),
    ],
)
def test_the_same_headline_written_otherwise_has_the_same_key(written, known):
    assert fold_headline(written) == fold_headline(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flood 1", "Flood 2"),
        ("की", "का"),
        ("北京", "南京"),
        ("كتاب", "كاتب"),
        ("🎉", "🔥"),
        ("Notable", "No table"),
        ("й", "и"),
    ],
)
def test_different_headlines_keep_different_keys(one, other):
    assert fold_headline(one) != fold_headline(other)


def test_headline_of_symbols_alone_keeps_them():
    assert fold_headline(" 🎉 🔥! ") == "🎉🔥!"
    assert fold_headline("???") == "???"


def test_long_headlines_that_differ_at_the_end_keep_different_keys():
    one, other = fold_headline("word " * 500 + "one"), fold_headline("word " * 500 + "two")
    assert one != other
    assert len(one) <= MAX_LENGTH


@given(st.text(max_size=400))
@example("İstanbul")
@example("ͅΑ")
@example("a.\u200db.c.")
def test_folding_is_idempotent_and_bounded(text):
    key = fold_headline(text)
    assert fold_headline(key) == key
    assert len(key) <= MAX_LENGTH
    assert key == unicodedata.normalize("NFC", key)


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd", "Po", "So"]), min_size=1))
def test_what_can_be_seen_never_folds_to_nothing(text):
    assert fold_headline(text)

from hypothesis import given
from hypothesis import strategies as st

from articles.content.folding import fold_headline
from articles.related.wording import LEAST_LIKENESS, similar_wordings

KNOWN = [
    "night boat sails again between vlore and otranto",
    "a port learns to live without its cranes",
    "salt",
    "what an egg costs in accra and why",
]


def best(wanted, known=KNOWN):
    return [key for key, _ in similar_wordings(wanted, known, most=3)]


def test_headline_is_found_by_another_wording():
    assert best("a night boat sails between vlore and otranto")[0] == KNOWN[0]
    assert best("between vlore and otranto the night boat sails again")[0] == KNOWN[0]
    assert best("port learns to live without cranes")[0] == KNOWN[1]
    assert best("what an egg costs in accra")[0] == KNOWN[3]


def test_headline_without_a_like_finds_nothing():
    assert best("dozens of civilians reported killed in strikes") == []
    assert best("salt", known=[]) == []


def test_best_comes_first_and_no_more_than_asked_for():
    known = [f"ferries resume on route {number}" for number in range(20)]
    found = similar_wordings("ferries resume on route 7", known, most=5)
    assert found[0] == ("ferries resume on route 7", 100)
    assert len(found) == 5


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=8))
def test_whatever_is_written_is_borne(wanted, known):
    known = {fold_headline(each) for each in known}
    found = similar_wordings(fold_headline(wanted), known, most=3)
    assert {key for key, _ in found} <= known
    assert all(LEAST_LIKENESS <= score <= 100 for _, score in found)

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from articles.popularity.ranking import rank_by_mentions


class RankByMentionsTests(SimpleTestCase):
    def test_what_most_lists_name_comes_first(self):
        assert rank_by_mentions([("a", 1), ("b", 2), ("b", 3)]) == ["b", "a"]

    def test_higher_place_decides_between_equals(self):
        assert rank_by_mentions([("a", 3), ("b", 1)]) == ["b", "a"]

    def test_newer_list_decides_the_rest(self):
        assert rank_by_mentions([("new", 1), ("old", 1)]) == ["new", "old"]

    def test_nothing_ranks_nothing(self):
        assert rank_by_mentions([]) == []

    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5))))
    def test_each_key_stands_once(self, mentions):
        ranked = rank_by_mentions(mentions)
        assert sorted(ranked) == sorted({key for key, _ in mentions})

"""Stories are found by any part of their headline, in a large archive too."""

import pytest

from articles.admin.story_search import search_stories
from articles.models import Article
from articles.search.headlines import stories_with
from tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db


def test_part_of_a_word_is_found_whatever_its_case():
    story = make_article(headline="The Harbour cranes")
    make_article(headline="A bridge")
    assert stories_with(["ARBO"], most=10) == [story.pk]


def test_all_words_are_asked_for():
    both = make_article(headline="Harbour and bridge")
    make_article(headline="Harbour")
    assert stories_with(["bridge", "harbour"], most=10) == [both.pk]


def test_newest_are_found_first_and_no_more_than_asked():
    stories = [make_article(headline=f"Harbour {number}") for number in range(4)]
    assert stories_with(["harbour"], most=2) == [stories[3].pk, stories[2].pk]


def test_renamed_story_is_found_by_its_new_headline_alone():
    story = make_article(headline="Harbour")
    Article.objects.filter(pk=story.pk).update(headline="Bridge")
    assert stories_with(["harbour"], most=10) == []
    assert stories_with(["bridge"], most=10) == [story.pk]


@pytest.mark.parametrize("word", ['a"b', "100%", "a_b", "a-b", "NOT", "(*)", "\\\\x"])
def test_marks_are_no_operators(word):
    story = make_article(headline=f"Some {word} here")
    make_article(headline="Something axb else 1000")
    assert stories_with([word], most=10) == [story.pk]


def test_words_of_two_letters_narrow_nothing():
    story = make_article(headline="Ox")
    other = make_article(headline="Harbour")
    assert set(stories_with(["ox"], most=10)) == {story.pk, other.pk}
    assert list(search_stories(Article.objects.all(), "ox")) == [story]


def test_name_and_word_are_found_together():
    story = make_article(headline="Harbour", authors=[make_author("Leila Haddad")])
    make_article(headline="Harbour too")
    assert list(search_stories(Article.objects.all(), "haddad harbour")) == [story]

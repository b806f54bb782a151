"""Headlines that may be another wording are found by their words or their beginning, among however many."""

from unittest import mock

from django.test import TestCase

from articles.content.folding import fold_headline
from articles.search import similar
from articles.search.similar import vocabulary
from articles.search.terms import headline_words
from articles.search.wordings import headlines_like
from tests.factories import make_article, make_draft


def like(headline, language="en"):
    return headlines_like({fold_headline(headline): headline}, language=language)[fold_headline(headline)]


class RareWordTests(TestCase):
    def test_one_rare_word_is_enough_in_any_of_its_forms(self):
        make_article(headline="A falaj flows again")
        make_article(headline="Cranes in ports")
        make_draft(headline="Silt")
        assert like("What became of the falaj") == {"a falaj flows again"}
        assert like("One crane") == {"cranes in ports"}
        assert like("Silt!") == {"silt"}

    def test_headlines_that_begin_alike_are_found_without_a_word_in_common(self):
        make_article(headline="夜船重新启航")
        make_article(headline="Breakwatre")
        assert like("夜船重新出发") == {"夜船重新启航"}
        assert like("Breakwater") == {"breakwatre"}

    def test_each_of_several_has_its_own(self):
        make_article(headline="Falaj"), make_article(headline="Ferries")
        found = headlines_like({"ferries": "Ferries", "falaj": "Falaj", "": "", "none": "None"}, language="en")
        assert found == {"ferries": {"ferries"}, "falaj": {"falaj"}, "": set(found[""]), "none": set()}

    def test_whatever_a_headline_has_is_no_operator(self):
        make_article(headline="Falaj")
        for hostile in (
            'falaj" OR "',
            "falaj' | 'x",
            "NEAR(falaj AND",
            "headline : *",
            "falaj:*&!()<->",
            "%s _ \\",
        ):
            assert like(hostile) <= {"falaj"}


class CommonWordTests(TestCase):
    def setUp(self):
        self.enterContext(mock.patch.object(similar, "_COMMON", 3))
        vocabulary.forget()
        self.addCleanup(vocabulary.forget)
        for number in range(4):
            make_article(headline=f"Number {number}", body="<p>Ferries, strikes, ports, crews.</p>")

    def test_several_common_words_together_find_what_has_them_in_its_headline(self):
        make_article(headline="As strikes end, ferries leave ports and crews rest")
        make_article(headline="Ports")
        assert like("Crews rest; ferries leave: strikes over in ports") == {
            "as strikes end ferries leave ports and crews rest"
        }
        assert like("Strikes: crews of ferries in ports wait") == {"as strikes end ferries leave ports and crews rest"}

    def test_one_common_word_alone_finds_nothing(self):
        make_article(headline="The ports")
        assert like("Ports") == set()


def test_words_of_a_headline_are_told_once_and_a_long_one_has_an_end():
    assert headline_words("Ferry 7: the FERRY of 2026, a “test”") == ["ferry", "the", "of", "2026", "test"]
    assert len(headline_words(" ".join(f"word{number}" for number in range(100)))) == 20

"""Texts that speak of the same."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.content.plain_text import clean_text
from articles.models import Article
from articles.search.similar import similar_texts, vocabulary
from articles.search.terms import Text, count_words
from tests.factories import make_article, make_draft

WATER = "<p>The falaj brought water past the terraces; silt had choked the falaj and its shafts for years.</p>"
CHESS = "<p>The rook was moved before the clock stopped, said the arbiter; the grandmaster resigned.</p>"


class SimilarTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(12):
            make_article(headline=f"Other {number}", body=f"<p>Something of no matter, part {number} of many.</p>")
        cls.falaj = make_article(headline="A falaj runs again", body=WATER)

    def test_text_with_the_same_rare_words_is_found_first(self):
        other = make_article(headline="Silt in the shafts", body="<p>Terraces dry where the falaj fails.</p>")
        make_article(headline="A rook moves", body=CHESS)
        (best, score), *rest = similar_texts(self.falaj)
        assert best == other.pk
        assert 0 < score < 1
        assert all(less <= score for _, less in rest)

    def test_story_is_not_similar_to_itself(self):
        make_article(headline="Silt in the shafts", body=WATER)
        assert self.falaj.pk not in dict(similar_texts(self.falaj))

    def test_copy_scores_higher_than_what_speaks_of_the_same(self):
        copy = make_article(headline="A falaj runs again", slug="copy", body=WATER)
        near = make_article(headline="Silt", body="<p>The terraces and their falaj.</p>")
        scores = dict(similar_texts(self.falaj))
        assert scores[copy.pk] > scores[near.pk] > 0

    def test_story_without_words_is_similar_to_none(self):
        assert similar_texts(make_draft(headline="—", body="")) == []

    def test_limit_holds(self):
        for number in range(6):
            make_article(headline=f"Falaj {number}", body=WATER)
        assert len(similar_texts(self.falaj, limit=3)) == 3

    def test_number_of_statements_does_not_grow_with_the_text(self):
        long = make_article(headline="Long", body="<p>" + " ".join(f"falaj word{n}a" for n in range(3_000)) + "</p>")
        with CaptureQueriesContext(connection) as queries:
            similar_texts(long)
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 6


class VocabularyTests(TestCase):
    def setUp(self):
        vocabulary.forget()
        self.addCleanup(vocabulary.forget)

    def test_common_words_are_learnt_and_not_asked_for_again(self):
        rows = [Article(headline="The falaj", slug=f"f{n}", body="<p>Water.</p>", language="en") for n in range(320)]
        Article.objects.bulk_create(rows)
        similar_texts(rows[0])
        assert {"falaj", "water"} <= vocabulary.common("en")
        assert vocabulary.common("de") == frozenset()


class HostileTextTests(HypothesisTestCase):
    @settings(max_examples=60)
    @given(words=st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=12), max_size=12))
    def test_no_text_breaks_a_query(self, words):
        text = clean_text(" ".join(words)).replace("\0", "")
        for _ in range(2):
            slug = f"s{Article.objects.count()}"
            Article.objects.bulk_create([Article(headline=text[:300] or "x", slug=slug)])
        for article in Article.objects.all()[:2]:
            Article.objects.filter(pk=article.pk).update(body_text=text)
            article.refresh_from_db()
            assert all(0 <= score <= 1 for _, score in similar_texts(article))

    def test_operators_are_words(self):
        hostile = 'NEAR(alpha beta) AND NOT "gamma" OR body_text:delta^ * -epsilon & ! | <-> \' \\ ) ( :* zeta'
        articles = [make_article(headline=hostile, slug=f"s{number}", body=f"<p>{hostile}</p>") for number in range(2)]
        assert count_words(Text(hostile, "", ""))["near"] == 3
        assert [key for key, _ in similar_texts(articles[0])] == [articles[1].pk]

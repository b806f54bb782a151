from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone

from articles.content.sanitising import CleanHTML
from articles.models import Article
from tests.factories import make_article, make_draft


class DerivedColumnTests(TestCase):
    def test_body_is_cleaned_whoever_saves_it(self):
        article = make_article(body='<p onclick="x()">Quiet<script>alert(1)</script></p>')
        article.refresh_from_db()
        assert article.body == "<p>Quiet</p>"

    def test_body_is_cleaned_in_bulk_writes_too(self):
        Article.objects.bulk_create([Article(headline="One", slug="one", body="<p>Fine<iframe src=x></iframe></p>")])
        assert Article.objects.get().body == "<p>Fine</p>"

    def test_body_from_the_database_is_marked_as_clean(self):
        make_article()
        assert isinstance(Article.objects.get().body, CleanHTML)

    def test_words_excerpt_and_key_follow_the_text(self):
        article = make_article(headline="Second", body="<p>Four words are here.</p>")
        article.headline = "The ‘Third’ One"
        article.body = "<p>Now five words are here.</p>"
        article.save()
        article.refresh_from_db()
        assert (article.word_count, article.excerpt) == (5, "Now five words are here.")
        assert article.headline_key == make_draft(headline='the "third" one').headline_key


class PublicationTests(SimpleTestCase):
    def test_first_publication_follows_the_schedule_until_readers_saw_it(self):
        article = Article(headline="Later")
        article.publish(timezone.now() + timedelta(days=40))
        article.publish(later := timezone.now() + timedelta(days=80))
        assert article.first_published_at == article.published_at == later

    def test_first_publication_never_moves_after_that(self):
        article = Article(headline="Again")
        article.publish(first := timezone.now() - timedelta(days=40))
        article.publish(second := timezone.now())
        assert (article.first_published_at, article.published_at) == (first, second)

    def test_without_a_time_it_is_published_now(self):
        article = Article(headline="Now")
        article.publish()
        assert article.is_public()


class AddressTests(SimpleTestCase):
    moment = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)

    def test_year_and_month_are_those_of_the_first_publication(self):
        article = Article(slug="ferry", first_published_at=self.moment, published_at=self.moment + timedelta(days=90))
        assert article.get_absolute_url() == "/2026/07/ferry/"

    @override_settings(TIME_ZONE="Asia/Tokyo")
    def test_month_is_counted_in_the_time_zone_of_the_site(self):
        with timezone.override("Asia/Tokyo"):
            assert Article(slug="ferry", first_published_at=self.moment).get_absolute_url() == "/2026/08/ferry/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"headline": ""}, "article_has_headline"),
        ({"slug": ""}, "article_has_slug"),
        ({"status": "published", "published_at": None}, "article_published_has_times"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "article_expires_after_publication"),
    ],
)
def test_database_refuses(values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_article(**{"slug": "x", **values})


@pytest.mark.django_db
def test_one_imported_text_is_one_article():
    make_article(import_source="seed", import_id="a.txt", import_hash="1")
    with pytest.raises(IntegrityError):
        make_article(import_source="seed", import_id="b.txt", import_hash="1")

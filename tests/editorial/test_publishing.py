from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.editorial.publishing import publish_article, withdraw_article
from articles.models import Article
from articles.signals import article_published, article_withdrawn
from tests.factories import make_article, make_draft, make_user


class PublishingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_user("publisher", permissions=("publish_article",))
        cls.reporter = make_user("reporter", permissions=("change_article", "add_article"))

    def test_publisher_puts_a_draft_before_readers(self):
        article = make_draft()
        publish_article(article, by=self.publisher)
        assert article in Article.objects.published()

    def test_later_time_schedules(self):
        article = make_draft()
        publish_article(article, by=self.publisher, at=timezone.now() + timedelta(hours=1))
        assert article not in Article.objects.published()

    def test_reporter_may_not_publish(self):
        article = make_draft()
        with pytest.raises(PermissionDenied):
            publish_article(article, by=self.reporter)
        assert Article.objects.get(pk=article.pk).status == "draft"

    def test_reporter_may_not_withdraw(self):
        article = make_article()
        with pytest.raises(PermissionDenied):
            withdraw_article(article, by=self.reporter)
        assert article in Article.objects.published()

    def test_withdrawn_story_is_gone_and_keeps_its_first_time(self):
        article = make_article()
        first = article.first_published_at
        withdraw_article(article, by=self.publisher)
        publish_article(article, by=self.publisher, at=timezone.now())
        assert article.first_published_at == first

    def test_both_moves_are_announced(self):
        heard = []

        def listen(signal, article, by, **_):
            heard.append((signal, article, by))

        article = make_draft()
        for signal in (article_published, article_withdrawn):
            signal.connect(listen)
            self.addCleanup(signal.disconnect, listen)
        publish_article(article, by=self.publisher)
        withdraw_article(article, by=self.publisher)
        assert heard == [
            (article_published, article, self.publisher),
            (article_withdrawn, article, self.publisher),
        ]

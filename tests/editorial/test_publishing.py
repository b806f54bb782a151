from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.editorial.permissions import MoveRefused
from articles.editorial.publishing import (
    override_embargo,
    publish_article,
    publish_scheduled_article,
    reinstate_article,
    unschedule_article,
    withdraw_article,
)
from articles.models import Activity, Article
from articles.signals import article_moved, article_published, article_withdrawn
from tests.factories import make_article, make_person, make_ready_article, make_ready_draft

HOUR = timedelta(hours=1)


class PublishingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_person("Publisher")
        cls.reporter = make_person("Reporter")

    def test_publisher_puts_a_draft_before_readers(self):
        article = make_ready_draft()
        publish_article(article, by=self.publisher)
        assert article in Article.objects.published()

    def test_later_time_schedules(self):
        article = make_ready_draft()
        publish_article(article, by=self.publisher, at=timezone.now() + HOUR)
        assert article not in Article.objects.published()
        assert Activity.objects.get().to_stage == "scheduled"

    def test_reporter_may_not_publish_their_own_draft(self):
        article = make_ready_draft(created_by=self.reporter)
        with pytest.raises(PermissionDenied):
            publish_article(article, by=self.reporter)
        assert Article.objects.get(pk=article.pk).status == "draft"

    def test_reporter_may_not_withdraw(self):
        article = make_article(created_by=self.reporter)
        with pytest.raises(PermissionDenied):
            withdraw_article(article, by=self.reporter, reason="Mine.")
        assert article in Article.objects.published()

    def test_withdrawn_story_comes_back_at_its_old_time(self):
        article = make_ready_article()
        first = article.first_published_at
        withdraw_article(article, by=self.publisher, reason="A doubt.")
        reinstate_article(article, by=self.publisher, reason="It was right.")
        assert (article.first_published_at, article.published_at) == (first, first)
        assert article in Article.objects.published()

    def test_moves_are_announced(self):
        heard = []

        def listen(signal, article, by, move="", **_):
            heard.append((signal, article, by, move))

        article = make_ready_draft()
        for signal in (article_published, article_withdrawn, article_moved):
            signal.connect(listen)
            self.addCleanup(signal.disconnect, listen)
        publish_article(article, by=self.publisher)
        withdraw_article(article, by=self.publisher, reason="A doubt.")
        assert heard == [
            (article_moved, article, self.publisher, "publish"),
            (article_published, article, self.publisher, ""),
            (article_moved, article, self.publisher, "withdraw"),
            (article_withdrawn, article, self.publisher, ""),
        ]

    def test_second_of_two_people_meets_what_the_first_one_did(self):
        article = make_ready_draft()
        mine, theirs = Article.objects.get(pk=article.pk), Article.objects.get(pk=article.pk)
        publish_article(theirs, by=self.publisher)
        with pytest.raises(MoveRefused, match="published already"):
            publish_article(mine, by=self.publisher)
        assert Activity.objects.count() == 1

    def test_move_does_not_bring_old_words_back(self):
        article = make_ready_draft(headline="First words")
        stale = Article.objects.get(pk=article.pk)
        Article.objects.filter(pk=article.pk).update(headline="Better words")
        publish_article(stale, by=self.publisher)
        assert Article.objects.get().headline == "Better words"

    def test_deleted_story_is_refused_in_words(self):
        article = make_ready_draft()
        Article.objects.all().delete()
        with pytest.raises(MoveRefused, match="deleted"):
            publish_article(article, by=self.publisher)

    def test_story_that_would_expire_first_is_refused(self):
        article = make_ready_draft(expires_at=timezone.now() - HOUR)
        with pytest.raises(MoveRefused, match="contradict"):
            publish_article(article, by=self.publisher)

    def test_scheduled_story_can_come_at_once_or_not_at_all(self):
        article = make_ready_draft()
        publish_article(article, by=self.publisher, at=timezone.now() + HOUR)
        unschedule_article(article, by=self.publisher)
        assert (article.status, article.first_published_at) == ("approved", None)
        publish_article(article, by=self.publisher)
        publish_scheduled_article(article, by=self.publisher)
        assert article.is_public()
        assert article.first_published_at == article.published_at


class EmbargoTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_person("Publisher")

    def setUp(self):
        self.article = make_ready_draft(embargoed_until=timezone.now() + HOUR)

    def test_published_story_waits_for_the_minute(self):
        publish_article(self.article, by=self.publisher)
        assert self.article.status == "published"
        assert self.article not in Article.objects.published()
        assert self.article in Article.objects.published(at=self.article.embargoed_until)
        assert self.article.first_published_at == self.article.embargoed_until

    def test_override_publishes_and_is_logged_with_its_reason(self):
        until = self.article.embargoed_until
        override_embargo(self.article, by=self.publisher, reason="The ministry published it itself.")
        assert self.article in Article.objects.published()
        logged = Activity.objects.get()
        assert (logged.action, logged.reason) == ("override_embargo", "The ministry published it itself.")
        assert f"{until:%Y-%m-%d %H:%M}" in logged.detail

    def test_override_without_a_reason_is_refused(self):
        with pytest.raises(MoveRefused, match="Say why"):
            override_embargo(self.article, by=self.publisher, reason=" ")

    def test_without_an_embargo_there_is_nothing_to_override(self):
        with pytest.raises(MoveRefused, match="no embargo"):
            override_embargo(make_ready_draft(), by=self.publisher, reason="Now.")

    def test_editor_may_not_override(self):
        with pytest.raises(PermissionDenied):
            override_embargo(self.article, by=make_person("Editor"), reason="Now.")

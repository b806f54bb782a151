from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.editorial.permissions import MoveRefused
from articles.editorial.writing import delete_article, write_article
from articles.models import Activity, Article
from tests.factories import make_article, make_draft, make_person, make_section

HOUR = timedelta(hours=1)


class WritingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter, cls.editor, cls.publisher = map(make_person, ("Reporter", "Editor", "Publisher"))

    def test_new_story_is_a_draft_of_its_writer(self):
        story = Article(headline="New", slug="new", status="published", published_at=timezone.now())
        write_article(story, by=self.reporter)
        assert (story.status, story.created_by) == ("draft", self.reporter)
        assert Activity.objects.get().action == "create"

    def test_status_in_hand_is_not_written(self):
        story = make_draft(created_by=self.reporter)
        story.status, story.first_published_at = "published", timezone.now()
        write_article(story, by=self.reporter)
        stored = Article.objects.get()
        assert (stored.status, stored.first_published_at) == ("draft", None)

    def test_submitted_story_is_no_longer_its_writers_to_change(self):
        story = make_article(status="in_review", created_by=self.reporter)
        with pytest.raises(PermissionDenied):
            write_article(story, by=self.reporter)

    def test_editor_changes_words_of_a_public_story_and_not_its_times(self):
        story = make_article()
        write_article(story, by=self.editor, changed=["headline"])
        assert Activity.objects.get().detail == "headline"
        story.expires_at = timezone.now()
        with pytest.raises(PermissionDenied):
            write_article(story, by=self.editor)

    def test_schedule_that_is_moved_moves_the_first_time_and_is_logged(self):
        later = timezone.now() + HOUR
        story = make_article(published_at=later)
        story.published_at = later + HOUR
        write_article(story, by=self.publisher)
        assert story.first_published_at == later + HOUR
        assert "published at: " in Activity.objects.get().detail

    def test_story_is_not_written_into_another_section(self):
        world, sport = make_section(), make_section("Sport")
        editor = make_person("Editor", sections=(world,))
        story = make_draft(section=world)
        story.section = sport
        with pytest.raises(PermissionDenied):
            write_article(story, by=editor)


class EmbargoTests(TestCase):
    def setUp(self):
        self.until = timezone.now() + 2 * HOUR
        self.story = make_draft(embargoed_until=self.until)

    def test_anybody_who_edits_can_let_it_end_later(self):
        self.story.embargoed_until = self.until + HOUR
        write_article(self.story, by=make_person("Editor"))
        assert Article.objects.get().embargoed_until == self.until + HOUR

    def test_editor_can_neither_lift_nor_shorten_it(self):
        for moment in (None, self.until - HOUR):
            self.story.embargoed_until = moment
            with pytest.raises(PermissionDenied):
                write_article(self.story, by=make_person("Editor"), reason="I want to.")
        assert Article.objects.get().embargoed_until == self.until

    def test_publisher_says_why_and_is_logged(self):
        self.story.embargoed_until = None
        publisher = make_person("Publisher")
        with pytest.raises(MoveRefused, match="Say why"):
            write_article(self.story, by=publisher)
        write_article(self.story, by=publisher, reason="It was typed by mistake.")
        assert Activity.objects.get(action="embargo").reason == "It was typed by mistake."


class DeletingTests(TestCase):
    def test_deleted_story_leaves_its_log_and_its_headline(self):
        story = make_draft(headline="Never to be")
        uid = story.uid
        delete_article(story, by=make_person("Editor"))
        logged = Activity.objects.get()
        assert (logged.action, logged.article, logged.article_uid, logged.headline) == (
            "delete",
            None,
            uid,
            "Never to be",
        )

    def test_editor_deletes_nothing_that_was_published(self):
        for status in ("published", "withdrawn"):
            with pytest.raises(PermissionDenied):
                delete_article(make_article(status=status), by=make_person("Editor"))
        assert Article.objects.count() == 2

"""Every version of a story: when one is kept, what it says, and that nobody changes it."""

import pytest
from django.test import TestCase
from django.utils import timezone

from articles.editorial.publishing import publish_article
from articles.editorial.revisions import BEFORE, keep_first_revision, keep_revision
from articles.editorial.snapshots import snapshot_of, write_snapshot
from articles.editorial.writing import write_article
from articles.models import Correction, Image, Source
from articles.models.activity import AppendOnly
from tests.editorial.test_working_copies import make_full_story
from tests.factories import make_draft, make_person, make_ready_draft


class SnapshotTests(TestCase):
    def test_written_snapshot_is_read_as_it_was(self):
        story, other = make_full_story(), make_draft()
        snapshot = snapshot_of(story)
        write_snapshot(other, {**snapshot, "fields": {**snapshot["fields"], "slug": "another"}})
        assert {**snapshot_of(other), "fields": {}, "corrections": []} == {**snapshot, "fields": {}, "corrections": []}

    def test_reading_costs_the_same_however_much_there_is(self):
        story = make_full_story()
        with self.assertNumQueries(5):
            snapshot_of(story)

    def test_writing_what_is_there_already_touches_no_row(self):
        story = make_full_story()
        rows = [*story.bylines.all(), *story.citations.all(), *story.related_links.all(), *story.tagged.all()]
        write_snapshot(story, snapshot_of(story))
        now = [*story.bylines.all(), *story.citations.all(), *story.related_links.all(), *story.tagged.all()]
        assert now == rows

    def test_what_is_there_no_more_is_left_out(self):
        story = make_full_story()
        snapshot = snapshot_of(story)
        story.citations.all().delete()
        Source.objects.all().delete()
        Image.objects.all().delete()
        write_snapshot(story, snapshot)
        story.refresh_from_db()
        assert (story.lead_image, story.citations.count(), story.bylines.count()) == (None, 0, 2)


class RevisionTests(TestCase):
    def setUp(self):
        self.person = make_person("Publisher")
        self.story = make_ready_draft(headline="Ferries")

    def numbers(self):
        return list(self.story.revisions.values_list("number", flat=True))

    def test_same_words_are_the_same_version(self):
        first = keep_revision(self.story, by=self.person)
        assert keep_revision(self.story, by=self.person) == first
        self.story.headline = "Ferries return"
        assert keep_revision(self.story, by=self.person).number == 2

    def test_correction_is_part_of_what_a_version_says(self):
        keep_revision(self.story, by=self.person)
        Correction.objects.create(article=self.story, text="Seven, not six.")
        assert keep_revision(self.story, by=self.person).snapshot["corrections"][0]["text"] == "Seven, not six."

    def test_what_was_there_before_the_first_edit_is_kept(self):
        self.story.headline = "Ferries return"
        write_article(self.story, by=self.person, changed=["headline"])
        keep_revision(self.story, by=self.person)
        first, second = self.story.revisions.order_by("number")
        assert (first.snapshot["fields"]["headline"], first.note, first.person) == ("Ferries", BEFORE, None)
        assert (second.snapshot["fields"]["headline"], second.person) == ("Ferries return", self.person)

    def test_version_keeps_what_checks_said_of_it(self):
        self.story.dek = ""
        self.story.save()
        version = keep_revision(self.story, by=self.person)
        assert {"check": "dek", "severity": "warning"}.items() <= next(
            each for each in version.checks if each["check"] == "dek"
        ).items()

    def test_version_that_readers_got_is_marked(self):
        kept = keep_revision(self.story, by=self.person)
        publish_article(self.story, by=self.person)
        assert [each.pk for each in self.story.revisions.published()] == [kept.pk]

    def test_version_is_neither_changed_nor_marked_twice(self):
        kept = keep_revision(self.story, by=self.person, published_at=timezone.now())
        marked = self.story.revisions.get().published_at
        keep_revision(self.story, by=self.person, published_at=timezone.now())
        assert self.story.revisions.get().published_at == marked
        for change in (kept.save, lambda: self.story.revisions.update(note="Another.")):
            with pytest.raises(AppendOnly):
                change()

    def test_story_without_versions_gets_one_first_version(self):
        keep_first_revision(self.story)
        keep_first_revision(self.story)
        assert self.numbers() == [1]

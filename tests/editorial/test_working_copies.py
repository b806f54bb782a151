"""Editing what readers have: the copy, what it carries over, and how it takes the place of the story or does not."""

import contextlib
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, skipUnlessDBFeature
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editorial.permissions import MoveNotAllowed, MoveRefused, stage_of
from articles.editorial.publishing import unschedule_article, withdraw_article
from articles.editorial.reviewing import approve_article, submit_article
from articles.editorial.snapshots import content_of, snapshot_of, write_snapshot
from articles.editorial.working_copies import (
    begin_working_copy,
    discard_working_copy,
    publish_due_updates,
    publish_fix,
    publish_update,
)
from articles.editorial.writing import delete_article, write_article
from articles.models import (
    Article,
    Author,
    Byline,
    Citation,
    Correction,
    FormerSlug,
    RelatedLink,
    Section,
    Tag,
    TaggedArticle,
)
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_person,
    make_section,
    make_source,
    make_tag,
)

HOUR = timedelta(hours=1)


def make_full_story(**overrides):
    """A public story with a row of every kind that belongs to one."""
    story = make_article(
        headline="Ferries return",
        authors=(make_author(), make_author("Tomás Reyes")),
        tags=("Syria", "Ferries"),
        section=make_section(),
        lead_image=make_image(),
        dek="At dawn.",
        **overrides,
    )
    Citation.objects.create(article=story, source=make_source(), url="https://source.example/1", licence="CC BY")
    RelatedLink.objects.create(article=story, headline="The other shore", target=make_article(), marker=1)
    RelatedLink.objects.create(article=story, headline="Not here yet")
    Correction.objects.create(article=story, text="Seven, not six.", corrected_at=timezone.now() - HOUR)
    return story


class WorkingCopyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_person("Publisher")
        cls.story = make_full_story()
        cls.copy = begin_working_copy(cls.story, by=cls.publisher)

    def write(self, **changes):
        """Changes the working copy as its form would."""
        copy = Article.objects.get(pk=self.copy.pk)
        for name, value in changes.items():
            setattr(copy, name, value)
        write_article(copy, by=self.publisher, changed=changes)
        return copy

    def stored(self):
        return Article.objects.get(pk=self.story.pk)

    def refused(self, verb, copy=None, *, by=None, **options):
        with pytest.raises(MoveRefused) as refusal:
            verb(copy or Article.objects.get(pk=self.copy.pk), by=by or self.publisher, **options)
        return str(refusal.value)


class BeginningTests(WorkingCopyTests):
    def test_copy_says_what_the_story_says(self):
        assert content_of(snapshot_of(self.copy)) == content_of(snapshot_of(self.story))
        assert stage_of(self.copy) == "draft"
        assert self.copy.get_absolute_url() == self.story.get_absolute_url()

    def test_second_to_begin_gets_the_copy_that_there_is(self):
        assert begin_working_copy(self.story, by=make_person("Editor")) == self.copy

    def test_readers_see_nothing_of_it(self):
        self.write(headline="Ferries sink", body="<p>Not yet.</p>")
        assert list(Article.objects.published().filter(headline="Ferries sink")) == []
        page = self.client.get(self.story.get_absolute_url())
        self.assertContains(page, "Ferries return")
        self.assertNotContains(page, "Not yet.")

    def test_what_no_reader_has_is_edited_itself(self):
        assert "Only what readers have" in self.refused(begin_working_copy, make_draft())
        assert "Only what readers have" in self.refused(begin_working_copy, self.copy)

    def test_reporter_begins_one_of_their_own_story_alone(self):
        reporter = make_person("Reporter")
        begin_working_copy(make_article(created_by=reporter), by=reporter)
        with pytest.raises(MoveNotAllowed):
            begin_working_copy(make_article(), by=reporter)

    def test_editor_of_another_section_begins_none(self):
        editor = make_person("Editor", sections=(make_section("Sport"),))
        with pytest.raises(MoveNotAllowed):
            begin_working_copy(make_article(section=self.story.section), by=editor)

    def test_story_itself_is_not_written_on(self):
        for change in ({"headline": "Other"}, {"body": "<p>Other.</p>"}, {"section_id": None}):
            story = self.stored()
            for name, value in change.items():
                setattr(story, name, value)
            assert "edit its working copy" in self.refused(write_article, story)

    def test_import_leaves_a_story_that_is_being_edited(self):
        moment = timezone.now() - HOUR
        story = make_article()
        Article.objects.filter(pk=story.pk).update(modified_at=moment, imported_at=moment)
        begin_working_copy(story, by=self.publisher)
        story.refresh_from_db()
        assert story.modified_at > story.imported_at

    def test_waiting_reference_finds_the_story_and_never_its_copy(self):
        self.write(headline="A headline of the copy")
        link = RelatedLink.objects.create(article=make_article(), headline="A headline of the copy")
        found = RelatedLink.objects.create(article=make_article(), headline="Ferries return")
        link.refresh_from_db()
        found.refresh_from_db()
        assert (link.target, found.target) == (None, self.story)


class PublishingTests(WorkingCopyTests):
    def test_everything_that_changed_takes_the_place_of_what_was(self):
        other, source = make_section("Sport"), make_source("The Log")
        self.write(headline="Ferries are back", slug="ferries-are-back", section=other, lead_image=None, dek="")
        copy = Article.objects.get(pk=self.copy.pk)
        Byline.objects.filter(article=copy, author__name="Leila Haddad").delete()
        TaggedArticle.objects.create(content_object=copy, tag=make_tag("Harbours"))
        copy.citations.all().delete()
        Citation.objects.create(article=copy, source=source)
        copy.related_links.filter(marker=None).delete()
        wanted = content_of(snapshot_of(copy))

        publish_fix(copy, by=self.publisher)

        story = self.stored()
        assert content_of(snapshot_of(story)) == wanted
        assert [each.name for each in story.authors.all()] == ["Tomás Reyes"]
        assert not Article.objects.filter(replaces=story).exists()
        assert copy.pk is None

    def test_address_counts_and_links_to_it_stay(self):
        elsewhere = RelatedLink.objects.create(article=make_article(), headline="Ferries return", target=self.story)
        times = self.story.published_at, self.story.first_published_at, self.story.uid
        publish_fix(self.write(slug="ferries-are-back"), by=self.publisher)
        story = self.stored()
        assert (story.published_at, story.first_published_at, story.uid) == times
        elsewhere.refresh_from_db()
        assert elsewhere.target == story
        assert FormerSlug.objects.get().article == story
        assert self.client.get(self.story.get_absolute_url()).url == story.get_absolute_url()

    def test_silent_fix_tells_nobody(self):
        publish_fix(self.write(body="<p>The first boat left.</p>"), by=self.publisher)
        story = self.stored()
        assert (story.body, story.updated_at, story.corrections.count()) == ("<p>The first boat left.</p>", None, 1)

    def test_update_tells_readers_what_is_new_and_when(self):
        before = timezone.now()
        publish_update(self.write(dek="At noon.", update_note=" The noon boat sails, too. "), by=self.publisher)
        story = self.stored()
        note = story.corrections.first()
        assert (note.kind, note.text) == ("update", "The noon boat sails, too.")
        assert before <= story.updated_at == note.corrected_at
        self.assertContains(self.client.get(story.get_absolute_url()), "The noon boat sails, too.")
        self.assertContains(self.client.get("/corrections/"), "The noon boat sails, too.")

    def test_editor_says_which_of_the_two_it_is(self):
        assert "Say what is new" in self.refused(publish_update)
        self.write(update_note="The noon boat sails.")
        assert "There is a note for readers" in self.refused(publish_fix)

    def test_copy_goes_through_review_like_any_story(self):
        submit_article(self.copy, by=self.publisher)
        approve_article(self.copy, by=self.publisher)
        publish_fix(self.copy, by=self.publisher)
        assert stage_of(self.stored()) == "published"

    def test_correction_added_meanwhile_stays_and_is_no_conflict(self):
        Correction.objects.create(article=self.story, text="Noon, not one.")
        publish_fix(self.write(dek="At noon."), by=self.publisher)
        assert self.stored().corrections.count() == 2

    def test_story_that_changed_meanwhile_is_replaced_only_with_a_reason(self):
        snapshot = snapshot_of(self.story)
        write_snapshot(self.stored(), {**snapshot, "fields": {**snapshot["fields"], "dek": "By an import."}})
        assert "has changed since" in self.refused(publish_fix)
        assert self.stored().dek == "By an import."
        publish_fix(self.write(dek="At noon."), by=self.publisher, reason="Looked at both.")
        assert self.stored().dek == "At noon."

    def test_copy_of_a_withdrawn_story_waits_for_its_return(self):
        withdraw_article(self.story, by=self.publisher, reason="Wrong.")
        assert "reinstate it first" in self.refused(publish_fix)

    def test_copy_that_is_discarded_leaves_its_words_in_the_history(self):
        self.write(headline="Never to be seen")
        discard_working_copy(self.copy, by=self.publisher)
        assert self.stored().headline == "Ferries return"
        assert self.story.revisions.first().snapshot["fields"]["headline"] == "Never to be seen"
        assert not Article.objects.filter(replaces=self.story).exists()

    def test_deleting_a_copy_is_discarding_it(self):
        delete_article(self.copy, by=self.publisher)
        assert list(self.story.activity.values_list("action", flat=True)) == ["discard", "begin_copy"]
        assert Article.objects.filter(pk=self.story.pk).exists()

    def test_everything_is_told_of_the_story(self):
        publish_fix(self.write(dek="At noon."), by=self.publisher)
        lines = [(line.action, line.to_stage) for line in self.story.activity.all()]
        assert lines == [("publish_fix", "published"), ("edit", ""), ("begin_copy", "")]

    def test_times_of_the_story_are_those_of_its_copy(self):
        story = self.stored()
        story.expires_at = timezone.now() + HOUR
        write_article(story, by=self.publisher, changed=["expires_at"])
        assert Article.objects.get(pk=self.copy.pk).expires_at == story.expires_at

    def test_embargo_hides_the_copy_as_it_does_the_story(self):
        reporter = make_person("Reporter")
        assert self.copy in Article.objects.visible_to(reporter)
        story = self.stored()
        story.embargoed_until = timezone.now() + HOUR
        write_article(story, by=self.publisher, changed=["embargoed_until"])
        assert self.copy not in Article.objects.visible_to(reporter)

    def test_copy_whose_slug_was_taken_meanwhile_says_so(self):
        copy = self.write(slug="noon-boat")
        make_article(slug="noon-boat")
        with pytest.raises(MoveRefused, match="noon-boat"):
            publish_fix(copy, by=self.publisher)


class SchedulingTests(WorkingCopyTests):
    def schedule(self, **changes):
        copy = self.write(takes_effect_at=timezone.now() + HOUR, update_note="The noon boat sails.", **changes)
        publish_update(copy, by=self.publisher)
        return Article.objects.get(pk=copy.pk)

    def test_update_waits_for_its_time(self):
        copy = self.schedule(dek="At noon.")
        assert stage_of(copy) == "scheduled"
        assert publish_due_updates() == 0
        assert self.stored().dek == "At dawn."

    def test_due_update_is_published_once_as_it_was_meant(self):
        self.schedule(dek="At noon.")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert [publish_due_updates(), publish_due_updates()] == [1, 0]
            story = self.stored()
            assert (story.dek, story.corrections.first().text) == ("At noon.", "The noon boat sails.")
        assert story.activity.first().person_name == "the schedule"

    def test_reader_of_the_story_waits_for_no_heartbeat(self):
        self.schedule(headline="Ferries sail at noon")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            self.assertContains(self.client.get(self.story.get_absolute_url()), "Ferries sail at noon")

    def test_update_is_taken_off_the_schedule(self):
        copy = self.schedule()
        unschedule_article(copy, by=self.publisher)
        assert stage_of(copy) == "approved"
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert publish_due_updates() == 0

    def test_scheduled_update_can_go_out_at_once(self):
        copy = self.schedule(dek="At noon.")
        copy.takes_effect_at = None
        write_article(copy, by=self.publisher)
        assert stage_of(Article.objects.get(pk=copy.pk)) == "approved"
        publish_update(copy, by=self.publisher)
        assert self.stored().dek == "At noon."

    def test_names_that_change_meanwhile_call_no_update_back(self):
        self.schedule(dek="At noon.")
        self.story.related_links.filter(headline="Not here yet").update(target=make_article())
        Tag.objects.filter(name="Syria").update(name="Syrian coast")
        Author.objects.filter(slug="leila-haddad").update(slug="leila")
        Section.objects.update(slug="the-world")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert publish_due_updates() == 1
        assert self.stored().dek == "At noon."

    def test_time_of_a_scheduled_update_is_the_publishers(self):
        copy = self.schedule()
        copy.takes_effect_at += HOUR
        with pytest.raises(MoveNotAllowed):
            write_article(copy, by=make_person("Editor"))
        write_article(copy, by=self.publisher)
        assert stage_of(copy) == "scheduled"

    def test_update_of_a_story_that_changed_comes_off_the_schedule(self):
        copy = self.schedule(dek="At noon.")
        withdraw_article(self.story, by=self.publisher, reason="Wrong.")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert publish_due_updates() == 0
        copy.refresh_from_db()
        assert (stage_of(copy), self.story.activity.first().reason) == ("approved", "The story itself has changed.")

    def test_update_that_is_scheduled_has_a_time(self):
        copy = self.schedule()
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=copy.pk).update(takes_effect_at=None)

    def test_update_whose_words_for_readers_were_emptied_meanwhile_comes_off_the_schedule(self):
        copy = self.schedule(dek="At noon.")
        Article.objects.filter(pk=copy.pk).update(update_note="")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert publish_due_updates() == 0
        copy.refresh_from_db()
        assert stage_of(copy) == "approved"
        assert "Say what is new" in self.story.activity.first().reason
        assert self.story.corrections.count() == 1

    def test_update_whose_slug_was_taken_meanwhile_comes_off_the_schedule_and_others_go_out(self):
        copy = self.schedule(slug="noon-boat")
        other = begin_working_copy(make_article(headline="Harbour reopens"), by=self.publisher)
        Article.objects.filter(pk=other.pk).update(
            dek="At last.", status="approved", scheduled_move="publish_fix", takes_effect_at=copy.takes_effect_at
        )
        make_article(slug="noon-boat")
        with time_machine.travel(timezone.now() + 2 * HOUR):
            assert publish_due_updates() == 1
        copy.refresh_from_db()
        assert stage_of(copy) == "approved"
        assert "noon-boat" in self.story.activity.first().reason

    def test_update_that_fails_keeps_neither_others_nor_readers_from_theirs(self):
        self.schedule()
        other = make_article(headline="Harbour reopens")
        waiting = begin_working_copy(other, by=self.publisher)
        Article.objects.filter(pk=waiting.pk).update(
            dek="At last.", status="approved", scheduled_move="publish_fix", takes_effect_at=timezone.now() + 2 * HOUR
        )

        def fails_for_the_first(story, *args):
            if story == self.story:
                raise RuntimeError
            return ""

        with (
            time_machine.travel(timezone.now() + 3 * HOUR),
            mock.patch("articles.editorial.working_copies._why_not_when_due", fails_for_the_first),
            self.assertLogs("articles.editorial.working_copies", "ERROR"),
        ):
            self.assertContains(self.client.get(other.get_absolute_url()), "At last.")


@skipUnlessDBFeature("has_select_for_update")
class LockingTests(WorkingCopyTests):
    def test_story_is_locked_before_its_copy(self):
        """As whoever writes the times of the story does, which are those of its copy."""
        Article.objects.filter(pk=self.copy.pk).update(
            status="approved", scheduled_move="publish_fix", takes_effect_at=timezone.now()
        )
        for publish in (lambda: discard_working_copy(self.copy, by=make_person("Contributor")), publish_due_updates):
            with CaptureQueriesContext(connection) as queries, contextlib.suppress(MoveNotAllowed):
                publish()
            first, second = [each["sql"] for each in queries if "FOR UPDATE" in each["sql"]][:2]
            assert f'"articles_article"."id" = {self.story.pk}' in first
            assert f'"articles_article"."id" = {self.copy.pk}' in second


class ConstraintTests(WorkingCopyTests):
    def test_no_door_puts_a_copy_before_readers(self):
        values = {"status": "published", "published_at": timezone.now(), "first_published_at": timezone.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=self.copy.pk).update(**values)

    def test_one_story_has_one_copy(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_draft(slug="another", replaces=self.story)

    def test_two_stories_have_no_slug_in_common(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_article(slug=self.story.slug)

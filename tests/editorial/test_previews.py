"""Links for outsiders: who may make one, what it shows, and when it shows nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import TestCase
from django.utils import timezone

from articles.editorial.permissions import MoveNotAllowed, MoveRefused
from articles.editorial.previews import (
    create_preview_link,
    draft_of_link,
    find_open_link,
    open_draft,
    record_opening,
    revoke_preview_link,
    seal_draft,
    token_of,
    why_closed,
)
from articles.editorial.revisions import keep_revision
from articles.editorial.snapshots import snapshot_of
from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, Correction, PreviewLink
from tests.factories import make_article, make_draft, make_person, make_section

TOMORROW = timedelta(days=1)


class MakingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        cls.reporter, cls.editor = make_person("Reporter"), make_person("Editor")
        cls.story = make_draft(section=cls.world, created_by=cls.reporter)

    def test_writer_and_editor_may_make_one(self):
        for person in (self.reporter, self.editor):
            link = create_preview_link(self.story, by=person, note="  The  source ")
            assert find_open_link(token_of(link)) == link
            assert link.note == "The source"

    def test_others_may_not(self):
        outsiders = (make_person("Reporter"), make_person("Contributor"), make_person("Editor", sections=(self.sport,)))
        for person in outsiders:
            with pytest.raises(MoveNotAllowed):
                create_preview_link(self.story, by=person)
        assert not PreviewLink.objects.exists()

    def test_it_lasts_a_week_unless_told_otherwise(self):
        for days, asked in ((7, {}), (1, {"days": 1}), (30, {"days": 30})):
            link = create_preview_link(self.story, by=self.editor, **asked)
            assert link.expires_at - link.created_at == timedelta(days=days)
        with pytest.raises(MoveRefused):
            create_preview_link(self.story, by=self.editor, days=3650)

    def test_version_of_another_story_is_refused(self):
        other = keep_revision(make_draft(), by=self.editor)
        with pytest.raises(MoveRefused):
            create_preview_link(self.story, by=self.editor, revision=other)

    def test_writer_of_a_published_story_may_show_the_working_copy(self):
        story = make_article(section=self.world, created_by=self.reporter)
        with pytest.raises(MoveNotAllowed):
            create_preview_link(story, by=self.reporter)
        copy = begin_working_copy(story, by=self.reporter)
        assert create_preview_link(copy, by=self.reporter).article == story

    def test_making_and_revoking_are_logged_and_revoking_once(self):
        link = create_preview_link(self.story, by=self.reporter, note="The source")
        revoke_preview_link(link, by=self.editor)
        revoke_preview_link(link, by=self.editor)
        lines = self.story.activity.order_by("pk")
        assert [(each.action, each.person) for each in lines] == [
            ("make_link", self.reporter),
            ("revoke_link", self.editor),
        ]
        assert all("The latest draft, The source, until" in each.detail for each in lines)

    def test_who_may_not_edit_may_not_revoke_but_what_they_made(self):
        link = create_preview_link(self.story, by=self.reporter)
        with pytest.raises(MoveNotAllowed):
            revoke_preview_link(link, by=make_person("Reporter"))
        Article.objects.filter(pk=self.story.pk).update(status="in_review")
        revoke_preview_link(link, by=self.reporter)
        assert not find_open_link(token_of(link))


class OpeningTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter, cls.editor = make_person("Reporter"), make_person("Editor")
        cls.story = make_draft(headline="Before", created_by=cls.reporter)

    def is_open(self, link):
        return find_open_link(token_of(link)) is not None

    def test_it_ends_at_its_time(self):
        link = create_preview_link(self.story, by=self.editor, days=1)
        with time_machine.travel(link.expires_at - timedelta(seconds=1), tick=False):
            assert self.is_open(link)
        with time_machine.travel(link.expires_at, tick=False):
            assert not self.is_open(link)

    def test_what_was_tampered_with_opens_nothing(self):
        token = token_of(create_preview_link(self.story, by=self.editor))
        uid, _, signature = token.partition(".")
        other = token_of(create_preview_link(self.story, by=self.editor)).partition(".")[0]
        for wrong in ("", uid, f"{uid}.", f"{other}.{signature}", token[:-1], f"x{token}", "unsaved", "\x00"):
            assert find_open_link(wrong) is None

    def test_makers_account_is_asked_each_time(self):
        link = create_preview_link(self.story, by=self.editor)
        self.editor.is_active = False
        self.editor.save()
        assert not self.is_open(link)
        assert "no account" in why_closed(PreviewLink.objects.get())
        self.editor.delete()
        assert not self.is_open(link)

    def test_maker_who_may_not_see_the_story_any_more_shows_it_to_nobody(self):
        world = make_section()
        maker = make_person("Editor", sections=(world,))
        story = make_draft(section=world)
        link = create_preview_link(story, by=maker)
        assert self.is_open(link)
        Article.objects.filter(pk=story.pk).update(section=make_section("Sport"))
        assert not self.is_open(link)

    def test_embargo_closes_links_of_those_who_may_not_see_beyond_it(self):
        mine, theirs = (create_preview_link(self.story, by=each) for each in (self.editor, self.reporter))
        Article.objects.update(embargoed_until=timezone.now() + TOMORROW)
        assert self.is_open(mine)
        assert not self.is_open(theirs)
        self.story.refresh_from_db()
        with pytest.raises(MoveRefused, match="under embargo"):
            create_preview_link(self.story, by=self.reporter)
        with time_machine.travel(timezone.now() + TOMORROW * 2):
            assert self.is_open(theirs)

    def test_withdrawn_story_is_shown_to_nobody(self):
        link = create_preview_link(self.story, by=self.editor)
        Article.objects.update(status="withdrawn")
        assert not self.is_open(link)

    def test_latest_draft_is_the_working_copy_where_there_is_one(self):
        story = make_article(headline="As published")
        link = create_preview_link(story, by=make_person("Publisher"))
        assert draft_of_link(link).is_published
        copy = begin_working_copy(story, by=self.editor)
        Article.objects.filter(pk=copy.pk).update(headline="As it will be", update_note="Now with boats.")
        Correction.objects.create(article=story, text="Sixty, not sixteen.")
        draft = draft_of_link(link)
        assert draft.story == story
        assert draft.snapshot["fields"]["headline"] == "As it will be"
        assert [each["text"] for each in draft.snapshot["corrections"]] == ["Now with boats.", "Sixty, not sixteen."]
        assert not draft.is_published

    def test_one_version_stays_that_version(self):
        version = keep_revision(self.story, by=self.editor)
        link = create_preview_link(self.story, by=self.editor, revision=version)
        Article.objects.update(headline="After")
        self.story.refresh_from_db()
        keep_revision(self.story, by=self.editor)
        assert draft_of_link(link).snapshot["fields"]["headline"] == "Before"

    def test_openings_are_counted(self):
        link = create_preview_link(self.story, by=self.editor)
        moment = [record_opening(link) for _ in range(3)][-1].opened_at
        found = PreviewLink.objects.with_openings().get()
        assert (found.opened, found.last_opened_at) == (3, moment)


class SealingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_person("Editor")
        cls.story = make_draft()

    def seal(self):
        return seal_draft(self.story, snapshot_of(self.story), by=self.editor)

    def test_it_opens_for_its_writer(self):
        assert open_draft(self.seal(), by=self.editor).story == self.story

    def test_it_opens_for_nobody_else_nor_later_nor_changed(self):
        sealed = self.seal()
        with pytest.raises(MoveNotAllowed):
            open_draft(sealed, by=make_person("Publisher"))
        for wrong in ("", "x", sealed[:-1], sealed + "x", token_of(PreviewLink())):
            with pytest.raises(MoveNotAllowed):
                open_draft(wrong, by=self.editor)
        with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(MoveNotAllowed):
            open_draft(sealed, by=self.editor)

    def test_it_closes_with_the_right_to_edit(self):
        sealed = self.seal()
        self.editor.groups.clear()
        with pytest.raises(MoveNotAllowed):
            open_draft(sealed, by=type(self.editor).objects.get(pk=self.editor.pk))

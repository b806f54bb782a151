from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.editorial.autosaving import (
    KEPT_FOR,
    MOST_NEW,
    AutosaveRefused,
    autosaves_of,
    forget_autosave,
    keep_autosave,
    prune_autosaves,
)
from articles.models import Autosave
from tests.factories import make_article, make_draft, make_person, make_user

CONTENT = {"id": "a", "number": 1, "fields": {"headline": {"values": ["Ferries"], "base": "1"}}}
NEW = "new-0123456789"


class AutosavingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter, cls.editor = make_person("Reporter"), make_person("Editor")
        cls.story = make_draft(created_by=cls.reporter)

    def test_one_copy_a_person_and_form_is_kept_and_the_last_counts(self):
        for number in (1, 2):
            keep_autosave({**CONTENT, "number": number}, by=self.reporter, form="", article=self.story)
            keep_autosave({**CONTENT, "number": number}, by=self.reporter, form=NEW)
        keep_autosave(CONTENT, by=self.editor, form="", article=self.story)
        assert [each.content["number"] for each in autosaves_of(self.reporter, self.story)] == [2]
        assert [each.content["number"] for each in autosaves_of(self.reporter, None)] == [2]
        assert Autosave.objects.count() == 3

    def test_keeping_changes_neither_the_story_nor_its_log(self):
        before = self.story.modified_at
        keep_autosave(CONTENT, by=self.reporter, form="", article=self.story)
        self.story.refresh_from_db()
        assert self.story.modified_at == before
        assert not self.story.activity.exists()

    def test_nothing_is_kept_for_stories_that_a_person_may_not_change(self):
        for story in (make_draft(), make_article(created_by=self.reporter)):
            with pytest.raises(PermissionDenied):
                keep_autosave(CONTENT, by=self.reporter, form="", article=story)
        with pytest.raises(PermissionDenied):
            keep_autosave(CONTENT, by=make_user("guest"), form=NEW)

    def test_what_no_database_takes_is_refused(self):
        for content in (["list"], {"fields": "\0"}, {"fields": ["\ud800"]}, {"\udfff": 1}):
            with pytest.raises(AutosaveRefused):
                keep_autosave(content, by=self.reporter, form=NEW)
        with pytest.raises(AutosaveRefused):
            keep_autosave(CONTENT, by=self.reporter, form="../etc")

    def test_forms_of_new_stories_left_behind_are_bounded(self):
        for number in range(MOST_NEW + 2):
            keep_autosave(CONTENT, by=self.reporter, form=f"{NEW}-{number}")
        assert autosaves_of(self.reporter, None).count() == MOST_NEW
        assert not Autosave.objects.filter(form=f"{NEW}-0").exists()

    def test_old_copies_are_neither_given_back_nor_kept(self):
        keep_autosave(CONTENT, by=self.reporter, form=NEW)
        fresh = keep_autosave(CONTENT, by=self.reporter, form="", article=self.story)
        Autosave.objects.filter(form=NEW).update(saved_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
        assert not autosaves_of(self.reporter, None).exists()
        prune_autosaves()
        assert Autosave.objects.get() == fresh

    def test_only_the_own_copy_is_forgotten(self):
        for person in (self.reporter, self.editor):
            keep_autosave(CONTENT, by=person, form="", article=self.story)
        forget_autosave(by=self.reporter, form=self.story.uid)
        assert Autosave.objects.get().person == self.editor

"""What editors decide about related stories: who may, what holds, and what nobody learns by trying."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase

from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, PopularEntry, PopularList, RelatedLink, SuggestionChoice
from articles.related.choices import (
    ChoiceRefused,
    accept_target,
    hide_suggestion,
    may_choose,
    never_suggest,
    pin_suggestion,
    undo_choice,
)
from tests.factories import PUBLISHED_AT, make_article, make_draft, make_person, make_section, make_user

KIND = SuggestionChoice.Kind
VERBS = (pin_suggestion, hide_suggestion, never_suggest, undo_choice)


def kinds(article):
    return {each.target.headline: each.kind for each in article.suggestion_choices.all()}


class ChoiceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world = make_section()
        cls.editor = make_person("Editor")
        cls.story = make_article(section=cls.world)
        cls.target = make_article(headline="The other")

    def test_last_word_holds(self):
        for verb, kind in ((pin_suggestion, KIND.PINNED), (hide_suggestion, KIND.HIDDEN), (never_suggest, KIND.NEVER)):
            verb(self.story, self.target, by=self.editor)
            assert kinds(self.story) == {"The other": kind}
        choice = self.story.suggestion_choices.get()
        assert choice.made_by == self.editor
        undo_choice(self.story, self.target, by=self.editor)
        assert kinds(self.story) == {}

    def test_choice_on_a_working_copy_is_one_of_its_story(self):
        copy = begin_working_copy(self.story, by=self.editor)
        pin_suggestion(copy, self.target, by=self.editor)
        assert kinds(self.story) == {"The other": KIND.PINNED}
        assert kinds(copy) == {}

    def test_story_with_readers_needs_no_working_copy(self):
        pin_suggestion(self.story, self.target, by=self.editor)
        assert not Article.objects.filter(replaces=self.story).exists()

    def test_what_the_other_page_refused_is_not_pinned(self):
        never_suggest(self.target, self.story, by=self.editor)
        with pytest.raises(ChoiceRefused, match="never stand together"):
            pin_suggestion(self.story, self.target, by=self.editor)

    def test_story_does_not_stand_beside_itself(self):
        with pytest.raises(ChoiceRefused):
            pin_suggestion(self.story, self.story, by=self.editor)

    def refused(self, person, story, target):
        before = SuggestionChoice.objects.count()
        for verb in VERBS:
            with pytest.raises(PermissionDenied):
                verb(story, target, by=person)
        assert SuggestionChoice.objects.count() == before

    def test_writer_decides_about_a_draft_of_theirs_and_not_about_what_readers_have(self):
        writer = make_person("Reporter")
        draft, published = make_draft(created_by=writer), make_article(created_by=writer)
        pin_suggestion(draft, self.target, by=writer)
        assert not may_choose(writer, published)
        self.refused(writer, published, self.target)

    def test_writer_decides_nothing_about_what_others_look_over(self):
        writer = make_person("Reporter")
        for status in ("in_review", "approved"):
            story = make_draft(created_by=writer, status=status)
            assert not may_choose(writer, story)
            self.refused(writer, story, self.target)

    def test_nobody_decides_about_stories_of_others_or_beyond_their_sections(self):
        self.refused(make_person("Reporter"), make_draft(), self.target)
        elsewhere = make_person("Editor", sections=(make_section("Sport"),))
        self.refused(elsewhere, self.story, self.target)
        self.refused(make_user("guest"), self.story, self.target)
        self.refused(make_user("gone", is_superuser=True, is_active=False), self.story, self.target)

    def test_story_that_a_person_may_not_see_is_no_target(self):
        limited = make_person("Editor", sections=(self.world,))
        secret = make_draft(headline="Secret", section=make_section("Sport"))
        self.refused(limited, self.story, secret)

    def test_working_copy_is_no_target(self):
        self.refused(self.editor, self.story, begin_working_copy(self.target, by=self.editor))


class AcceptanceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world = make_section()
        cls.editor = make_person("Editor", sections=(cls.world,))
        cls.story = make_article(section=cls.world)
        cls.target = make_article(headline="Night boat sails again")
        cls.link = RelatedLink.objects.create(article=cls.story, headline="The night boat sails")

    def entry(self, article):
        popular = PopularList.objects.create(article=article, listed_on=PUBLISHED_AT)
        return PopularEntry.objects.create(list=popular, position=1, headline="The night-boat sails")

    def target_of(self, reference):
        reference.refresh_from_db()
        return reference.target

    def test_accepted_story_is_where_the_link_leads(self):
        before = self.story.modified_at
        assert accept_target(self.link, self.target, by=self.editor) == 1
        assert self.target_of(self.link) == self.target
        self.story.refresh_from_db()
        assert self.story.modified_at > before

    def test_same_wording_elsewhere_follows_where_it_is_this_persons_to_decide(self):
        theirs, others = make_article(section=self.world), make_article(section=make_section("Sport"))
        entry, foreign = self.entry(theirs), self.entry(others)
        foreign_link = RelatedLink.objects.create(article=others, headline="The night boat sails")
        own = RelatedLink.objects.create(article=self.target, headline="The night boat sails")
        assert accept_target(entry, self.target, by=self.editor) == 2
        assert self.target_of(self.link) == self.target_of(entry) == self.target
        assert [self.target_of(each) for each in (foreign, foreign_link, own)] == [None, None, None]

    def test_working_copy_keeps_what_was_accepted(self):
        copy = begin_working_copy(self.story, by=self.editor)
        accept_target(self.link, self.target, by=self.editor)
        assert copy.related_links.get().target == self.target

    def test_reference_that_waits_no_more_is_left_as_it_is(self):
        RelatedLink.objects.filter(pk=self.link.pk).update(target=make_article())
        with pytest.raises(ChoiceRefused):
            accept_target(self.link, self.target, by=self.editor)

    def test_nobody_accepts_for_stories_of_others_or_what_they_may_not_see(self):
        stranger = make_person("Editor", sections=(make_section("Culture"),))
        with pytest.raises(PermissionDenied):
            accept_target(self.link, self.target, by=stranger)
        secret = make_draft(section=make_section("Sport"))
        with pytest.raises(PermissionDenied):
            accept_target(self.link, secret, by=self.editor)
        assert self.target_of(self.link) is None

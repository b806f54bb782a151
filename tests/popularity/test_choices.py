from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.editorial.working_copies import begin_working_copy
from articles.models import Activity, PopularChoice, SiteSettings, Standing, Window
from articles.popularity.choices import (
    exclude_popular,
    freeze_popular,
    move_pin,
    pin_popular,
    release_popular,
    thaw_popular,
)
from articles.popularity.leaderboards import popular_posts, sidebar_of
from articles.popularity.standings import make_lists
from tests.factories import make_article, make_draft, make_person, make_reads, make_section


def shown(**which) -> list[str]:
    return [post.headline for post in popular_posts(10, **which)]


def in_sidebar() -> list[str]:
    return [post.headline for post in sidebar_of(SiteSettings.objects.load()).posts]


class ChoiceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_person("Editor")
        cls.section = make_section()
        cls.stories = [make_article(headline=f"Read {n}", section=cls.section, tags=("Syria",)) for n in (1, 2, 3, 4)]
        for number, story in enumerate(cls.stories):
            make_reads(story, timezone.now(), direct=10 - number)
        cls.unread = make_article(headline="Unread", section=cls.section)
        cls.everywhere = [
            {"window": window, "scope": scope, "scope_id": scope_id}
            for window in Window.values
            for scope, scope_id in (("site", 0), ("section", cls.section.pk))
        ]
        make_lists(*Window.values)

    def test_pinned_story_stands_at_the_head_of_the_sites_lists_at_once(self):
        pin_popular(self.stories[3], by=self.editor)
        for window in Window.values:
            assert shown(window=window)[:4] == ["Read 4", "Read 1", "Read 2", "Read 3"]
        assert shown(scope="section", scope_id=self.section.pk)[0] == "Read 4"  # the site's, which is longer
        assert Standing.objects.filter(scope="section", position=1).first().article == self.stories[0]

    def test_pin_stays_when_lists_are_made_anew(self):
        pin_popular(self.unread, by=self.editor)
        make_lists(*Window.values)
        for window in Window.values:
            assert shown(window=window) == ["Unread", "Read 1", "Read 2", "Read 3", "Read 4"]

    def test_what_is_pinned_later_stands_below_and_editors_order_it(self):
        for story in (self.stories[2], self.unread, self.stories[1]):
            pin_popular(story, by=self.editor)
        assert shown()[:3] == ["Read 3", "Unread", "Read 2"]
        move_pin(self.stories[2], by=self.editor, steps=9)
        assert shown() == ["Unread", "Read 2", "Read 3", "Read 1", "Read 4"]
        make_lists(*Window.values)
        assert shown() == ["Unread", "Read 2", "Read 3", "Read 1", "Read 4"]

    def test_pin_moves_no_further_than_to_an_end_and_what_is_not_pinned_not_at_all(self):
        for story in (self.stories[2], self.unread):
            pin_popular(story, by=self.editor)
        told = Activity.objects.count()
        for story, steps in ((self.stories[2], -1), (self.unread, 1), (self.stories[0], -1)):
            move_pin(story, by=self.editor, steps=steps)
        assert shown()[:2] == ["Read 3", "Unread"]
        assert Activity.objects.count() == told
        move_pin(self.unread, by=self.editor, steps=-1)
        assert shown()[:2] == ["Unread", "Read 3"]

    def test_excluded_story_is_in_no_list_at_once_nor_later(self):
        exclude_popular(self.stories[0], by=self.editor)
        for make in (lambda: None, lambda: make_lists(*Window.values)):
            make()
            assert not Standing.objects.filter(article=self.stories[0]).exists()
            for where in self.everywhere:
                assert "Read 1" not in shown(**where)

    def test_excluded_story_is_not_shown_as_a_recent_one_either(self):
        Standing.objects.all().delete()
        exclude_popular(self.unread, by=self.editor)
        assert sorted(shown()) == ["Read 1", "Read 2", "Read 3", "Read 4"]

    def test_excluded_row_that_is_still_there_is_not_read(self):
        PopularChoice.objects.create(article=self.stories[0], kind="excluded")
        assert "Read 1" not in shown()

    def test_released_story_stands_where_its_reads_put_it(self):
        before = list(Standing.objects.order_by("window", "scope", "scope_id", "position").values_list("article"))
        for decide in (pin_popular, exclude_popular):
            decide(self.stories[1], by=self.editor)
            release_popular(self.stories[1], by=self.editor)
            after = Standing.objects.order_by("window", "scope", "scope_id", "position").values_list("article")
            assert [row for row in after if row in before] == before[: len(after)]
            assert shown()[:4] == ["Read 1", "Read 2", "Read 3", "Read 4"]

    def test_pin_takes_the_place_of_an_exclusion_and_the_other_way_round(self):
        exclude_popular(self.stories[3], by=self.editor)
        pin_popular(self.stories[3], by=self.editor)
        assert shown()[0] == "Read 4"
        exclude_popular(self.stories[3], by=self.editor)
        assert "Read 4" not in shown()

    def test_deciding_twice_is_deciding_once(self):
        for verb in (pin_popular, exclude_popular, release_popular):
            verb(self.unread, by=self.editor)
            rows = list(Standing.objects.order_by("pk").values())
            verb(self.unread, by=self.editor)
            assert list(Standing.objects.order_by("pk").values()) == rows
        assert Activity.objects.count() == 3

    def test_pinned_story_that_is_not_public_waits_for_its_time(self):
        later = make_article(headline="Later", published_at=timezone.now() + timedelta(hours=1))
        pin_popular(later, by=self.editor)
        assert "Later" not in shown()
        later.published_at = later.first_published_at = timezone.now()
        later.save()
        assert shown()[0] == "Later"

    def test_working_copy_stands_for_its_story(self):
        copy = begin_working_copy(self.unread, by=self.editor)
        pin_popular(copy, by=self.editor)
        assert PopularChoice.objects.get().article == self.unread

    def test_log_says_who_decided_what(self):
        pin_popular(self.unread, by=self.editor)
        freeze_popular(by=self.editor)
        lines = Activity.objects.order_by("pk").values_list("person", "headline", "detail")
        assert list(lines) == [
            (self.editor.pk, "Unread", "pinned to the popular lists"),
            (self.editor.pk, "Popular posts", "frozen"),
        ]

    def test_only_curators_decide(self):
        reporter = make_person("Reporter")
        verbs = [
            lambda: pin_popular(self.unread, by=reporter),
            lambda: exclude_popular(self.unread, by=reporter),
            lambda: release_popular(self.unread, by=reporter),
            lambda: move_pin(self.unread, by=reporter, steps=1),
            lambda: freeze_popular(by=reporter),
            lambda: thaw_popular(by=reporter),
        ]
        for verb in verbs:
            with pytest.raises(PermissionDenied):
                verb()
        assert not PopularChoice.objects.exists()

    def test_nobody_pins_what_they_may_not_see(self):
        elsewhere = make_draft(section=make_section("Sport"))
        with pytest.raises(PermissionDenied):
            pin_popular(elsewhere, by=make_person("Editor", sections=(self.section,)))


class FrozenListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_person("Editor")
        cls.stories = [make_article(headline=f"Read {n}") for n in (1, 2, 3)]
        for number, story in enumerate(cls.stories):
            make_reads(story, timezone.now(), direct=10 - number)
        cls.unread = make_article(headline="Unread")
        make_lists(*Window.values)
        SiteSettings.objects.update(popular_length=3)

    def read_much(self, story):
        make_reads(story, timezone.now(), direct=100)
        make_lists(*Window.values)

    def test_reads_do_not_move_it_before_it_is_thawed(self):
        freeze_popular(by=self.editor)
        self.read_much(self.unread)
        assert in_sidebar() == ["Read 1", "Read 2", "Read 3"]
        thaw_popular(by=self.editor)
        assert in_sidebar() == ["Unread", "Read 1", "Read 2"]
        assert not Standing.objects.filter(window=Standing.FROZEN).exists()

    def test_freezing_twice_keeps_the_first_list(self):
        freeze_popular(by=self.editor)
        self.read_much(self.unread)
        freeze_popular(by=self.editor)
        assert in_sidebar() == ["Read 1", "Read 2", "Read 3"]

    def test_length_may_change(self):
        freeze_popular(by=self.editor)
        SiteSettings.objects.update(popular_length=1)
        assert in_sidebar() == ["Read 1"]

    def test_excluded_story_leaves_it_at_once_and_the_next_moves_up(self):
        freeze_popular(by=self.editor)
        exclude_popular(self.stories[0], by=self.editor)
        assert in_sidebar() == ["Read 2", "Read 3", "Unread"]

    def test_editor_pins_to_it_and_releases(self):
        freeze_popular(by=self.editor)
        pin_popular(self.stories[2], by=self.editor)
        assert in_sidebar() == ["Read 3", "Read 1", "Read 2"]
        release_popular(self.stories[2], by=self.editor)
        assert in_sidebar() == ["Read 1", "Read 2", "Read 3"]

    def test_what_filled_it_up_stands_still_as_well(self):
        Standing.objects.all().delete()
        before = in_sidebar()
        freeze_popular(by=self.editor)
        make_article(headline="Newest", published_at=timezone.now())
        assert in_sidebar() == before

    def test_it_says_of_which_day_it_is(self):
        assert sidebar_of(SiteSettings.objects.load()).line == "Most read this week"
        freeze_popular(by=self.editor)
        assert sidebar_of(SiteSettings.objects.load()).line.startswith("As of ")

"""Every list of every window against the truth, counted read by read."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.conf import popular_origin_weight, trending_half_life
from articles.models import Article, SiteSettings, Standing, Window
from articles.popularity.leaderboards import popular_posts
from articles.popularity.standings import LEAST_TREND, make_lists
from articles.popularity.windows import day_of
from tests.factories import make_article, make_author, make_image, make_reads, make_section

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
DAY = timedelta(days=1)

STORIES = 8
AGES = st.one_of(st.integers(0, 40), st.integers(0, 24 * 40), st.integers(0, 24 * 400)).map(
    lambda hours: timedelta(hours=hours)
)
READS = st.lists(
    st.tuples(st.integers(0, STORIES - 1), AGES, st.sampled_from(["direct", "popular", "search"]), st.integers(1, 5)),
    max_size=40,
)


def lines(window, scope="site", scope_id=0):
    rows = Standing.objects.filter(window=window, scope=scope, scope_id=scope_id).order_by("position")
    return list(rows.values_list("article", "reads"))


def counts_in(window, at):
    """Whether a read of a moment counts in a window: told without the code that is tested."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    if window == "day":
        return hour > NOW - DAY
    days = {"week": 7, "month": 30, "year": 365, "all": 10_000}[window]
    return at.date() > NOW.date() - days * DAY


def truth(reads, stories, window):
    weighs = Counter()
    for story, age, origin, number in reads:
        if window == "trending":
            weight = popular_origin_weight() if origin == "popular" else 1
            weighs[stories[story].pk] += number * weight * 0.5 ** (age / trending_half_life())
        elif counts_in(window, NOW - age):
            weighs[stories[story].pk] += number
    least = LEAST_TREND if window == "trending" else 0.5
    found = [(pk, reads) for pk, reads in weighs.items() if reads >= least]
    times = {story.pk: story.published_at for story in stories}
    return sorted(found, key=lambda each: (each[1], times[each[0]], each[0]), reverse=True)


class TruthTests(HypothesisTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.sections = [make_section("World"), make_section("Sport")]
        cls.authors = [make_author("Ana"), make_author("Ben")]
        cls.stories = [
            make_article(
                section=cls.sections[number % 2],
                authors=(cls.authors[number % 2],),
                tags=("Syria", "Manbij")[: 1 + number % 2],
                # Two by two at the same moment.
                published_at=datetime(2025, 1, 1 + number // 2, tzinfo=UTC),
            )
            for number in range(STORIES)
        ]
        cls.hidden = make_article(section=cls.sections[0], tags=("Syria",), expires_at=NOW)
        SiteSettings.objects.load()
        SiteSettings.objects.update(popular_length=1)

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(READS)
    def test_lists_are_those_that_counting_read_by_read_gives(self, reads):
        for story, age, origin, number in reads:
            make_reads(self.stories[story], NOW - age, **{origin: number})
            make_reads(self.hidden, NOW - age, **{origin: 100})
        make_lists(*Window.values, at=NOW)
        for window in Window.values:
            for scope, scope_id, has in self.scopes():
                self.check(reads, window, scope, scope_id, has)

    def scopes(self):
        yield "site", 0, lambda story: True
        for section in self.sections:
            yield "section", section.pk, lambda story, section=section: story.section == section
        for author in self.authors:
            yield "author", author.pk, lambda story, author=author: author in story.authors.all()
        for tag in Article.tags.all():
            yield "tag", tag.pk, lambda story, tag=tag: tag in story.tags.all()

    def check(self, reads, window, scope, scope_id, has):
        within = {story.pk for story in self.stories if has(story)}
        expected = [line for line in truth(reads, self.stories, window) if line[0] in within]
        found = lines(window, scope, scope_id)
        numbers = [number for _, number in found]
        assert numbers == pytest.approx([number for _, number in expected], rel=0.01)
        if window != "trending":
            assert [pk for pk, _ in found] == [pk for pk, _ in expected], (window, scope)
        else:
            # Sums of fractions may differ in the last digit: then either of two equals may stand first.
            assert sorted(pk for pk, _ in found) == sorted(pk for pk, _ in expected)


class ListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.section = make_section()
        cls.stories = [make_article(headline=f"Read {n}", section=cls.section, tags=("Syria",)) for n in (1, 2, 3)]
        for number, story in enumerate(cls.stories):
            make_reads(story, timezone.now(), direct=10 - number)

    def shown(self, limit=10, **which):
        return [post.headline for post in popular_posts(limit, **which)]

    def test_reading_is_one_query_of_as_many_rows_as_are_shown(self):
        make_lists("week")
        for which in ({}, {"scope": "section", "scope_id": self.section.pk}, {"with_pictures": True}):
            with CaptureQueriesContext(connection) as queries:
                assert len(popular_posts(3, **which)) == 3
            assert len(queries) == 1
            assert "LIMIT 3" in queries[0]["sql"]

    def test_more_than_ten_are_never_shown(self):
        for number in range(15):
            make_reads(make_article(headline=f"More {number}"), timezone.now(), direct=1)
        make_lists("week")
        assert len(popular_posts(100)) == 10

    def test_of_equals_the_newer_stands_first_and_then_the_higher_number(self):
        at = timezone.now() - DAY
        older, newer, newest = (
            make_article(headline=name, published_at=published)
            for name, published in (("Older", at - DAY), ("Newer", at), ("Newest", at))
        )
        for story in (newest, older, newer):
            make_reads(story, at + DAY, direct=20)
        make_lists(*Window.values)
        for window in Window.values:
            assert self.shown(3, window=window) == ["Newest", "Newer", "Older"]

    def test_parts_list_is_the_sites_where_it_is_not_full(self):
        make_reads(make_article(headline="Elsewhere"), timezone.now(), direct=50)
        make_lists("week")
        among = {"scope": "section", "scope_id": self.section.pk}
        assert self.shown(3, **among) == ["Read 1", "Read 2", "Read 3"]
        assert self.shown(4, **among) == ["Elsewhere", "Read 1", "Read 2", "Read 3"]

    def test_tag_that_cannot_fill_a_page_has_no_list(self):
        make_lists("week")
        assert not Standing.objects.filter(scope="tag").exists()
        SiteSettings.objects.update(popular_length=3)
        make_lists("week")
        assert Standing.objects.filter(scope="tag").count() == 3

    def test_story_that_readers_no_longer_see_is_never_shown(self):
        make_lists("week")
        hidden = [
            {"status": "withdrawn"},
            {"status": "draft"},
            {"expires_at": timezone.now()},
            {"embargoed_until": timezone.now() + DAY},
            {"published_at": timezone.now() + DAY},
        ]
        for change in hidden:
            before = Article.objects.filter(pk=self.stories[0].pk).values(*change).get()
            Article.objects.filter(pk=self.stories[0].pk).update(**change)
            assert self.shown(2) == ["Read 2", "Read 3"]
            make_lists("week")
            assert not Standing.objects.filter(article=self.stories[0]).exists()
            Article.objects.filter(pk=self.stories[0].pk).update(**before)
            make_lists("week")

    def test_embargoed_story_that_stood_there_shows_from_its_minute_on(self):
        make_lists("week")
        until = timezone.now() + timedelta(minutes=10)
        Article.objects.filter(pk=self.stories[0].pk).update(embargoed_until=until)
        assert self.shown(1) == ["Read 2"]
        with time_machine.travel(until):
            assert self.shown(1) == ["Read 1"]

    def test_making_again_writes_nothing(self):
        at = timezone.now()
        assert make_lists(*Window.values, at=at) > 0
        assert make_lists(*Window.values, at=at) == 0

    def test_list_grows_shorter_when_time_has_passed(self):
        make_lists("day")
        later = timezone.now() + 2 * DAY
        make_lists("day", at=later)
        assert not Standing.objects.exists()

    def test_imported_reads_of_a_day_count_in_its_windows(self):
        story = make_article(headline="Read elsewhere")
        story.read_counts.create(period="day", starts_at=datetime(2026, 11, 20, tzinfo=UTC), imported=99)
        for window, is_listed in (("day", False), ("week", True), ("month", True), ("year", True)):
            make_lists(window, at=NOW)
            assert (story.pk in dict(lines(window))) == is_listed

    def test_deleted_story_leaves_the_lists(self):
        make_lists("week")
        self.stories[0].delete()
        assert self.shown(2) == ["Read 2", "Read 3"]

    def test_pictures_come_with_the_list(self):
        story = make_article(headline="Seen", lead_image=make_image())
        expired = make_article(headline="Expired", lead_image=make_image(rights_expire_on=day_of(timezone.now())))
        for each in (story, expired):
            make_reads(each, timezone.now(), direct=99)
        make_lists("week")
        images = {post.headline: post.image for post in popular_posts(2, with_pictures=True)}
        assert images == {"Seen": story.lead_image, "Expired": None}

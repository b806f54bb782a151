"""The popular list beside every page: whose it is, what it says of itself, and what stands in it."""

import re

from django.test import TestCase
from django.utils import timezone

from articles.models import SiteSettings
from articles.popularity.standings import make_lists
from tests.factories import make_article, make_author, make_image, make_reads, make_section


class SidebarTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.section, cls.author = make_section("World"), make_author("Ana Prado")
        cls.stories = [
            make_article(
                headline=f"Read {number}",
                dek=f"A sentence {number}.",
                section=cls.section,
                authors=(cls.author,),
                tags=("Syria",),
                lead_image=make_image(),
            )
            for number in (1, 2)
        ]
        for number, story in enumerate(cls.stories):
            make_reads(story, timezone.now(), direct=10 - number)
        make_reads(make_article(headline="Elsewhere", dek="Another."), timezone.now(), direct=50)
        SiteSettings.objects.load()
        SiteSettings.objects.update(popular_length=2)
        make_lists("week", "month", "trending")

    def sidebar(self, path="/"):
        found = re.search(r'<aside class="popular".*?</aside>', self.client.get(path).content.decode(), re.DOTALL)
        return found[0] if found else ""

    def line(self, path="/"):
        found = re.search(r'<p class="meta">(.*?)</p>', self.sidebar(path))
        return found[1] if found else None

    def headlines(self, path="/"):
        return re.findall(r"<a [^>]*>(.*?)</a>", self.sidebar(path))

    def test_page_of_a_part_shows_the_parts_list_and_says_so(self):
        for path, line in (
            ("/", "Most read this week"),
            ("/section/world/", "Most read this week in World"),
            ("/tag/syria/", "Most read this week in Syria"),
            ("/author/ana-prado/", "Most read this week by Ana Prado"),
            (self.stories[0].get_absolute_url(), "Most read this week"),
        ):
            assert self.line(path) == line
        assert self.headlines("/section/world/") == ["Read 1", "Read 2"]
        assert self.headlines() == ["Elsewhere", "Read 1"]

    def test_part_that_cannot_fill_its_list_shows_the_sites(self):
        SiteSettings.objects.update(popular_length=3)
        assert self.headlines("/section/world/") == ["Elsewhere", "Read 1", "Read 2"]
        assert self.line("/section/world/") == "Most read this week"

    def test_window_is_the_chosen_one(self):
        for window, line in (("month", "Most read this month"), ("trending", "Trending now")):
            SiteSettings.objects.update(popular_window=window)
            assert self.line() == line

    def test_list_that_readers_do_not_fill_claims_nothing(self):
        SiteSettings.objects.update(popular_length=10)
        make_article(headline="Unread")
        assert self.headlines() == ["Elsewhere", "Read 1", "Read 2", "Unread"]
        assert self.line() is None

    def test_heading_that_says_it_is_not_repeated(self):
        SiteSettings.objects.update(popular_heading="Most read this week")
        assert self.line() is None

    def test_pictures_and_sentences_are_the_editors_choice(self):
        assert "<picture>" not in self.sidebar("/section/world/")
        assert "A sentence" not in self.sidebar("/section/world/")
        SiteSettings.objects.update(popular_thumbnails=True, popular_snippets=True)
        sidebar = self.sidebar("/section/world/")
        assert sidebar.count("<picture>") == 2
        assert "A sentence 1." in sidebar

    def test_picture_whose_rights_have_ended_is_not_shown(self):
        SiteSettings.objects.update(popular_thumbnails=True)
        type(self.stories[0].lead_image).objects.update(rights_expire_on="2020-01-01")
        assert "<picture>" not in self.sidebar("/section/world/")

    def test_clicks_on_it_can_be_told_from_others(self):
        assert 'data-origin="popular"' in self.sidebar()

    def test_editor_may_do_without(self):
        SiteSettings.objects.update(popular_shown=False)
        assert self.sidebar() == ""

"""Lists of stories, and the paging that all of them share."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.flatpages.models import FlatPage
from django.http import Http404
from django.test import SimpleTestCase, TestCase, override_settings

from articles.models import Article, Citation, SiteSettings
from articles.models.prepared import NOW
from articles.views.paging import Cursor, Listing
from tests.factories import PUBLISHED_AT, make_article, make_author, make_draft, make_section, make_source

LISTING = Listing(Article, lambda stories: stories.published(NOW))


class MembershipTests(TestCase):
    """Each list holds its own public stories, the newest first."""

    @classmethod
    def setUpTestData(cls):
        cls.section, cls.author, cls.source = make_section(), make_author(), make_source()
        cls.stories = []
        for number in range(3):
            story = make_article(
                section=cls.section,
                authors=(cls.author,),
                tags=("Syria",),
                published_at=PUBLISHED_AT + timedelta(hours=number),
            )
            Citation.objects.create(article=story, source=cls.source)
            # The same source in a second part does not double the story.
            Citation.objects.create(article=story, source=cls.source, role=Citation.Role.DATA)
            cls.stories.insert(0, story)
        draft = make_draft(section=cls.section, authors=(cls.author,), tags=("Syria",))
        Citation.objects.create(article=draft, source=cls.source)
        make_article(headline="Of somebody else", published_at=PUBLISHED_AT - timedelta(days=400))

    def assert_lists(self, address: str):
        assert self.client.get(address).context["page"].rows == self.stories

    def test_section(self):
        self.assert_lists("/section/world/")

    def test_tag(self):
        self.assert_lists("/tag/syria/")

    def test_author(self):
        self.assert_lists("/author/leila-haddad/")

    def test_source(self):
        self.assert_lists("/source/vice-news/")

    def test_month(self):
        self.assert_lists("/2026/07/")

    def test_year(self):
        self.assert_lists("/2026/")

    def test_year_names_its_months(self):
        months = self.client.get("/2026/").context["months"]
        assert [(month.starts_on, month.url) for month in months] == [(date(2026, 7, 1), "/2026/07/")]

    def test_archive_names_the_years_that_have_stories(self):
        assert [year.starts_on.year for year in self.client.get("/archive/").context["years"]] == [2026, 2025]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/section/none/", "/tag/none/", "/author/none/", "/source/none/", "/1999/", "/1999/12/", "/2026/13/",
        "/0000/", "/9999/", "/9999/12/", "/about/", "/?before=x", "/2026/07/x/y/",
    ],
)  # fmt: skip
def test_address_of_nothing_is_not_found(client, address):
    status = client.get(address).status_code
    assert status == (200 if address.startswith("/?") else 404)


class MonthTests(TestCase):
    @override_settings(TIME_ZONE="America/New_York")
    def test_month_begins_at_midnight_of_the_site(self):
        make_article(published_at=datetime(2026, 8, 1, 3, 59, tzinfo=UTC))
        assert self.client.get("/2026/07/").status_code == 200
        assert self.client.get("/2026/08/").status_code == 404


class PagingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        # Pairs share their moment: the number decides between them.
        for number in range(11):
            make_article(headline=f"Story {number}", published_at=PUBLISHED_AT + timedelta(hours=number // 2))

    def page(self, query: str = ""):
        parts = dict([query.lstrip("?").split("=")]) if query else {}
        return LISTING.page(parts, size=4)

    def test_every_story_is_met_once_on_the_way_down(self):
        seen, page = [], self.page()
        while True:
            seen += page.rows
            if not page.older_query:
                break
            page = self.page(page.older_query)
        assert seen == list(Article.objects.published().newest_first())

    def test_way_up_meets_the_same_pages(self):
        first = self.page()
        second = self.page(first.older_query)
        assert self.page(second.newer_query).rows == first.rows

    def test_ends_have_no_further_page(self):
        assert self.page().newer_query == ""
        assert self.page(self.page(self.page().older_query).older_query).older_query == ""

    def test_page_costs_one_query(self):
        query = self.page().older_query
        with self.assertNumQueries(1):
            self.page(query)

    def test_story_that_arrives_meanwhile_moves_nothing(self):
        first = self.page()
        expected = self.page(first.older_query).rows
        make_article(published_at=PUBLISHED_AT + timedelta(days=1))
        assert self.page(first.older_query).rows == expected


class CursorTests(SimpleTestCase):
    def test_cursor_survives_its_text(self):
        cursor = Cursor(datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC), 42)
        assert Cursor.parse(str(cursor)) == cursor

    def test_text_that_is_no_cursor_is_not_found(self):
        for text in ("", "x", "1", "1-", "-1", "1-2-3", "٣-٤", "-" + "9" * 17 + "-1", "1-" + "9" * 19, "1-1' OR 1=1"):
            with self.subTest(text), pytest.raises(Http404):
                Cursor.parse(text)


class FrontPageTests(TestCase):
    def context(self):
        return self.client.get("/").context

    def test_empty_newsroom_opens(self):
        assert self.client.get("/").status_code == 200

    def test_newest_story_leads(self):
        make_article(published_at=PUBLISHED_AT - timedelta(days=1))
        newest = make_article()
        assert self.context()["lead"] == newest

    def test_chosen_story_leads_while_it_is_public(self):
        chosen = make_article(published_at=PUBLISHED_AT - timedelta(days=1))
        make_article()
        SiteSettings.objects.create(lead_story=chosen)
        assert self.context()["lead"] == chosen
        chosen.status = chosen.Status.WITHDRAWN
        chosen.save()
        assert self.context()["lead"] != chosen

    def test_each_story_stands_on_it_once(self):
        for name in ("World", "Sport"):
            section = make_section(name)
            for number in range(12):
                make_article(section=section, published_at=PUBLISHED_AT + timedelta(minutes=number))
        context = self.context()
        shown = [context["lead"], *context["latest"], *(story for row in context["rows"] for story in row.stories)]
        assert len(shown) == len(set(shown))
        assert all(len(row.stories) == 3 for row in context["rows"])

    def test_section_without_stories_has_no_row(self):
        make_section()
        assert self.context()["rows"] == []


class FlatPageTests(TestCase):
    def test_flat_page_is_cleaned_and_shown(self):
        page = FlatPage.objects.create(url="/about/", title="About us", content="<p>Us.<script>x()</script></p>")
        page.sites.set([1])
        content = self.client.get("/about/").content.decode()
        assert "About us" in content
        assert "x()" not in content

from datetime import UTC, datetime
from unittest import mock

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from tests.factories import make_article, make_author, make_draft, make_person, make_tag, make_user

STORIES = reverse("admin:articles_article_changelist")


class DatesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_staff=True, is_superuser=True)
        for year, month in ((2024, 11), (2026, 2)):
            make_article(headline=f"Of {year}", published_at=datetime(year, month, 3, 12, tzinfo=UTC))

    def choices(self, query=""):
        self.client.force_login(self.chief)
        return [each["title"] for each in self.client.get(STORIES + query).context["cl"].dates()["choices"]]

    def test_every_year_from_the_first_story_to_the_last_is_offered(self):
        assert self.choices() == ["2024", "2025", "2026"]

    def test_months_of_a_year_begin_with_the_first_story(self):
        assert self.choices("?published_at__year=2024") == ["November 2024", "December 2024"]

    def test_days_end_with_the_last_story(self):
        assert len(self.choices("?published_at__year=2026&published_at__month=2")) == 3

    def test_one_month_alone_is_shown_by_its_days(self):
        Article.objects.filter(headline="Of 2026").delete()
        assert self.choices() == ["3 November"]

    def test_year_leads_to_its_stories(self):
        self.client.force_login(self.chief)
        response = self.client.get(STORIES)
        self.assertContains(response, "?published_at__year=2024")
        found = self.client.get(f"{STORIES}?published_at__year=2024").context["cl"].queryset
        assert [each.headline for each in found] == ["Of 2024"]

    def test_list_without_rows_has_no_dates(self):
        Article.objects.all().delete()
        self.client.force_login(self.chief)
        self.assertNotContains(self.client.get(STORIES), "toplinks")


class SearchTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Editor")
        authors = (make_author("Leila Haddad"), make_author("Omar Haddad"))
        make_article(headline="Ferries return", slug="boats", dek="After a strike.", authors=authors)
        make_article(headline="Buses")

    def found(self, term):
        self.client.force_login(self.person)
        return [each.headline for each in self.client.get(STORIES, {"q": term}).context["cl"].result_list]

    def test_words_are_found_in_headlines_and_names_and_each_story_once(self):
        for term in ("ferries", "boats", "haddad", "haddad ferries return"):
            assert self.found(term) == ["Ferries return"], term

    def test_every_word_must_be_there(self):
        assert self.found("ferries buses") == []

    def test_phrase_in_quotation_marks_is_one(self):
        assert self.found('"ferries return"') == ["Ferries return"]
        assert self.found('"return ferries"') == []


class CountTests(TestCase):
    def test_stories_are_counted_without_their_working_copies(self):
        tag = make_tag("Ferries")
        story = make_article(tags=("Ferries",), authors=(make_author(),))
        copy = Article.objects.create(headline="Copy", slug=story.slug, replaces=story)
        copy.tags.add(tag)
        copy.bylines.create(author=story.authors.get())
        self.client.force_login(make_user("chief", is_staff=True, is_superuser=True))
        for name in ("tag", "author"):
            rows = self.client.get(reverse(f"admin:articles_{name}_changelist")).context["cl"].result_list
            assert [row.stories_told for row in rows] == [1], name


class ScriptTests(TestCase):
    def test_page_of_a_story_asks_for_each_library_once(self):
        self.client.force_login(make_person("Editor"))
        page = self.client.get(reverse("admin:articles_article_add")).content.decode()
        for library in ("jquery/jquery", "select2/select2.full"):
            assert page.count(f"js/vendor/{library}") == 1, library


class CutListTests(TestCase):
    """Lists of more rows than anybody leafs through."""

    def setUp(self):
        self.client.force_login(make_user("chief", is_superuser=True))
        for number in range(7):
            make_draft(headline=f"Story {number}", slug=f"story-{number}")
        self.enterContext(mock.patch("articles.admin.paging.MOST_LISTED", 5))
        self.enterContext(mock.patch("articles.admin.desk.MOST_LISTED", 5))

    def test_list_says_that_there_is_more(self):
        page = self.client.get(STORIES)
        assert page.context["cl"].result_count == 5
        self.assertContains(page, "There are more than these.")
        assert [each.headline for each in page.context["cl"].result_list] == [f"Story {6 - each}" for each in range(5)]

    def test_narrowed_list_is_whole(self):
        page = self.client.get(STORIES, {"q": "6"})
        self.assertNotContains(page, "There are more than these.")
        assert [each.headline for each in page.context["cl"].result_list] == ["Story 6"]

    def test_nothing_is_done_with_rows_that_nobody_saw(self):
        answers = {"action": "submit_selected", "select_across": "1", "_selected_action": [Article.objects.first().pk]}
        page = self.client.post(STORIES, answers, follow=True)
        self.assertContains(page, "narrow the list first")
        assert not Article.objects.exclude(status="draft").exists()

    def test_list_reads_the_table_once_to_count_and_once_by_keys(self):
        with CaptureQueriesContext(connection) as queries:
            self.client.get(STORIES, {"q": "Story"})
        assert sum("LIKE" in each["sql"] and '"articles_article"."id" IN' not in each["sql"] for each in queries) <= 2

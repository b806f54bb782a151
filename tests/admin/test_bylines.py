import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.editorial.naming import set_bylines
from articles.models import Activity, Author
from tests.admin.samples import form_data
from tests.admin.test_article_form import DeskTests, page_of
from tests.factories import make_article, make_author, make_draft, make_person, make_user

NAMES = reverse("admin:articles_article_author_names")


def names_above(article):
    return [row.author.name for row in article.bylines.select_related("author")]


class BylineTests(DeskTests):
    def test_names_stand_in_the_order_of_typing_known_or_new(self):
        make_author("Leila Haddad")
        story = self.save(headline="A", byline=["Ana Prado, leila  HADDAD", "Tomás Reyes,"])
        assert names_above(story) == ["Ana Prado", "Leila Haddad", "Tomás Reyes"]
        assert Author.objects.get(name="Tomás Reyes").slug == "tomas-reyes"
        assert Author.objects.count() == 3

    def test_rows_that_stay_are_the_same_rows_in_another_order(self):
        one, two, _ = map(make_author, ("One", "Two", "Three"))
        story = make_draft(authors=(one, two))
        before = {row.author_id: row.pk for row in story.bylines.all()}
        self.save(story, byline=["@three", "@two", "@one"])
        assert names_above(story) == ["Three", "Two", "One"]
        after = {row.author_id: row.pk for row in story.bylines.all()}
        assert before.items() <= after.items()
        self.save(story, byline=["@one"])
        assert [(row.author, row.pk) for row in story.bylines.all()] == [(one, before[one.pk])]

    def test_name_typed_twice_stands_once(self):
        make_author("Leila Haddad")
        story = self.save(headline="A", byline=["@leila-haddad", "Leila Haddad", "Ana", "ANA"])
        assert names_above(story) == ["Leila Haddad", "Ana"]

    def test_form_that_nobody_touched_changes_and_logs_nothing(self):
        story = make_draft(authors=(make_author("One"), make_author("Two")))
        form = form_data(self.client.get(page_of(story)))
        assert form["byline"] == ["@one", "@two"]
        self.save(story)
        assert not Activity.objects.exists()
        self.save(story, byline=["@two", "@one"])
        assert Activity.objects.get().detail == "byline"

    def test_two_of_the_same_name_are_told_apart(self):
        first, second = make_author("Ana Prado"), make_author("Ana Prado", slug="ana-prado-lisbon")
        make_author("Anatol Weiss")
        found = self.client.get(NAMES, {"term": "ana"}).json()["results"]
        assert [each["text"] for each in found] == [
            "Ana Prado (ana-prado)",
            "Ana Prado (ana-prado-lisbon)",
            "Anatol Weiss",
        ]
        assert "Several authors are called “Ana Prado”" in self.refusal(headline="A", byline=["Ana Prado"])
        story = self.save(headline="A", byline=[found[1]["id"], found[0]["id"]])
        assert [row.author for row in story.bylines.all()] == [second, first]
        self.assertContains(self.client.get(page_of(story)), "Ana Prado (ana-prado-lisbon)")

    def test_those_that_begin_so_are_proposed_first(self):
        for name in ("Maria Anatol", "Anatol Weiss", "Leila Haddad"):
            make_author(name)
        found = self.client.get(NAMES, {"term": "\0ana"}).json()["results"]
        assert [each["text"] for each in found] == ["Anatol Weiss", "Maria Anatol"]

    def test_refused_names_stay_in_the_box(self):
        make_author("Leila Haddad")
        response = self.send(headline="A", byline=["@leila-haddad", "x" * 121, "@nobody"])
        assert form_data(response)["byline"] == ["@leila-haddad", "x" * 121, "@nobody"]
        self.assertContains(response, "too long for a name")
        assert "There is no author “@nobody” any more" in self.refusal(headline="A", byline=["@nobody"])

    def test_number_of_names_costs_no_queries(self):
        few = make_draft(authors=tuple(make_author(f"Few {number}") for number in range(2)))
        many = make_draft(authors=tuple(make_author(f"Many {number}") for number in range(20)))
        counts = []
        for story in (few, many):
            self.client.get(page_of(story))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                self.client.get(page_of(story))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class WithoutPermissionTests(DeskTests):
    def setUp(self):
        self.reporter = make_person("Reporter")
        self.client.force_login(self.reporter)

    def test_reporter_chooses_known_authors_and_makes_none(self):
        make_author("Leila Haddad")
        sentence = "There is no author “Ana Prado”, and you may not add authors."
        assert sentence in self.refusal(headline="A", byline=["Leila Haddad", "Ana Prado"])
        assert names_above(self.save(headline="A", byline=["Leila Haddad"])) == ["Leila Haddad"]
        with pytest.raises(PermissionDenied):
            set_bylines(make_draft(), [Author(name="Ana Prado")], by=self.reporter)
        assert Author.objects.count() == 1

    def test_whoever_may_not_touch_bylines_leaves_them(self):
        self.client.force_login(make_user("writer", permissions=("change_article", "edit_any_article")))
        story = make_draft(authors=(make_author("Leila Haddad"),))
        self.save(story, headline="Changed", byline=["Ana Prado"])
        assert names_above(story) == ["Leila Haddad"]

    def test_reader_of_the_desk_sees_the_names(self):
        story = make_article(authors=(make_author("Leila Haddad"),))
        self.assertContains(self.client.get(page_of(story)), "Leila Haddad")

    def test_names_are_for_those_who_see_authors(self):
        assert self.client.get(NAMES).status_code == 200
        self.client.force_login(make_user("writer", permissions=("view_article",)))
        assert self.client.get(NAMES).status_code == 403

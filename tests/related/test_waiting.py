"""Which references wait, and what they may have meant: told only of stories that a person may see."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.content.folding import fold_headline
from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, PopularEntry, PopularList, RelatedLink
from articles.related.waiting import propose_stories, waiting_entries, waiting_links
from tests.factories import PUBLISHED_AT, make_article, make_draft, make_person, make_section, make_user


class WaitingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        cls.editor = make_person("Editor", sections=(cls.world,))

    def test_references_wait_until_they_have_a_story_or_an_address(self):
        story = make_article()
        RelatedLink.objects.create(article=story, headline="Waits")
        RelatedLink.objects.create(article=story, headline="Here", target=make_article())
        RelatedLink.objects.create(article=story, headline="Elsewhere", url="https://example.org/")
        popular = PopularList.objects.create(article=story, listed_on=PUBLISHED_AT)
        PopularEntry.objects.create(list=popular, position=1, headline="Waits in a list")
        PopularEntry.objects.create(list=popular, position=2, headline="Here", target=make_article())
        assert [each.headline for each in waiting_links(seen_by=self.editor)] == ["Waits"]
        assert [each.headline for each in waiting_entries(seen_by=self.editor)] == ["Waits in a list"]

    def test_what_is_in_an_unseen_story_or_a_working_copy_is_not_listed(self):
        secret = make_draft(section=self.sport)
        RelatedLink.objects.create(article=secret, headline="Secret line")
        popular = PopularList.objects.create(article=secret, listed_on=PUBLISHED_AT)
        PopularEntry.objects.create(list=popular, position=1, headline="Secret entry")
        story = make_article()
        RelatedLink.objects.create(article=story, headline="Waits")
        begin_working_copy(story, by=make_user("chief", is_superuser=True))
        assert [each.headline for each in waiting_links(seen_by=self.editor)] == ["Waits"]
        assert list(waiting_entries(seen_by=self.editor)) == []

    def test_proposals_are_the_most_alike_of_those_that_a_person_may_see(self):
        make_draft(headline="The night boat sails", section=self.sport)
        for headline in ("The night boat sails at once", "Night boat sails again", "Salt"):
            make_article(headline=headline)
        found = propose_stories(lines("The night boat sails again!", "Zzz"), seen_by=self.editor)
        assert [each.story.headline for each in found["the night boat sails again"]] == [
            "Night boat sails again",
            "The night boat sails at once",
        ]
        assert found["zzz"] == []

    def test_two_stories_of_the_very_headline_are_both_proposed(self):
        for slug in ("letters-1", "letters-2"):
            make_article(headline="Letters to the editor", slug=slug)
        found = propose_stories(lines("Letters to the editor"), seen_by=self.editor)["letters to the editor"]
        assert [each.likeness for each in found] == [100, 100]

    def test_each_headline_is_looked_for_in_the_language_of_its_story(self):
        make_article(headline="Die Brücken von Neuhaven", language="de")
        make_article(headline="Ferries resume", language="en")
        german, english = lines("Neue Brücken von Neuhaven"), lines("Ferry resumes")
        german[0].article.language = "de-AT"
        found = propose_stories([*german, *english], seen_by=self.editor)
        assert {key: [str(each.story) for each in proposals] for key, proposals in found.items()} == {
            "neue brucken von neuhaven": ["Die Brücken von Neuhaven"],
            "ferry resumes": ["Ferries resume"],
        }

    def test_nothing_wanted_costs_no_query(self):
        with self.assertNumQueries(0):
            assert propose_stories(lines(""), seen_by=self.editor) == {}

    def test_page_of_references_costs_the_same_few_queries_however_many(self):
        for number in range(30):
            make_article(headline=f"Ferries resume on route number {number}")
        chief = make_user("chief", is_superuser=True)
        costs = []
        for wanted in (1, 20):
            with CaptureQueriesContext(connection) as queries:
                propose_stories(
                    lines(*(f"Ferries resume on route {number}" for number in range(wanted))), seen_by=chief
                )
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 9


def lines(*headlines):
    """Related lines without a story, as a story in English has them."""
    story = Article(language="en")
    return [RelatedLink(article=story, headline=each, headline_key=fold_headline(each)) for each in headlines]

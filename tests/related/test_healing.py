"""References find the article that they name, whichever was there first."""

from django.test import TestCase

from articles.models import PopularEntry, PopularList, RelatedLink
from articles.related.healing import heal_references
from tests.factories import PUBLISHED_AT, make_article


def make_link(headline: str, **values) -> RelatedLink:
    article = values.pop("article", None) or make_article()
    return RelatedLink.objects.create(article=article, headline=headline, **values)


class HealingTests(TestCase):
    def target_of(self, link):
        link.refresh_from_db()
        return link.target

    def test_reference_finds_an_article_that_was_there(self):
        article = make_article(headline="A port learns to live without its cranes")
        assert self.target_of(make_link("A port learns to live without its cranes")) == article

    def test_reference_waits_for_an_article_to_come(self):
        link = make_link("A port learns to live without its cranes")
        assert self.target_of(link) is None
        article = make_article(headline="A port learns to live without its cranes")
        assert self.target_of(link) == article

    def test_case_quotes_dashes_and_space_do_not_matter(self):
        article = make_article(headline="‘Not a hospital’ – the minister’s  claim")
        assert self.target_of(make_link("'NOT A HOSPITAL' - The Minister's Claim")) == article

    def test_two_articles_of_one_headline_are_no_match(self):
        for slug in ("letters-1", "letters-2"):
            make_article(headline="Letters", slug=slug)
        assert self.target_of(make_link("Letters")) is None

    def test_link_survives_the_rename_of_its_target(self):
        article = make_article(headline="First name")
        link = make_link("First name")
        article.headline = "Second name"
        article.save()
        assert self.target_of(link) == article

    def test_reference_finds_an_article_that_takes_its_headline_later(self):
        link = make_link("Second name")
        article = make_article(headline="First name")
        article.headline = "Second name"
        article.save()
        assert self.target_of(link) == article

    def test_link_waits_again_when_its_target_goes(self):
        article = make_article(headline="Here today")
        link = make_link("Here today")
        article.delete()
        assert self.target_of(link) is None
        successor = make_article(headline="Here today")
        assert self.target_of(link) == successor

    def test_story_does_not_relate_to_itself(self):
        article = make_article(headline="Round and round")
        assert self.target_of(make_link("Round and round", article=article)) is None

    def test_link_with_an_address_keeps_it(self):
        make_article(headline="Elsewhere")
        link = make_link("Elsewhere", url="https://example.org/")
        assert self.target_of(link) is None

    def test_entry_of_a_popular_list_finds_its_article(self):
        popular = PopularList.objects.create(article=make_article(), listed_on=PUBLISHED_AT)
        entry = PopularEntry.objects.create(list=popular, position=1, headline="Much read")
        article = make_article(headline="Much read")
        assert self.target_of(entry) == article

    def test_many_keys_take_few_queries(self):
        keys = [f"key{number}" for number in range(400)]
        with self.assertNumQueries(1):
            assert heal_references(keys) == 0

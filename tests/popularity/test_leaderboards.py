from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from articles.models import PopularEntry, PopularList
from articles.popularity.leaderboards import popular_posts
from tests.factories import PUBLISHED_AT, make_article


def make_list(*headlines: str, listed_on=PUBLISHED_AT) -> PopularList:
    popular = PopularList.objects.create(
        article=make_article(published_at=PUBLISHED_AT - timedelta(days=9)), listed_on=listed_on
    )
    for position, headline in enumerate(headlines, 1):
        PopularEntry.objects.create(list=popular, position=position, headline=headline)
    return popular


def headlines(limit: int) -> list[str]:
    return [post.headline for post in popular_posts(limit)]


class PopularPostsTests(TestCase):
    def test_imported_lists_come_first_and_recent_stories_fill_up(self):
        make_article(headline="Recent one")
        make_list("Named once", "Named twice")
        make_list("Named twice")
        assert headlines(3) == ["Named twice", "Named once", "Recent one"]

    def test_headline_without_an_article_has_no_address(self):
        make_list("Not here")
        assert popular_posts(1)[0].url == ""

    def test_headline_that_found_its_article_leads_there_under_its_present_name(self):
        article = make_article(headline="As it was")
        make_list("As it was")
        article.headline = "As it is"
        article.save()
        post = popular_posts(1)[0]
        assert (post.headline, post.url) == ("As it is", article.get_absolute_url())

    def test_two_spellings_of_one_headline_are_one_line(self):
        make_list("The ‘quiet’ vote")
        make_list('The "Quiet" Vote')
        make_list("Another")
        assert headlines(2) == ['The "Quiet" Vote', "Another"]

    def test_story_that_is_not_public_is_left_out(self):
        make_article(headline="Embargoed", embargoed_until=timezone.now() + timedelta(hours=1))
        make_list("Embargoed", "Open")
        assert headlines(1) == ["Open"]

    def test_recent_story_that_is_listed_already_stands_once(self):
        make_article(headline="Both")
        make_list("Both")
        assert headlines(10).count("Both") == 1

    def test_site_without_lists_shows_recent_stories(self):
        make_article(headline="Older", published_at=PUBLISHED_AT - timedelta(days=1))
        make_article(headline="Newer")
        assert headlines(5) == ["Newer", "Older"]

    def test_empty_site_shows_nothing(self):
        assert popular_posts(5) == []

    def test_takes_two_queries_where_nobody_has_read_yet(self):
        make_list("Missing", "Present")
        make_article(headline="Present")
        with self.assertNumQueries(2):
            popular_posts(10)

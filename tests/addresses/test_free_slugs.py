from django.test import TestCase

from articles.addresses.free_slugs import free_slug
from articles.models import FormerSlug
from tests.factories import make_article


class FreeSlugTests(TestCase):
    def test_slug_comes_from_the_headline(self):
        assert free_slug("A port & its cranes", fallback="story") == "a-port-its-cranes"

    def test_second_story_of_a_headline_is_numbered(self):
        make_article(slug="letters")
        make_article(slug="letters-2")
        assert free_slug("Letters", fallback="story") == "letters-3"

    def test_longer_slug_with_the_same_beginning_does_not_count(self):
        make_article(slug="letters-from-kiel")
        assert free_slug("Letters", fallback="story") == "letters"

    def test_former_slug_is_not_given_away(self):
        FormerSlug.objects.create(slug="letters", article=make_article())
        assert free_slug("Letters", fallback="story") == "letters-2"

    def test_headline_without_letters_takes_the_fallback(self):
        assert free_slug("🎉🎉", fallback="story-7") == "story-7"

    def test_letters_of_other_scripts_stay(self):
        assert free_slug("伊斯兰国", fallback="story") == "伊斯兰国"

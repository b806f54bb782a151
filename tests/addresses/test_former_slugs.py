from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from articles.models import FormerSlug
from tests.factories import make_article, make_draft


def rename(article, slug: str):
    article.slug = slug
    article.save()
    return article


class FormerSlugTests(TestCase):
    def assert_leads_to(self, old: str, article):
        assert self.client.get(f"/2026/07/{old}/").headers["Location"] == article.get_absolute_url()

    def test_every_old_slug_leads_to_the_present_one_in_one_step(self):
        article = make_article(slug="first")
        rename(article, "second")
        rename(article, "third")
        self.assert_leads_to("first", article)
        self.assert_leads_to("second", article)

    def test_redirect_is_permanent(self):
        rename(make_article(slug="first"), "second")
        assert self.client.get("/2026/07/first/").status_code == 301

    def test_slug_taken_back_is_no_longer_a_former_one(self):
        article = rename(rename(make_article(slug="first"), "second"), "first")
        assert self.client.get(article.get_absolute_url()).status_code == 200
        assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["second"]

    def test_article_that_takes_over_a_slug_has_it(self):
        rename(make_article(slug="first"), "second")
        heir = make_article(slug="other")
        rename(heir, "first")
        assert self.client.get(heir.get_absolute_url()).status_code == 200

    def test_draft_leaves_nothing_behind(self):
        rename(make_draft(slug="first"), "second")
        assert not FormerSlug.objects.exists()

    def test_scheduled_story_leaves_nothing_behind(self):
        rename(make_article(slug="first", published_at=timezone.now() + timedelta(days=1)), "second")
        assert not FormerSlug.objects.exists()

    def test_old_slug_of_a_withdrawn_story_does_not_betray_the_new_one(self):
        article = rename(make_article(slug="first"), "second")
        article.status = article.Status.WITHDRAWN
        article.save()
        response = self.client.get("/2026/07/first/")
        assert response.status_code == 410
        self.assertNotContains(response, "second", status_code=410)

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from tests.factories import make_article, make_section, make_user


class WithdrawnTests(TestCase):
    def test_address_says_so_and_nothing_of_the_story(self):
        story = make_article(
            headline="The minister resigns", dek="At noon.", status="withdrawn", section=make_section("Politics")
        )
        response = self.client.get(story.get_absolute_url())
        assert response.status_code == 410
        self.assertTemplateUsed(response, "articles/withdrawn.html")
        self.assertContains(response, "This story has been withdrawn", status_code=410)
        self.assertContains(response, 'name="robots" content="noindex"', status_code=410)
        for words in ("minister", "At noon.", "first boat", 'aria-current="true"'):
            self.assertNotContains(response, words, status_code=410)

    def test_former_address_says_so_too(self):
        story = make_article(slug="first")
        story.slug, story.stored_slug = "second", "first"
        story.save()
        story.status = "withdrawn"
        story.save()
        assert self.client.get("/2026/07/first/").status_code == 410
        assert self.client.get("/2026/07/second/").status_code == 410

    def test_story_that_no_reader_ever_saw_was_never_there(self):
        story = make_article(status="withdrawn", published_at=timezone.now() + timedelta(days=1))
        assert self.client.get(story.get_absolute_url()).status_code == 404

    def test_editor_still_sees_it(self):
        self.client.force_login(make_user(permissions=("view_article",)))
        assert self.client.get(make_article(status="withdrawn").get_absolute_url()).status_code == 200

"""Which pictures are used, and where."""

from django.test import TestCase

from articles.models import Image
from articles.pictures.uses import is_used, list_uses
from tests.factories import make_article, make_author, make_draft, make_image, make_person


class UsesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.lead, cls.portrait, cls.inside, cls.unused = (make_image() for _ in range(4))
        cls.led = make_article(lead_image=cls.lead)
        cls.author = make_author(portrait=cls.portrait)
        cls.illustrated = make_article(body=f'<p>One.</p><figure data-image="{cls.inside.uid}"></figure>')

    def test_leads_portraits_and_pictures_in_bodies_are_used(self):
        assert set(Image.objects.filter(is_used())) == {self.lead, self.portrait, self.inside}
        assert list(Image.objects.filter(~is_used())) == [self.unused]

    def test_each_use_is_listed(self):
        uses = {image: list_uses([image], most=5) for image in (self.lead, self.portrait, self.inside, self.unused)}
        assert uses == {
            self.lead: [self.led],
            self.portrait: [self.author],
            self.inside: [self.illustrated],
            self.unused: [],
        }

    def test_any_number_of_pictures_can_be_asked_about_at_once(self):
        pictures = [*(make_image() for _ in range(1200)), self.inside]
        assert list_uses(pictures, most=5) == [self.illustrated]

    def test_story_that_somebody_may_not_see_is_not_named_to_them(self):
        draft = make_draft(lead_image=self.unused)
        assert list_uses([self.unused], most=5) == [draft]
        assert list_uses([self.unused], most=5, seen_by=make_person("Contributor")) == []
        assert list_uses([self.unused], most=5, seen_by=make_person("Editor")) == [draft]

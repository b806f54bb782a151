from django.test import TestCase
from django.urls import reverse

from articles.models import Tag
from tests.admin.test_article_form import DeskTests
from tests.factories import make_person, make_tag, make_user

ADDRESS = reverse("admin:articles_article_tag_proposals")
TEXT = {
    "headline": "Fighters leave Manbij",
    "dek": "The town in Syria is open again.",
    "body": "<p>Manbij was <b>quiet</b> on Friday. Trucks left Manbij at noon.</p>\n<p>Raqqa, said Raqqa’s mayor.</p>",
}


class TagProposalTests(TestCase):
    def setUp(self):
        self.client.force_login(make_person("Editor"))

    def proposed(self, **changes):
        response = self.client.post(ADDRESS, {**TEXT, **changes})
        assert response.status_code == 200
        return [each["name"] for each in response.json()["results"]]

    def test_tags_in_use_come_first_then_names_that_recur(self):
        make_tag("Syria")
        found = self.proposed()
        assert found[0] == "Syria"
        assert "Manbij" in found

    def test_each_says_why(self):
        make_tag("Syria")
        first = self.client.post(ADDRESS, TEXT).json()["results"][0]
        assert first == {"name": "Syria", "reason": "known tag, occurs once, in the first paragraph"}

    def test_chosen_and_dismissed_ones_are_left_out(self):
        assert "Manbij" not in self.proposed(left_out=["MANBIJ", "Raqqa"])

    def test_whoever_may_not_make_tags_is_offered_those_in_use_alone(self):
        make_tag("Syria")
        self.client.force_login(make_person("Reporter"))
        assert self.proposed() == ["Syria"]

    def test_text_without_end_and_without_sense_is_borne(self):
        assert self.proposed(body="<p>" + "word " * 100_000, headline="", dek="") == []
        assert self.proposed(body="\0<p", headline="", dek="", language="xx-nonsense") == []

    def test_proposals_are_for_those_who_write(self):
        assert self.client.get(ADDRESS).status_code == 405
        self.client.force_login(make_user("guest"))
        assert self.client.post(ADDRESS, TEXT).status_code == 403


class MakingTagsTests(DeskTests):
    def test_reporter_uses_known_tags_and_makes_none(self):
        make_tag("Syria")
        self.client.force_login(make_person("Reporter"))
        sentence = "There is no tag “Manbij”, and you may not make new ones."
        assert sentence in self.refusal(headline="A", tags=["Syria", "Manbij"])
        story = self.save(headline="A", tags=["syria"])
        assert [tag.name for tag in story.tags.all()] == ["Syria"]
        assert Tag.objects.count() == 1

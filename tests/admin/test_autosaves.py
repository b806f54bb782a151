import json

from django.test import Client, TestCase
from django.urls import reverse

from articles.editorial.working_copies import begin_working_copy, publish_fix
from articles.models import Article, Autosave
from tests.admin.samples import form_data
from tests.factories import make_article, make_draft, make_person, make_ready_article, make_user

ADDRESS = reverse("admin:articles_article_autosave")
ADD = reverse("admin:articles_article_add")
FIELDS = {"headline": {"values": ["Ferries"], "base": "1"}}
NEW = "new-0123456789"


def page_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class AutosaveTests(TestCase):
    def setUp(self):
        self.reporter = make_person("Reporter")
        self.client.force_login(self.reporter)
        self.story = make_draft(created_by=self.reporter)

    def keep(self, story=None, client=None, **changes):
        sent = {
            "person": self.reporter.pk,
            "story": str(story.uid) if story else "",
            "form": NEW,
            "basedOn": "",
            "content": {"id": "copy", "number": 3, "fields": FIELDS},
            **changes,
        }
        return (client or self.client).post(ADDRESS, sent, content_type="application/json")

    def given_back(self, story=None):
        query = {"story": str(story.uid)} if story else {}
        return self.client.get(ADDRESS, query).json()["copies"]

    def test_what_was_kept_comes_back_to_the_same_person_alone(self):
        for story in (self.story, None):
            response = self.keep(story, basedOn="2026-07-23T18:40:00Z")
            assert response.status_code == 200
            assert [each["content"]["fields"] for each in self.given_back(story)] == [FIELDS]
        self.client.force_login(make_user("chief", is_superuser=True))
        assert self.given_back(self.story) == self.given_back() == []

    def test_story_out_of_reach_is_refused_in_a_sentence(self):
        for story, status in ((make_article(), 403), (make_article(created_by=self.reporter), 403)):
            response = self.keep(story)
            assert (response.status_code, response.json()) == (status, {"error": "You may not change this story."})
            assert self.client.get(ADDRESS, {"story": str(story.uid)}).status_code == 403
        for story in ("nonsense", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"):
            assert self.client.get(ADDRESS, {"story": story}).json() == {"error": "There is no such story."}
        assert not Autosave.objects.exists()

    def test_what_no_database_takes_is_refused_in_a_sentence(self):
        deep = {}
        for _ in range(600):
            deep = {"a": deep}
        contents = [{"a": float("nan")}, {"a": [float("-inf")]}, {"a": "\0"}, {"\ud800": ""}, deep]
        moments = [
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "2026-07-23T18:40:00",
            5,
            "2026-13-41T10:00Z",
        ]
        for changes in [*({"content": each} for each in contents), *({"basedOn": each} for each in moments)]:
            response = self.keep(**changes)
            assert (response.status_code, response.json()["error"]) == (400, "This is not what a form sends."), changes
        assert not Autosave.objects.exists()

    def test_what_was_typed_into_a_copy_that_somebody_else_published_is_offered_in_a_new_story(self):
        story = make_ready_article(created_by=self.reporter)
        copy = begin_working_copy(story, by=self.reporter)
        self.keep(copy)
        publish_fix(copy, by=make_person("Publisher"))
        assert [each["content"]["fields"] for each in self.given_back()] == [FIELDS]

    def test_text_of_one_person_is_not_kept_for_another_who_signed_in_meanwhile(self):
        response = self.keep(person=self.reporter.pk + 1)
        assert (response.status_code, response.json()["error"]) == (409, "Somebody else is signed in here now.")

    def test_too_much_is_refused_in_a_sentence(self):
        response = self.keep(content={"fields": {"body": {"values": ["x" * 2_000_000]}}})
        assert (response.status_code, Autosave.objects.count()) == (413, 0)
        assert "more text than the server keeps" in response.json()["error"]

    def test_nonsense_is_refused(self):
        for sent in ("", "[]", "{", "1", '{"person": 1}', "[" * 100_000, b"\xff"):
            response = self.client.post(ADDRESS, sent, content_type="application/json")
            assert (response.status_code, response.json()["error"]) == (400, "This is not what a form sends.")

    def test_request_of_another_site_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.reporter)
        assert self.keep(client=client).status_code == 403
        assert not Autosave.objects.exists()

    def test_stranger_is_sent_to_sign_in(self):
        for client in (Client(), self.client_of(make_user("reader", is_staff=False))):
            assert self.keep(client=client).status_code == 302

    def client_of(self, person):
        client = Client()
        client.force_login(person)
        return client

    def test_discarding_forgets_the_own_copy(self):
        self.keep(self.story)
        self.client_of(make_user("chief", is_superuser=True)).delete(f"{ADDRESS}?form={self.story.uid}")
        assert Autosave.objects.exists()
        self.client.delete(f"{ADDRESS}?form={self.story.uid}")
        assert not Autosave.objects.exists()

    def settings_on(self, address):
        return json.loads(self.client.get(address).context["keeping"])

    def test_saving_forgets_the_copy_and_the_next_form_is_told_once(self):
        for story, address in ((self.story, page_of(self.story)), (None, ADD)):
            self.keep(story)
            assert self.settings_on(address)["hasCopies"]
            answers = {**form_data(self.client.get(address)), "headline": "Ferries", "_kept": f"copy:3:{NEW}"}
            assert self.client.post(address, answers).status_code == 302
            assert not Autosave.objects.exists()
            assert self.settings_on(address)["saved"] == [["copy", 3]]
            assert self.settings_on(address)["saved"] == []

    def test_refused_save_keeps_the_copy_and_says_which_one_the_form_holds(self):
        self.keep(self.story)
        answers = {**form_data(self.client.get(page_of(self.story))), "headline": "", "_kept": f"copy:3:{NEW}"}
        response = self.client.post(page_of(self.story), answers)
        settings = json.loads(response.context["keeping"])
        assert (settings["posted"], settings["saved"]) == (f"copy:3:{NEW}", [])
        assert Autosave.objects.exists()
        assert self.settings_on(page_of(self.story))["posted"] is None

    def test_crafted_field_harms_nothing(self):
        for kept in ("", ":", "copy:x:y", "a:1:b:c:d", "copy:999999999999999999999:", "\0:1:\0"):
            answers = {**form_data(self.client.get(ADD)), "headline": "Ferries", "_kept": kept}
            assert self.client.post(ADD, answers).status_code == 302
        assert Article.objects.count() == 7

    def test_page_that_only_shows_keeps_nothing(self):
        response = self.client.get(page_of(make_article()))
        assert "keeping" not in response.context
        self.assertNotContains(response, "keeping.js")

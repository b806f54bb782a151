"""What the editor of a body asks the server for, and what it sends back."""

import json
import re
from html import unescape

from django.test import TestCase
from django.urls import reverse

from articles.content import allowlist
from articles.models import Article
from tests.admin.samples import form_data
from tests.factories import make_article, make_draft, make_image, make_section, make_user

STORIES = reverse("admin:articles_article_story_choices")
PICTURES = reverse("admin:articles_article_picture_choices")


def page_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class EditorTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user("chief", is_superuser=True))

    def settings_of(self, article):
        page = self.client.get(page_of(article)).content.decode()
        return json.loads(unescape(re.search(r'data-editor="([^"]*)"', page)[1]))

    def test_editor_is_told_what_the_allowlist_says(self):
        settings = self.settings_of(make_draft())
        assert set(settings["schemes"]) == allowlist.SCHEMES
        assert settings["synonyms"] == allowlist.SYNONYMS
        assert {tag: set(names) for tag, names in settings["attributes"].items()} == allowlist.ATTRIBUTES
        assert settings["marks"] == {"abbr": "abbr", "cite": "cite", "q": "q", "span": "span[dir], span[lang]"}

    def test_editor_knows_what_the_body_refers_to(self):
        story, image = make_article(headline="Cranes"), make_image(caption="At noon.")
        body = f'<p><a data-article="{story.uid}">x</a></p><figure data-image="{image.uid}"></figure>'
        known = self.settings_of(make_draft(body=body))["known"]
        assert known["stories"] == {str(story.uid): "Cranes"}
        assert known["pictures"][str(image.uid)]["caption"] == "At noon."

    def test_editor_asks_for_no_exception_from_the_policy_of_the_site(self):
        desk, site = self.client.get(page_of(make_draft())), self.client.get("/")
        assert desk["Content-Security-Policy"] == site["Content-Security-Policy"]

    def test_line_ends_of_browsers_are_no_change(self):
        draft = make_draft(body="<p>One.</p>\n<p>Two.</p>")
        answers = form_data(self.client.get(page_of(draft)))
        answers["body"] = answers["body"].replace("\n", "\r\n")
        assert self.client.post(page_of(draft), answers).status_code == 302
        draft.refresh_from_db()
        assert draft.body == "<p>One.</p>\n<p>Two.</p>"

    def test_what_the_browser_sends_is_cleaned(self):
        draft = make_draft()
        answers = form_data(self.client.get(page_of(draft)))
        answers["body"] = '<p onclick="x()">One<img src=x onerror=y()><a href="javascript:1">two</a></p>'
        self.client.post(page_of(draft), answers)
        assert Article.objects.get().body == "<p>Onetwo</p>"

    def test_stories_are_found_by_all_words_the_last_touched_first(self):
        make_article(headline="Harbour counts cranes", section=make_section("World"))
        make_draft(headline="Cranes leave the harbour")
        make_draft(headline="Cranes fly")
        found = self.client.get(STORIES, {"term": "harbour  CRANES"}).json()["results"]
        assert [each["headline"] for each in found] == ["Cranes leave the harbour", "Harbour counts cranes"]
        assert found[1]["note"] == "Published · World · 23 July 2026"

    def test_pictures_are_found_by_what_is_said_of_them(self):
        image = make_image(alt_text="Cranes over a quay.", credit="Ana Prado")
        make_image()
        found = self.client.get(PICTURES, {"term": "prado quay"}).json()["results"]
        assert [each["uid"] for each in found] == [str(image.uid)]

    def test_a_search_takes_one_query_beside_those_of_signing_in(self):
        for number in range(30):
            make_article(section=make_section(f"Section {number}"))
            make_image()
        for address in (STORIES, PICTURES):
            with self.assertNumQueries(3):
                assert len(self.client.get(address).json()["results"]) == 20


class PermissionTests(TestCase):
    def test_searches_are_for_those_who_may_see(self):
        for permissions, stories, pictures in (
            ((), 403, 403),
            (("view_article",), 200, 403),
            (("view_image",), 403, 403),
            (("change_article", "view_article", "view_image"), 200, 200),
        ):
            user = make_user("-".join(permissions) or "nobody", permissions=permissions)
            self.client.force_login(user)
            assert self.client.get(STORIES).status_code == stories
            assert self.client.get(PICTURES).status_code == pictures

    def test_strangers_are_asked_to_sign_in(self):
        assert self.client.get(STORIES).status_code == 302
        assert self.client.get(PICTURES).status_code == 302

    def test_who_may_only_look_gets_no_editor(self):
        self.client.force_login(make_user("reader", permissions=("view_article",)))
        self.assertNotContains(self.client.get(page_of(make_article())), "data-editor")

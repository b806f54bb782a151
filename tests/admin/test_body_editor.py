"""What the editor of a body asks the server for, and what it sends back."""

import hashlib
import io
import json
import re
from datetime import timedelta
from html import unescape

from django.contrib.admin.models import LogEntry
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.admin.body_editor import editor_settings
from articles.content import allowlist
from articles.content.embeds import PROVIDERS
from articles.models import Article, Image
from tests.admin.samples import form_data
from tests.factories import make_article, make_draft, make_image, make_section, make_user
from tests.pictures.samples import picture_file

STORIES = reverse("admin:articles_article_story_choices")
TAKE_IN = reverse("admin:articles_image_from_text")
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

    def test_editor_is_told_every_provider(self):
        settings = self.settings_of(make_draft())
        assert [each["key"] for each in settings["embeds"]] == list(PROVIDERS)

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

    def test_sign_that_no_database_takes_finds_what_stands_around_it(self):
        make_article(headline="Ferries return")
        assert len(self.client.get(STORIES, {"term": "ferr\0ies"}).json()["results"]) == 1
        assert self.client.get(TAKE_IN, {"digest": "\0"}).json() == {"picture": None}

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

    def test_headline_of_a_story_that_somebody_may_not_see_is_not_told(self):
        secret = make_draft(headline="Secret", embargoed_until=timezone.now() + timedelta(days=1))
        open_story = make_article(headline="Open")
        body = f'<p><a data-article="{secret.uid}">x</a> <a data-article="{open_story.uid}">y</a></p>'
        for person, headlines in (
            (None, set()),
            (make_user("writer", permissions=("change_article",)), {"Open"}),
            (make_user("chief", is_superuser=True), {"Open", "Secret"}),
        ):
            assert set(editor_settings(body, person=person)["known"]["stories"].values()) == headlines

    def test_form_says_who_writes(self):
        secret = make_draft(headline="Secret")
        writer = make_user("writer", permissions=("add_article", "change_article"))
        own = make_draft(created_by=writer, body=f'<p><a data-article="{secret.uid}">x</a></p>')
        self.client.force_login(writer)
        page = self.client.get(page_of(own)).content.decode()
        assert "data-editor" in page
        assert "Secret" not in page
        assert "&quot;upload&quot;: null" in page

    def test_strangers_are_asked_to_sign_in(self):
        assert self.client.get(STORIES).status_code == 302
        assert self.client.get(PICTURES).status_code == 302
        assert self.client.get(TAKE_IN).status_code == 302

    def test_who_may_only_look_gets_no_editor(self):
        self.client.force_login(make_user("reader", permissions=("view_article",)))
        self.assertNotContains(self.client.get(page_of(make_article())), "data-editor")


class TakingInTests(TestCase):
    """A picture that is dropped onto the text."""

    def setUp(self):
        self.client.force_login(make_user("photographer", permissions=("add_image",)))

    def send(self, content, **words):
        file = io.BytesIO(content)
        file.name = "a.png"
        return self.client.post(TAKE_IN, {"file": file, "read_in": "1", **words})

    def test_picture_is_kept_and_logged_and_described(self):
        content = picture_file("PNG").read()
        told = self.send(content, alt_text="A ferry.", caption="At noon.").json()["picture"]
        image = Image.objects.get()
        assert (told["uid"], told["alt"], told["caption"]) == (str(image.uid), "A ferry.", "At noon.")
        assert LogEntry.objects.get().object_id == str(image.pk)

    def test_nothing_is_kept_without_words_or_with_a_file_that_is_no_picture(self):
        assert "Say what" in self.send(picture_file("PNG").read()).json()["errors"]["alt_text"][0]
        assert "SVG" in self.send(b"<svg/>", decorative="on").json()["errors"]["file"][0]
        assert not Image.objects.exists()

    def test_file_that_the_library_has_is_used_from_there_whatever_words_come_with_it(self):
        content = picture_file("PNG").read()
        first = self.send(content, alt_text="A ferry.").json()
        assert self.send(content, alt_text="Another word.").json() == first
        assert Image.objects.count() == 1
        digest = hashlib.sha256(content).hexdigest()
        assert self.client.get(TAKE_IN, {"digest": digest}).json() == first
        assert self.client.get(TAKE_IN, {"digest": "0" * 64}).json() == {"picture": None}
        assert self.client.get(TAKE_IN).json() == {"picture": None}

    def test_file_whose_rights_have_expired_is_not_brought_in_anew(self):
        content = picture_file("PNG").read()
        self.send(content, alt_text="A ferry.")
        Image.objects.update(rights_expire_on="2020-01-01")
        answer = self.send(content, alt_text="A ferry.").json()
        assert "rights expired on 1 January 2020" in answer["errors"]["file"][0]
        assert Image.objects.count() == 1

    def test_who_may_not_add_pictures_reads_a_sentence(self):
        self.client.force_login(make_user("writer", permissions=("change_article", "view_image")))
        answer = self.send(picture_file("PNG").read(), alt_text="A ferry.")
        assert answer.status_code == 403
        assert "You may not add pictures" in answer.json()["errors"]["__all__"][0]
        assert not Image.objects.exists()
        assert self.client.get(TAKE_IN, {"digest": "0" * 64}).status_code == 403

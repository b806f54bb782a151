"""Previews at the desk: what stands in the form is what is shown, whatever stands in it; links are made and revoked."""

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.editorial.previews import create_preview_link
from articles.editorial.revisions import keep_revision
from articles.editorial.working_copies import begin_working_copy
from articles.models import (
    Activity,
    Article,
    Byline,
    Citation,
    Correction,
    PreviewLink,
    RelatedLink,
    Revision,
    Tag,
    TaggedArticle,
)
from tests.admin.samples import form_data
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_person,
    make_section,
    make_source,
    make_user,
)

ADD = "/admin/articles/article/add/"
PREVIEW_NEW = "/admin/articles/article/preview/"
UNSAVED = "/preview/unsaved/"
WRITTEN = (Activity, Article, Byline, Citation, Correction, PreviewLink, RelatedLink, Revision, Tag, TaggedArticle)


def change(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def preview(story):
    return reverse("admin:articles_article_preview", args=[story.pk])


def links(story):
    return reverse("admin:articles_article_make_link", args=[story.pk])


def rows():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WRITTEN}


def make_story(make=make_draft, **overrides):
    story = make(
        headline="Ferries return",
        section=make_section(),
        authors=(make_author(), make_author("Tomás Reyes")),
        tags=("Ferries",),
        lead_image=make_image(),
        **overrides,
    )
    Citation.objects.create(article=story, source=make_source(), title="The timetable")
    RelatedLink.objects.create(article=story, headline="Elsewhere", url="https://example.org/")
    Correction.objects.create(article=story, text="Sixty, not sixteen.")
    return story


class TypedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_superuser=True)
        cls.story = make_story()

    def setUp(self):
        self.client.force_login(self.chief)

    def shown(self, address, data):
        answer = self.client.post(address, data)
        assert answer.status_code == 200, answer.content[:500]
        page = self.client.post(UNSAVED, {"draft": answer.json()["draft"]})
        assert page.status_code == 200
        return page.content.decode()

    def form(self, story=None):
        return form_data(self.client.get(change(story or self.story)))

    def test_form_that_nobody_touched_shows_the_story(self):
        before = rows()
        html = self.shown(preview(self.story), self.form())
        for words in ("Ferries return", "Leila Haddad", "Tomás Reyes", "The timetable", "Elsewhere", "Sixty, not"):
            assert words in html
        assert 'rel="tag">Ferries<' in html
        assert rows() == before

    def test_what_is_typed_is_shown_and_nothing_is_written(self):
        before = rows()
        typed = self.form() | {
            "headline": "Ferries return, at last",
            "body": "<p>The <strong>second</strong> boat.</p>",
            "tags": ["Ferries", "Harbours"],
            "byline": ["@tomas-reyes", "Somebody New"],
            "related_links-0-headline": "Somewhere else",
            "corrections-0-text": "Sixty-one.",
        }
        html = self.shown(preview(self.story), typed)
        for words in (
            "at last",
            "<strong>second</strong>",
            ">Harbours<",
            'rel="author">Tomás Reyes</a> and <a href="/author/somebody-new/" rel="author">Somebody New<',
            "Somewhere else",
            "Sixty-one.",
        ):
            assert words in html
        assert "Leila Haddad" not in html
        assert rows() == before

    def test_new_rows_are_shown_once_they_are_whole(self):
        typed = self.form() | {
            "citations-TOTAL_FORMS": "2",
            "citations-1-role": "data",
            "citations-1-source": make_source("Harbour Office").pk,
            "citations-1-position": "9",
            "corrections-TOTAL_FORMS": "2",
            "corrections-1-kind": "note",
        }
        html = self.shown(preview(self.story), typed)
        assert "Harbour Office" in html
        assert html.count('<div class="entry">') == 1

    def test_what_does_not_validate_is_as_it_was_stored(self):
        typed = self.form() | {
            "headline": "",
            "slug": "no slug!",
            "section": "999999",
            "byline": ["@nobody"],
            "published_at_0": "yesterday",
            "lead_image": "x",
            "canonical_url": "javascript:alert(1)",
            "citations-0-source": "",
            "dek": "A new dek.",
        }
        html = self.shown(preview(self.story), typed)
        for words in ("Ferries return", "A new dek.", "VICE News", "World", "Leila Haddad"):
            assert words in html
        assert "alert(1)" not in html

    def test_new_story_is_shown_before_it_is_saved(self):
        before = rows()
        typed = form_data(self.client.get(ADD)) | {"headline": "A lighthouse goes dark", "body": "<p>At noon.</p>"}
        html = self.shown(PREVIEW_NEW, typed)
        assert "A lighthouse goes dark" in html
        assert "/a-lighthouse-goes-dark/" in html
        assert "No headline yet" in self.shown(PREVIEW_NEW, form_data(self.client.get(ADD)))
        assert rows() == before

    def test_working_copy_is_shown_with_the_corrections_of_its_story(self):
        story = make_article(slug="the-story")
        Correction.objects.create(article=story, text="Ten, not twelve.")
        copy = begin_working_copy(story, by=self.chief)
        typed = self.form(copy) | {"headline": "As it will be", "update_note": "Now with boats."}
        html = self.shown(preview(copy), typed)
        for words in ("As it will be", "Ten, not twelve.", "Now with boats.", story.get_absolute_url()):
            assert words in html

    def test_published_story_is_shown_from_the_page_on_which_it_is_read(self):
        story = make_article(headline="What readers have")
        assert "What readers have" in self.shown(preview(story), self.form(story) | {"headline": "Something else"})

    def test_no_answer_breaks_whatever_is_sent(self):
        assert "Ferries return" in self.shown(preview(self.story), {})
        typed = self.form()
        hostile = ("\x00", "-1", "9" * 30, "</textarea>", "\ud7ff\U0010ffff", "on", "2026-13-45", "None")
        for value in hostile:
            self.shown(preview(self.story), dict.fromkeys(typed, value))
            self.shown(PREVIEW_NEW, dict.fromkeys(typed, value))
        for name in typed:
            self.shown(preview(self.story), typed | {name: "9" * 12})

    def test_button_and_panel_stand_on_the_form_of_who_may_write(self):
        self.assertContains(self.client.get(change(self.story)), f'data-draft="{preview(self.story)}"')
        self.assertContains(self.client.get(ADD), f'data-draft="{PREVIEW_NEW}"')
        self.client.force_login(make_person("Reporter"))
        self.assertNotContains(self.client.get(change(self.story)), "preview-panel")


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_answer_breaks_on_what_nobody_thought_of(client, data):
    if not Article.objects.exists():
        make_story()
        make_user("chief", is_superuser=True)
    client.force_login(Article._meta.get_field("created_by").related_model.objects.get(username="chief"))
    story = Article.objects.get()
    typed = form_data(client.get(change(story)))
    names = data.draw(st.lists(st.sampled_from(sorted(typed)), min_size=1, max_size=12))
    # What a browser can send: any character but halves of a pair.
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    changed = {name: data.draw(words) for name in names}
    answer = client.post(preview(story), {name: value for name, value in typed.items() if name[0] != "x"} | changed)
    assert answer.status_code == 200
    assert client.post(UNSAVED, {"draft": answer.json()["draft"]}).status_code == 200


class PermissionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        cls.owner = make_person("Reporter")
        cls.story = make_draft(section=cls.world, created_by=cls.owner)
        cls.link = create_preview_link(cls.story, by=cls.owner)

    def answers(self, person):
        client = Client()
        client.force_login(person)
        found = [client.post(preview(self.story), {"headline": "x"}).status_code]
        before = PreviewLink.objects.count()
        client.post(links(self.story), {"_preview_days": "7"})
        client.post(reverse("admin:articles_article_revoke_link", args=[self.link.pk]))
        is_revoked = PreviewLink.objects.get(pk=self.link.pk).revoked_at is not None
        return (*found, PreviewLink.objects.count() - before, is_revoked)

    def test_who_may_edit_previews_makes_links_and_revokes(self):
        for person in (self.owner, make_person("Editor"), make_person("Editor", sections=(self.world,))):
            PreviewLink.objects.update(revoked_at=None)
            assert self.answers(person) == (200, 1, True)

    def test_colleague_may_not(self):
        assert self.answers(make_person("Reporter")) == (403, 0, False)

    def test_person_limited_to_other_sections_may_not(self):
        assert self.answers(make_person("Editor", sections=(self.sport,))) == (404, 0, False)
        assert self.answers(make_person("Contributor")) == (404, 0, False)

    def test_group_of_links_stands_on_the_page_of_who_may_edit(self):
        for person, is_there in ((self.owner, True), (make_person("Reporter"), False)):
            self.client.force_login(person)
            assert ("preview-links" in self.client.get(change(self.story)).content.decode()) is is_there

    def test_list_of_links_holds_those_of_stories_within_reach(self):
        address = reverse("admin:articles_previewlink_changelist")
        for person, number in ((self.owner, 1), (make_person("Editor"), 1), (make_person("Reporter"), 0)):
            self.client.force_login(person)
            assert self.client.get(address).context["cl"].result_count == number
        self.client.force_login(make_user("guest"))
        assert self.client.get(address).status_code == 403

    def test_nobody_signed_in_gets_the_question_who_is_there(self):
        for address in (preview(self.story), PREVIEW_NEW, links(self.story)):
            assert self.client.post(address).status_code == 302
        assert PreviewLink.objects.count() == 1

    def test_reading_makes_nothing(self):
        self.client.force_login(self.owner)
        assert self.client.get(links(self.story)).status_code == 405


class LinkTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_superuser=True)
        cls.story = make_draft(headline="Ferries return")
        cls.version = keep_revision(cls.story, by=cls.chief)

    def setUp(self):
        self.client.force_login(self.chief)

    def test_link_is_made_without_script_and_its_address_works(self):
        sent = form_data(self.client.get(change(self.story))) | {"_preview_note": "The source", "_preview_days": "1"}
        response = self.client.post(links(self.story), sent, follow=True)
        self.assertContains(response, "There is a new link for outsiders.")
        address = form_fields(response)[0]
        assert address.startswith("http://127.0.0.1:8000/preview/")
        page = Client().get(address.removeprefix("http://127.0.0.1:8000"))
        self.assertContains(page, "The latest draft.")
        self.assertContains(self.client.get(change(self.story)), "Opened 1 time, last on")
        link = PreviewLink.objects.get()
        assert (link.note, (link.expires_at - link.created_at).days, link.revision) == ("The source", 1, None)

    def test_script_gets_the_group_alone(self):
        response = self.client.post(links(self.story), headers={"X-Requested-With": "XMLHttpRequest"})
        html = response.content.decode().strip()
        assert html.startswith('<div class="preview-links">')
        assert "There is a new link" in html

    def test_newest_version_can_be_held(self):
        self.client.post(links(self.story), {"_preview_version": str(self.version.number)})
        assert PreviewLink.objects.get().revision == self.version
        for wrong in ("99", "9" * 12, "x"):
            self.client.post(links(self.story), {"_preview_version": wrong})
        assert PreviewLink.objects.filter(revision=None).count() == 2

    def test_version_has_links_on_its_own_page(self):
        page = reverse("admin:articles_revision_change", args=[self.version.pk])
        response = self.client.post(links(self.story), form_data(self.client.get(page)))
        assert response["Location"] == page
        assert PreviewLink.objects.get().revision == self.version
        self.assertContains(self.client.get(page), "/preview/")
        self.client.force_login(make_person("Reporter"))
        assert self.client.get(page).status_code == 302

    def test_revoked_link_says_so_and_has_no_address(self):
        link = create_preview_link(self.story, by=self.chief)
        address = reverse("admin:articles_article_revoke_link", args=[link.pk])
        response = self.client.post(address, follow=True)
        self.assertContains(response, "The link opens nothing any more.")
        self.assertContains(response, "It was revoked.")
        assert form_fields(response) == []

    def test_several_are_revoked_from_the_list(self):
        made = [create_preview_link(self.story, by=self.chief) for _ in range(2)]
        data = {"action": "revoke_selected", "_selected_action": [each.pk for each in made]}
        self.client.post(reverse("admin:articles_previewlink_changelist"), data)
        assert PreviewLink.objects.exclude(revoked_at=None).count() == 2

    def test_link_that_would_open_nothing_is_refused_with_a_reason(self):
        Article.objects.update(status="withdrawn")
        response = self.client.post(links(self.story), follow=True)
        self.assertContains(response, "It would open nothing. The story is withdrawn.")
        assert not PreviewLink.objects.exists()

    def test_story_takes_its_links_along(self):
        create_preview_link(self.story, by=self.chief)
        self.client.force_login(make_person("Editor"))
        self.client.post(reverse("admin:articles_article_delete", args=[self.story.pk]), {"post": "yes"})
        assert not Article.objects.exists()
        assert not PreviewLink.objects.exists()


def form_fields(response):
    """The addresses that stand on a page to be copied."""
    context = response.content.decode()
    return [piece.split('"', 1)[0] for piece in context.split('readonly value="')[1:]]

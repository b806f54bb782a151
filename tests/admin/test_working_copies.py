"""Working copies at the desk: the page of a published story is read, its copy is written."""

from django.test import TestCase
from django.urls import reverse

from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, RelatedLink, Revision
from tests.admin.samples import form_data
from tests.admin.test_article_form import page_of
from tests.factories import make_article, make_draft, make_image, make_person, make_section, make_user

LIST = reverse("admin:articles_article_changelist")


def begin_address(story):
    return reverse("admin:articles_article_begin", args=[story.pk])


class ReadingTests(TestCase):
    def setUp(self):
        self.story = make_article(headline="Ferries return", section=make_section(), lead_image=make_image())
        self.client.force_login(make_person("Publisher"))

    def test_page_shows_what_readers_have_and_offers_to_edit_it(self):
        page = self.client.get(page_of(self.story))
        self.assertContains(page, "Readers have this story.")
        self.assertContains(page, begin_address(self.story))
        self.assertContains(page, "<p>A second followed at noon.</p>")

    def test_nothing_that_readers_have_is_changed_by_its_form(self):
        RelatedLink.objects.create(article=self.story, headline="Elsewhere")
        answers = form_data(self.client.get(page_of(self.story)))
        crafted = {"headline": "Mine", "body": "<p>Mine.</p>", "slug": "mine", "section": "", "_save": "Save"}
        links = {f"related_links-{name}_FORMS": "1" for name in ("TOTAL", "INITIAL")}
        links |= {"related_links-0-id": self.story.related_links.get().pk, "related_links-0-DELETE": "on"}
        self.client.post(page_of(self.story), {**answers, **crafted, **links})
        story = Article.objects.get(pk=self.story.pk)
        assert (story.headline, story.slug, story.section) == ("Ferries return", "ferries-return", self.story.section)
        assert story.related_links.count() == 1

    def test_times_and_corrections_belong_to_the_story_itself(self):
        answers = form_data(self.client.get(page_of(self.story)))
        expiry = {"expires_at_0": "2031-05-01", "expires_at_1": "06:00:00"}
        correction = {
            "corrections-TOTAL_FORMS": "1",
            "corrections-0-kind": "correction",
            "corrections-0-text": "Seven, not six.",
            "corrections-0-corrected_at_0": "2026-08-01",
            "corrections-0-corrected_at_1": "09:00:00",
        }
        self.client.post(page_of(self.story), {**answers, **expiry, **correction, "_save": "Save"})
        story = Article.objects.get(pk=self.story.pk)
        assert story.expires_at.year == 2031
        assert story.corrections.get().text == "Seven, not six."

    def test_begin_leads_to_the_copy(self):
        answer = self.client.post(begin_address(self.story))
        copy = Article.objects.get(replaces=self.story)
        self.assertRedirects(answer, page_of(copy))
        self.assertContains(self.client.get(page_of(self.story)), "Open the working copy")

    def test_begin_is_asked_for_and_never_followed(self):
        assert self.client.get(begin_address(self.story)).status_code == 405

    def test_begin_of_a_draft_says_why_not(self):
        answer = self.client.post(begin_address(make_draft()), follow=True)
        self.assertContains(answer, "Only what readers have already")

    def test_story_that_nobody_may_see_is_not_found(self):
        self.client.force_login(make_person("Contributor"))
        assert self.client.post(begin_address(make_draft())).status_code == 404

    def test_deleting_a_story_takes_its_versions_along(self):
        begin_working_copy(self.story, by=make_user("chief", is_superuser=True))
        answer = self.client.post(reverse("admin:articles_article_delete", args=[self.story.pk]), {"post": "yes"})
        assert answer.status_code == 302
        assert not Article.objects.exists()


class WritingTests(TestCase):
    def setUp(self):
        publisher = make_person("Publisher")
        self.story = make_article(headline="Ferries return")
        self.copy = begin_working_copy(self.story, by=publisher)
        self.client.force_login(publisher)

    def send(self, **answers):
        return self.client.post(
            page_of(self.copy), {**form_data(self.client.get(page_of(self.copy))), **answers}, follow=True
        )

    def test_page_leads_to_what_readers_have(self):
        page = self.client.get(page_of(self.copy))
        self.assertContains(page, page_of(self.story))
        self.assertNotContains(page, "corrections-TOTAL_FORMS")
        self.assertNotContains(page, 'name="published_at_0"')

    def test_saving_keeps_a_version_and_readers_see_nothing(self):
        self.send(headline="Ferries are back", _save="Save")
        assert Article.objects.get(pk=self.story.pk).headline == "Ferries return"
        assert self.story.revisions.first().snapshot["fields"]["headline"] == "Ferries are back"

    def test_publishing_leads_back_to_the_story(self):
        page = self.send(headline="Ferries are back", _move="publish_fix")
        assert page.redirect_chain[-1][0] == page_of(self.story)
        self.assertContains(page, "is published as a silent fix")
        assert Article.objects.get().headline == "Ferries are back"

    def test_update_without_a_word_for_readers_loses_nothing(self):
        page = self.send(headline="Ferries are back", _move="publish_update")
        self.assertContains(page, "Say what is new")
        assert form_data(page)["headline"] == "Ferries are back"
        assert Article.objects.filter(replaces=self.story).exists()

    def test_scheduled_update_says_when(self):
        times = {"takes_effect_at_0": "2031-05-01", "takes_effect_at_1": "06:00:00"}
        page = self.send(update_note="New.", _move="publish_update", **times)
        self.assertContains(page, "takes effect on 1 May 2031, 06:00 UTC")
        self.assertContains(self.client.get(LIST), "Update: scheduled")

    def test_scheduled_update_keeps_its_words_for_readers(self):
        times = {"takes_effect_at_0": "2031-05-01", "takes_effect_at_1": "06:00:00"}
        self.send(update_note="New.", _move="publish_update", **times)
        self.assertContains(self.send(update_note="", _save="Save"), "Say what is new")
        assert Article.objects.get(pk=self.copy.pk).update_note == "New."

    def test_slug_of_another_story_is_refused_and_its_own_is_not(self):
        make_article(slug="taken")
        self.assertContains(self.send(slug="taken", _save="Save"), "Another story has this slug.")
        assert self.send(slug="ferries-return", _save="Save").redirect_chain

    def test_nothing_leads_to_a_copy(self):
        autocomplete = {"app_label": "articles", "model_name": "relatedlink", "field_name": "target", "term": "ferries"}
        found = self.client.get(reverse("admin:autocomplete"), autocomplete).json()["results"]
        assert [each["id"] for each in found] == [str(self.story.pk)]


class VersionsTests(TestCase):
    def test_reporter_sees_the_versions_of_their_own_stories_alone(self):
        reporter = make_person("Reporter")
        own, other = make_article(created_by=reporter), make_article()
        for story in (own, other):
            begin_working_copy(story, by=make_person("Publisher"))
        self.client.force_login(reporter)
        found = self.client.get(reverse("admin:articles_revision_changelist")).context["cl"].queryset
        assert {each.article for each in found} == {own}

    def test_page_of_a_version_shows_its_text_clean(self):
        snapshot = {"fields": {"headline": "Ferries", "dek": "", "body": "<p>Words.<img src=x onerror=alert(1)></p>"}}
        version = Revision.objects.create(article=make_article(), number=1, snapshot=snapshot)
        self.client.force_login(make_person("Editor"))
        page = self.client.get(reverse("admin:articles_revision_change", args=[version.pk]))
        self.assertContains(page, "<p>Words.</p>")
        self.assertNotContains(page, "onerror")

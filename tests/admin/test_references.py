"""Links to stories at the desk: to which ones a person may lead, what is told of the others, and whose they are."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import FormerSlug, PopularList, RelatedLink
from tests.admin.samples import form_data
from tests.admin.test_article_form import page_of
from tests.factories import make_article, make_draft, make_person, make_section

SECRET = "Minister resigns over harbour deal"
LIST = reverse("admin:articles_relatedlink_changelist")


class UnseenStoryTests(TestCase):
    def setUp(self):
        self.reporter = make_person("Reporter")
        self.story = make_draft(headline="Ferries return", created_by=self.reporter)
        self.secret = make_draft(headline=SECRET, embargoed_until=timezone.now() + timedelta(days=1))
        self.client.force_login(self.reporter)

    def send(self, **row):
        answers = {"headline": "", "url": "", "marker": "", "position": "0", "article": self.story.pk, **row}
        rows = {f"related_links-0-{name}": value for name, value in answers.items()}
        sent = {**form_data(self.client.get(page_of(self.story))), "related_links-TOTAL_FORMS": "1", **rows}
        return self.client.post(page_of(self.story), {**sent, "_continue": "1"}, follow=True)

    def test_number_of_an_unseen_story_tells_nothing_of_it(self):
        for headline in ("", "In other words"):
            self.assertNotContains(self.send(target=self.secret.pk, headline=headline), SECRET)
        assert not self.story.related_links.exists()

    def test_link_that_an_editor_led_there_keeps_its_story_and_the_secret(self):
        link = RelatedLink.objects.create(article=self.story, headline="In other words", target=self.secret)
        self.assertNotContains(self.client.get(page_of(self.story)), SECRET)
        row = {"related_links-INITIAL_FORMS": "1", "id": link.pk, "target": self.secret.pk}
        self.assertNotContains(self.send(**row, headline=""), SECRET)
        self.assertNotContains(self.send(**row, headline="Other words"), SECRET)
        link.refresh_from_db()
        assert (link.headline, link.target) == ("Other words", self.secret)

    def test_nothing_is_told_where_a_link_is_only_shown(self):
        link = RelatedLink.objects.create(article=self.story, headline="In other words", target=self.secret)
        pages = [LIST, reverse("admin:articles_relatedlink_change", args=[link.pk]), page_of(self.story)]
        for status in ("draft", "in_review"):
            type(self.story).objects.filter(pk=self.story.pk).update(status=status)
            for page in pages:
                self.assertNotContains(self.client.get(page), SECRET)

    def test_working_copy_is_nothing_to_lead_to(self):
        copy = make_draft(slug="copy", replaces=make_article(created_by=self.reporter), created_by=self.reporter)
        self.send(target=copy.pk, headline="In other words")
        assert not self.story.related_links.exists()


class OtherSectionsTests(TestCase):
    def test_lists_tell_nothing_of_stories_outside_the_limit(self):
        secret = make_draft(headline=SECRET, section=make_section("World"))
        FormerSlug.objects.create(article=secret, slug="before")
        PopularList.objects.create(article=secret, listed_on="2026-07-01")
        lists = [reverse(f"admin:articles_{name}_changelist") for name in ("formerslug", "popularlist")]
        for sections, is_told in (((make_section("Sport"),), False), (None, True)):
            self.client.force_login(make_person("Publisher", sections=sections))
            for address in lists:
                assert (SECRET in self.client.get(address).content.decode()) is is_told


class LeftTests(TestCase):
    def test_whoever_may_no_longer_come_to_the_desk_sees_what_readers_see(self):
        draft = make_draft()
        for has_left, status in ((True, 404), (False, 200)):
            self.client.force_login(make_person("Editor", is_staff=not has_left))
            assert self.client.get(draft.get_absolute_url()).status_code == status


class LinksOfPublishedStoriesTests(TestCase):
    def setUp(self):
        self.story = make_article()
        self.link = RelatedLink.objects.create(article=self.story, headline="There", url="https://there.example/")
        self.client.force_login(make_person("Publisher"))

    def test_link_is_not_added_past_the_working_copy(self):
        values = {"article": self.story.pk, "headline": "Here", "url": "https://here.example/", "position": 0}
        page = self.client.post(reverse("admin:articles_relatedlink_add"), values)
        self.assertContains(page, "edited in its working copy")
        assert self.story.related_links.get() == self.link

    def test_link_is_neither_changed_nor_deleted_past_the_working_copy(self):
        page, deletion = (
            reverse(f"admin:articles_relatedlink_{name}", args=[self.link.pk]) for name in ("change", "delete")
        )
        assert self.client.post(page, {"headline": "Elsewhere"}).status_code == 403
        assert self.client.post(deletion, {"post": "yes"}).status_code == 403
        self.client.post(LIST, {"action": "delete_selected", "_selected_action": [self.link.pk], "post": "yes"})
        assert self.story.related_links.get().headline == "There"

    def test_link_of_a_draft_is_changed_and_deleted_here(self):
        draft = make_draft()
        link = RelatedLink.objects.create(article=draft, headline="There")
        page, deletion = (
            reverse(f"admin:articles_relatedlink_{name}", args=[link.pk]) for name in ("change", "delete")
        )
        self.client.post(page, {**form_data(self.client.get(page)), "headline": "Elsewhere"})
        assert draft.related_links.get().headline == "Elsewhere"
        assert self.client.post(deletion, {"post": "yes"}).status_code == 302
        assert not draft.related_links.exists()

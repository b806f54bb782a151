"""Related stories at the desk: the panel of a story, the queue of what waits, and doors that hold for crafted requests."""

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.editorial.working_copies import begin_working_copy
from articles.models import NearDuplicate, PopularEntry, PopularList, RelatedLink, SuggestionChoice
from tests.factories import (
    PUBLISHED_AT,
    make_article,
    make_draft,
    make_person,
    make_section,
    make_suggestion,
    make_tag,
    make_user,
)

QUEUE = reverse("admin:articles_article_unresolved")
KIND = SuggestionChoice.Kind


def page_of(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def door_of(story):
    return reverse("admin:articles_article_related", args=[story.pk])


def desk_of(person):
    client = Client()
    client.force_login(person)
    return client


class PanelTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        cls.editor = make_person("Editor", sections=(cls.world,))
        cls.story = make_article(headline="The story", section=cls.world)
        cls.target = make_article(headline="The other", section=cls.world)
        make_suggestion(cls.story, cls.target, reasons={"tags": [make_tag("Manbij").pk], "text": 0.61})

    def setUp(self):
        self.client.force_login(self.editor)

    def choose(self, value, *, story=None, client=None, **more):
        return (client or self.client).post(door_of(story or self.story), {"_related": value, **more})

    def kinds(self):
        return list(self.story.suggestion_choices.values_list("target", "kind"))

    def panel(self, story=None):
        content = self.client.get(page_of(story or self.story)).content.decode()
        return content[content.index('id="related-panel"') :].split("</section>")[0]

    def test_suggestion_stands_with_its_reason_and_what_can_be_decided(self):
        panel = self.panel()
        assert "1 shared tag: Manbij; text 0.61; same section" in panel
        for verb in ("pin", "hide", "never"):
            assert f'value="{verb}-{self.target.pk}"' in panel

    def test_choices_are_made_and_undone(self):
        for verb, kind in (("pin", KIND.PINNED), ("hide", KIND.HIDDEN), ("never", KIND.NEVER)):
            response = self.choose(f"{verb}-{self.target.pk}")
            assert response.headers["Location"] == f"{page_of(self.story)}#related-panel"
            assert self.kinds() == [(self.target.pk, kind)]
            assert f'value="undo-{self.target.pk}"' in self.panel()
        self.choose(f"undo-{self.target.pk}")
        assert self.kinds() == []

    def test_script_gets_the_panel_alone_with_what_was_done(self):
        headers = {"X-Requested-With": "XMLHttpRequest"}
        response = self.client.post(door_of(self.story), {"_related": f"pin-{self.target.pk}"}, headers=headers)
        self.assertContains(response, "“The other” stands before all that was found.")
        assert b"<html" not in response.content

    def test_story_is_pinned_by_its_address(self):
        address = f"https://news.example{self.target.get_absolute_url()}?from=mail#top"
        self.choose("pin-", _related_address=address)
        assert self.kinds() == [(self.target.pk, KIND.PINNED)]

    def test_address_that_leads_nowhere_changes_nothing(self):
        secret = make_draft(headline="Secret merger", section=self.sport)
        for address in ("", "/", "nowhere", secret.slug, "http://[", "a\x00b", "x" * 4000):
            response = self.choose("pin-", _related_address=address)
            assert response.status_code == 302
        assert self.kinds() == []

    def test_working_copy_shows_and_decides_what_stands_beside_its_story(self):
        copy = begin_working_copy(self.story, by=make_user("chief", is_superuser=True))
        assert "The other" in self.panel(copy)
        self.choose(f"hide-{self.target.pk}", story=copy)
        assert self.kinds() == [(self.target.pk, KIND.HIDDEN)]

    def test_no_word_of_stories_that_a_person_may_not_see(self):
        secret = make_draft(headline="Secret merger", section=self.sport)
        make_suggestion(self.story, secret)
        NearDuplicate.objects.create(article=self.story, twin=secret, likeness=0.9)
        RelatedLink.objects.create(article=secret, headline="x", target=self.story)
        panel = self.panel()
        assert "merger" not in panel
        assert "A story that you may not see" in panel
        assert "1 more story" in panel

    def test_twin_is_named_with_a_warning(self):
        NearDuplicate.objects.create(article=self.story, twin=self.target, likeness=0.914)
        assert "91 % the same" in self.panel()

    def test_what_links_here_is_listed(self):
        make_article(headline="Leads here", body=f'<p><a data-article="{self.story.uid}">x</a></p>', section=self.world)
        assert "Leads here" in self.panel()

    def test_crafted_requests_are_refused(self):
        secret = make_draft(section=self.sport)
        for value in ("", "pin", "drop-1", f"pin-{secret.pk}", "pin-0", "pin-²", "pin-" + "9" * 40, "pin-1;drop"):
            assert self.choose(value).status_code in {302, 404}
        assert self.kinds() == []
        assert self.client.get(door_of(self.story)).status_code == 405
        assert self.choose("pin-1", story=secret).status_code == 404
        assert Client(enforce_csrf_checks=True).post(door_of(self.story)).status_code == 403

    def test_whoever_may_not_decide_has_no_buttons_and_no_way(self):
        reporter = make_person("Reporter")
        story = make_article(created_by=reporter)
        make_suggestion(story, self.target)
        self.client.force_login(reporter)
        panel = self.panel(story)
        assert "The other" in panel
        assert "<button" not in panel
        assert self.choose(f"pin-{self.target.pk}", story=story).status_code == 403
        assert self.choose(f"pin-{self.target.pk}", client=Client()).headers["Location"].startswith("/admin/login/")
        assert not SuggestionChoice.objects.exists()

    def test_new_story_has_no_panel(self):
        self.assertNotContains(self.client.get(reverse("admin:articles_article_add")), "related-panel")

    def test_panel_costs_the_same_however_many_suggestions(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.panel()
            return len(queries)

        count()
        few = count()
        for number in range(8):
            make_suggestion(self.story, make_article(section=make_section(f"Section {number}")))
        assert count() == few


class QueueTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        cls.editor = make_person("Editor", sections=(cls.world,))
        cls.story = make_article(headline="The story", section=cls.world)
        cls.night_boat = make_article(headline="Night boat sails again")
        cls.link = RelatedLink.objects.create(article=cls.story, headline="The night boat sails again")

    def setUp(self):
        self.client.force_login(self.editor)

    def target(self, reference):
        reference.refresh_from_db()
        return reference.target

    def test_waiting_headline_is_accepted_with_one_press(self):
        value = f"line-{self.link.pk}-{self.night_boat.pk}"
        self.assertContains(self.client.get(QUEUE), f'value="{value}"')
        response = self.client.post(QUEUE, {"_accept": value}, follow=True)
        self.assertContains(response, "leads to “Night boat sails again” now.")
        assert self.target(self.link) == self.night_boat
        self.assertContains(response, "Nothing waits here.")

    def test_headlines_of_popular_lists_wait_beside_them(self):
        popular = PopularList.objects.create(article=self.story, listed_on=PUBLISHED_AT)
        entry = PopularEntry.objects.create(list=popular, position=1, headline="Night boat sails")
        self.assertContains(self.client.get(QUEUE, {"of": "lists"}), f"entry-{entry.pk}-{self.night_boat.pk}")
        value = f"entry-{entry.pk}-{self.night_boat.pk}"
        response = self.client.post(f"{QUEUE}?of=lists&p=1&evil=%22", {"_accept": value})
        assert response.headers["Location"] == f"{QUEUE}?of=lists&p=1"
        assert self.target(entry) == self.night_boat

    def test_one_wording_is_one_row(self):
        RelatedLink.objects.create(article=make_article(section=self.world), headline="The Night Boat sails again!")
        content = self.client.get(QUEUE).content.decode()
        assert content.count('name="_accept"') == 1

    def test_queue_is_paged(self):
        for number in range(45):
            RelatedLink.objects.create(article=self.story, headline=f"Never written {number}")
        self.assertContains(self.client.get(QUEUE), "Page 1 of 3")
        self.assertContains(self.client.get(QUEUE, {"p": "3"}), "The night boat sails again")
        for page in ("0", "99", "x", "-1"):
            assert self.client.get(QUEUE, {"p": page}).status_code == 200

    def test_no_word_of_stories_that_a_person_may_not_see(self):
        secret = make_draft(headline="The night boat sails again tomorrow", section=self.sport)
        RelatedLink.objects.create(article=secret, headline="Night boat of the secret")
        content = self.client.get(QUEUE).content.decode()
        assert "tomorrow" not in content
        assert "of the secret" not in content

    def test_story_of_others_is_shown_and_not_decided(self):
        self.client.force_login(make_person("Editor", sections=(self.sport,)))
        content = self.client.get(QUEUE).content.decode()
        assert "The night boat sails again" in content
        assert 'name="_accept"' not in content
        response = self.client.post(QUEUE, {"_accept": f"line-{self.link.pk}-{self.night_boat.pk}"})
        assert response.status_code == 403
        assert self.target(self.link) is None

    def test_crafted_requests_change_nothing(self):
        secret = make_draft(section=self.sport)
        hidden = RelatedLink.objects.create(article=secret, headline="Hidden")
        one, other = self.link.pk, self.night_boat.pk
        values = (
            "",
            "line",
            f"line-{one}",
            f"line-{one}-",
            f"line-{one}-{secret.pk}",
            f"line-{one}-0",
            f"x-{one}-{other}",
        )
        for value in (*values, f"line-²-{other}", f"line-{hidden.pk}-{other}", f"line-{'9' * 30}-{other}"):
            assert self.client.post(QUEUE, {"_accept": value}).status_code in {302, 404}
        assert RelatedLink.objects.filter(target=None).count() == 2

    def test_second_of_two_editors_is_told(self):
        value = f"line-{self.link.pk}-{self.night_boat.pk}"
        self.client.post(QUEUE, {"_accept": value})
        self.assertContains(self.client.post(QUEUE, {"_accept": value}, follow=True), "waits no more")

    def test_outsiders_and_people_without_permission_stay_outside(self):
        assert Client().get(QUEUE).headers["Location"].startswith("/admin/login/")
        assert desk_of(make_user("guest")).get(QUEUE).status_code == 403

    def test_index_leads_to_it(self):
        self.assertContains(self.client.get(reverse("admin:index")), QUEUE)
        assert QUEUE not in desk_of(make_user("guest")).get(reverse("admin:index")).content.decode()


@pytest.mark.django_db
def test_queue_needs_few_queries_however_long(client, django_assert_max_num_queries):
    client.force_login(make_user("chief", is_superuser=True))
    for number in range(20):
        make_article(headline=f"Ferries resume on route {number}")
        RelatedLink.objects.create(article=make_article(), headline=f"Ferries resumed on the route {number}")
    client.get(QUEUE)
    with django_assert_max_num_queries(16):
        client.get(QUEUE)

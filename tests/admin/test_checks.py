from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from html5lib import parse

from articles.models import Article, CheckRule, SiteSettings
from tests.admin.samples import errors, form_data
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_person,
    make_ready_draft,
    make_section,
)

ADD = reverse("admin:articles_article_add")
LIST = reverse("admin:articles_article_changelist")
SITE = reverse("admin:articles_sitesettings_change", args=[1])


def page_of(row):
    return reverse(f"admin:articles_{row._meta.model_name}_change", args=[row.pk])


def panel(response):
    """The panel as people read it: its problems with the places to which they lead, and its last lines."""
    document = parse(response.content.decode(), namespaceHTMLElements=False)
    found = [each for each in document.iter("section") if "desk-checks" in each.get("class", "")]
    if not found:
        return None
    problems = {}
    for item in found[0].iter("li"):
        link = item.find("a")
        problems["".join(item.itertext())] = "" if link is None else link.get("href")
    headings = [each.text for each in found[0].iter("h3")]
    return headings, problems, [each.text for each in found[0].iter("p")]


class PanelTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_person("Publisher")

    def setUp(self):
        self.client.force_login(self.publisher)

    def panel_of(self, article):
        return panel(self.client.get(page_of(article)))

    def test_problems_lead_to_their_fields(self):
        draft = make_draft(embargoed_until=timezone.now() + timedelta(days=1), slug="untitled")
        headings, problems, _ = self.panel_of(draft)
        assert headings == ["Blocks publication", "Worth a look"]
        embargo = next(sentence for sentence in problems if "under embargo" in sentence)
        assert problems == {
            "It belongs to no section.": "#id_section",
            "It has no byline.": "#id_byline",
            "It has no dek, the sentence under the headline.": "#id_dek",
            "The slug “untitled” looks like one that was to be replaced.": "#id_slug",
            embargo: "#id_embargoed_until_0",
        }

    def test_every_place_is_on_the_page(self):
        draft = make_draft(embargoed_until=timezone.now() + timedelta(days=1), slug="untitled")
        response = self.client.get(page_of(draft))
        there = {each.get("id") for each in parse(response.content.decode(), namespaceHTMLElements=False).iter()}
        assert {place.removeprefix("#") for place in panel(response)[1].values()} - there == set()

    def test_story_without_a_problem_says_so_and_what_is_fine(self):
        headings, problems, lines = self.panel_of(make_ready_draft())
        assert (headings, problems) == ([], {})
        assert lines[0] == "Nothing stands in its way."
        assert lines[1].startswith("Fine: Headline of its own, text of its own, dek, section, byline, final slug")

    def test_new_story_has_no_panel(self):
        assert panel(self.client.get(ADD)) is None

    def test_whoever_may_only_look_finds_problems_without_links(self):
        reporter = make_person("Reporter")
        self.client.force_login(reporter)
        story = make_draft(status="in_review", created_by=reporter)
        assert set(self.panel_of(story)[1].values()) == {""}

    def test_published_story_has_links_only_to_what_can_be_changed_there(self):
        problems = self.panel_of(make_article(embargoed_until=timezone.now() + timedelta(days=1)))[1]
        assert problems["It has no byline."] == problems["It belongs to no section."] == ""
        assert "#id_embargoed_until_0" in problems.values()

    def test_nothing_leaks_of_a_story_that_somebody_may_not_see(self):
        make_article(headline="What the MINISTRY hides", embargoed_until=timezone.now() + timedelta(days=1))
        reporter = make_person("Reporter")
        self.client.force_login(reporter)
        draft = make_draft(headline="What the ministry hides", slug="what-the-ministry-hides-2", created_by=reporter)
        response = self.client.get(page_of(draft))
        assert "Another story, which you may not see, has the same headline." in panel(response)[1]
        self.assertNotContains(response, "MINISTRY")

    def test_panel_asks_for_each_thing_once(self):
        draft = make_ready_draft()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(page_of(draft))
        asked = [query["sql"] for query in queries]
        assert [sum(name in sql for sql in asked) for name in ("rule_rows", "is_seen")] == [1, 1]


class RefusalTests(TestCase):
    def setUp(self):
        self.client.force_login(make_person("Publisher"))

    def test_story_that_is_not_ready_is_saved_and_its_page_shown_again(self):
        draft = make_draft()
        answers = form_data(self.client.get(page_of(draft))) | {"headline": "Typed just now", "_move": "publish"}
        response = self.client.post(page_of(draft), answers, follow=True)
        assert response.redirect_chain == [(page_of(draft), 302)]
        draft.refresh_from_db()
        assert (draft.headline, draft.status) == ("Typed just now", "draft")
        messages = [str(each) for each in response.context["messages"]]
        assert (
            "“Typed just now” stays as it is. It is not ready for readers. It belongs to no section. It has no byline."
        ) in messages
        assert "It has no byline." in panel(response)[1]

    def test_new_story_that_is_not_ready_is_kept_as_a_draft(self):
        answers = form_data(self.client.get(ADD)) | {"headline": "Typed just now", "_move": "publish"}
        response = self.client.post(ADD, answers, follow=True)
        story = Article.objects.get(headline="Typed just now")
        assert story.status == "draft"
        assert response.redirect_chain == [(page_of(story), 302)]
        assert "It has no byline." in panel(response)[1]

    def test_story_that_becomes_ready_with_the_same_press_is_published(self):
        draft, author = make_draft(), make_author()
        answers = form_data(self.client.get(page_of(draft))) | {"section": make_section().pk, "_move": "publish"}
        answers |= {"byline": [f"@{author.slug}"]}
        response = self.client.post(page_of(draft), answers)
        assert response.url == LIST
        draft.refresh_from_db()
        assert draft.is_public()

    def test_panel_stands_on_a_page_that_is_shown_again_with_errors(self):
        draft = make_draft()
        answers = form_data(self.client.get(page_of(draft))) | {"headline": "", "section": make_section().pk}
        response = self.client.post(page_of(draft), answers)
        assert "headline" in errors(response)
        assert "It belongs to no section." in panel(response)[1]

    def test_bulk_action_publishes_what_is_ready_and_says_why_the_rest_is_not(self):
        ready, bare = make_ready_draft(headline="One"), make_draft(headline="Two")
        answers = {"action": "publish_selected", "_selected_action": [ready.pk, bare.pk]}
        response = self.client.post(LIST, answers, follow=True)
        assert sorted(str(each) for each in response.context["messages"]) == [
            "“One” is published.",
            "“Two” stays as it is. It is not ready for readers. It belongs to no section. It has no byline.",
        ]
        bare.refresh_from_db()
        assert bare.status == "draft"


class SeverityTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world = make_section()
        SiteSettings.objects.load()

    def sign_in(self, role, **options):
        self.client.force_login(make_person(role, **options))

    def send(self, path, **answers):
        return self.client.post(path, {**form_data(self.client.get(path)), **answers})

    def rules(self):
        return list(CheckRule.objects.values_list("section__slug", "check_name", "severity"))

    def test_administrator_decides_for_a_section(self):
        self.sign_in("Administrator")
        assert self.send(page_of(self.world), check_dek="blocking", description="The world.").status_code == 302
        assert self.rules() == [("world", "dek", "blocking")]
        self.world.refresh_from_db()
        assert self.world.description == "The world."
        self.assertContains(self.client.get(page_of(self.world)), '<option value="blocking" selected>Blocks</option>')

    def test_decision_is_taken_back(self):
        CheckRule.objects.create(section=self.world, check_name="dek", severity="off")
        self.sign_in("Administrator")
        self.send(page_of(self.world), check_dek="")
        assert self.rules() == []

    def test_saving_untouched_decides_nothing(self):
        CheckRule.objects.create(section=self.world, check_name="dek", severity="off")
        self.sign_in("Administrator")
        self.send(page_of(self.world), name="The world")
        assert self.rules() == [("world", "dek", "off")]

    def test_page_says_what_holds_where_nothing_is_decided(self):
        CheckRule.objects.create(check_name="dek", severity="off")
        self.sign_in("Publisher")
        self.assertContains(self.client.get(page_of(self.world)), "As for the whole site: off")
        self.assertContains(self.client.get(SITE), "As delivered: warns")

    def test_publisher_decides_and_changes_nothing_else(self):
        self.sign_in("Publisher")
        assert self.send(page_of(self.world), check_dek="off", name="Mine", slug="mine").status_code == 302
        assert self.send(SITE, check_slug="blocking", name="Mine").status_code == 302
        assert self.rules() == [("world", "dek", "off"), (None, "slug", "blocking")]
        self.world.refresh_from_db()
        assert (self.world.name, self.world.slug) == ("World", "world")
        assert SiteSettings.objects.get().name == "Newsroom"

    def test_publisher_is_led_to_the_settings_of_the_site(self):
        self.sign_in("Publisher")
        names = [row["name"] for group in self.client.get("/admin/").context["app_list"] for row in group["models"]]
        assert "Site settings" in names
        assert self.client.get(reverse("admin:articles_sitesettings_changelist")).url == SITE

    def test_publisher_does_not_put_the_menu_in_another_order(self):
        self.sign_in("Publisher")
        path = reverse("admin:articles_section_changelist")
        answers = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": self.world.pk, "form-0-position": 7}
        self.client.post(path, {**answers, "_save": "Save"})
        self.world.refresh_from_db()
        assert self.world.position == 0

    def test_editor_finds_no_choice_and_sends_none(self):
        self.sign_in("Editor")
        self.assertNotContains(self.client.get(page_of(self.world)), "check_dek")
        assert self.client.post(page_of(self.world), {"check_dek": "off"}).status_code == 403
        assert self.client.get(SITE).status_code == 403
        assert self.client.post(SITE, {"check_dek": "off"}).status_code == 403
        assert self.rules() == []

    def test_publisher_of_other_sections_finds_no_choice(self):
        self.sign_in("Publisher", sections=(make_section("Sport"),))
        assert self.client.post(page_of(self.world), {"check_dek": "off"}).status_code == 403
        assert self.client.post(SITE, {"check_dek": "off"}).status_code == 403
        assert self.rules() == []

    def test_severity_that_does_not_exist_is_refused(self):
        self.sign_in("Administrator")
        assert self.send(page_of(self.world), check_dek="fatal").status_code == 200
        assert self.rules() == []

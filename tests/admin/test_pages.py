import re

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from html5lib import parse

from articles.models import Article
from tests.admin.samples import PAGES, REGISTERED, VARNISH, make_newsroom
from tests.factories import make_user

OURS = [label for label in REGISTERED if label.startswith(("articles.", "flatpages."))]
INLINE_CODE = {"style", "onclick", "onload", "onchange", "onsubmit"}


def address(label, page, *arguments):
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=arguments)


def inline_code(html):
    document = parse(html, namespaceHTMLElements=False)
    found = [element.tag for element in document.iter("style")]
    found += [element.tag for element in document.iter("script") if not element.get("src")]
    return found + [f"{each.tag} {name}" for each in document.iter() for name in each.attrib if name in INLINE_CODE]


def fields_without_label(html):
    document = parse(html, namespaceHTMLElements=False)
    labelled = {label.get("for") for label in document.iter("label")}
    fields = [each for name in ("input", "select", "textarea") for each in document.iter(name)]
    return [
        field.get("name")
        for field in fields
        if field.get("type") not in {"hidden", "submit"}
        and field.get("id") not in labelled
        and not field.get("aria-label")
    ]


@pytest.fixture
def desk(db, settings):
    # Where there is none, there is no page of them.
    settings.ARTICLES_CDNS = [{"kind": "varnish", "url": VARNISH}]
    make_newsroom()
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    return client


@pytest.fixture
def page_is_sound(desk):
    def check(path, status=200):
        response = desk.get(path)
        assert response.status_code == status
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]
        assert inline_code(response.content.decode()) == []
        return response

    return check


@pytest.mark.parametrize("label", [label for label in REGISTERED if label != "articles.sitesettings"])
def test_list_opens(page_is_sound, label):
    page_is_sound(address(label, "changelist"))


@pytest.mark.parametrize("label", OURS)
def test_search_and_filters_answer(desk, label):
    admin = site._registry[apps.get_model(label)]
    if admin.search_fields:
        assert desk.get(address(label, "changelist"), {"q": "story"}).status_code == 200


@pytest.mark.parametrize("label", REGISTERED)
def test_form_for_a_new_row_opens_where_rows_can_be_added(desk, page_is_sound, label):
    request = desk.get(reverse("admin:index")).wsgi_request
    allowed = site._registry[apps.get_model(label)].has_add_permission(request)
    if allowed:
        page_is_sound(address(label, "add"))
    else:
        assert desk.get(address(label, "add")).status_code == 403


@pytest.mark.parametrize("label", OURS)
@pytest.mark.parametrize("page", ["change", "history"])
def test_pages_of_a_row_open(page_is_sound, label, page):
    row = apps.get_model(label)._default_manager.first()
    response = page_is_sound(address(label, page, row.pk))
    assert fields_without_label(response.content.decode()) == []


@pytest.mark.parametrize("label", sorted(PAGES))
def test_page_without_rows_opens(page_is_sound, label):
    response = page_is_sound(address(label, "changelist"))
    assert fields_without_label(response.content.decode()) == []


def test_page_of_a_storys_readers_opens(page_is_sound):
    page_is_sound(address("articles.article", "readers", Article.objects.first().pk))


def test_fields_in_a_list_say_what_they_are(desk):
    response = desk.get(address("articles.section", "changelist"))
    assert fields_without_label(response.content.decode()) == []


# Rows that verbs write, and a link of a story that readers have.
KEPT = {
    f"articles.{name}" for name in ("sitesettings", "activity", "revision", "previewlink", "relatedlink", "cdndelivery")
}


@pytest.mark.parametrize("label", [label for label in OURS if label not in KEPT])
def test_question_before_deleting_opens(page_is_sound, label):
    row = apps.get_model(label)._default_manager.first()
    page_is_sound(address(label, "delete", row.pk))


@pytest.mark.parametrize("name", ["index", "password_change"])
def test_other_pages_open(page_is_sound, name):
    page_is_sound(reverse(f"admin:{name}"))


def test_every_model_of_the_newsroom_is_within_reach():
    # Rows that are edited in place on another page or follow from a body, and what the form of a story keeps for its
    # writer alone; what is counted and computed, which pages of their own show.
    in_place = {
        *("Autosave", "BodyLink", "Byline", "CheckRule", "Citation", "ImageUse", "PopularEntry", "PreviewOpening"),
        *("SectionLimit", "TaggedArticle"),
        *("Duty", "Fingerprint", "NearDuplicate", "Purge", "ReadCount", "ReadTotal", "RefusedReads"),
        *("Suggestion", "SuggestionChoice"),
    }
    models = {model.__name__ for model in apps.get_app_config("articles").get_models()}
    assert models - in_place == {model.__name__ for model in site._registry if model._meta.app_label == "articles"}


class IndexTests(TestCase):
    def setUp(self):
        make_newsroom()
        self.client.force_login(make_user("chief", is_superuser=True))

    def test_rows_stand_in_the_order_of_use(self):
        groups = self.client.get(reverse("admin:index")).context["app_list"]
        assert [group["name"] for group in groups] == ["Newsroom", "Accounts", "Sign-in"]
        assert [row["name"] for row in groups[0]["models"]] == [
            "Articles",
            "Activity",
            "Versions",
            "Links for outsiders",
            "Corrections",
            "Related links",
            "Unresolved references",
            "Sections",
            "Tags",
            "Authors",
            "Sources",
            "Pictures",
            "What readers read",
            "Popular posts",
            "Imported popular lists",
            "Site settings",
            "Pages",
            "Former addresses",
            "Deleted imports",
        ]

    def test_every_row_leads_somewhere(self):
        for group in self.client.get(reverse("admin:index")).context["app_list"]:
            assert self.client.get(group["app_url"]).status_code == 200
            for row in group["models"]:
                assert self.client.get(row["admin_url"], follow=True).status_code == 200

    def test_desk_bears_the_newsrooms_name(self):
        site_settings = apps.get_model("articles", "SiteSettings").objects.load()
        site_settings.name = "The Meridian"
        site_settings.save()
        self.assertContains(self.client.get(reverse("admin:index")), "The Meridian · Desk")
        self.client.logout()
        self.assertContains(self.client.get(reverse("admin:login")), "The Meridian · Desk")

    def test_person_without_permissions_sees_no_rows(self):
        self.client.force_login(make_user("guest"))
        assert self.client.get(reverse("admin:index")).context["app_list"] == []


class QueryCountTests(TestCase):
    """A list of fifty rows costs what a list of five does."""

    def test_no_list_asks_once_a_row(self):
        self.client.force_login(make_user("chief", is_superuser=True))
        make_newsroom(5)
        labels = [label for label in OURS if label != "articles.sitesettings"]
        few = {label: self.count(label) for label in labels}
        for model in ("flatpages.FlatPage", "auth.Group", "articles.PopularList", "articles.Article"):
            apps.get_model(model).objects.all().delete()
        for model in ("Byline", "Author", "Source", "Section", "Tag", "Image"):
            apps.get_model("articles", model).objects.all().delete()
        apps.get_model("auth.User").objects.exclude(username="chief").delete()
        make_newsroom(50)
        many = {label: self.count(label) for label in labels}
        assert few == many
        assert max(many.values()) <= 14

    def count(self, label):
        self.client.get(address(label, "changelist"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert self.client.get(address(label, "changelist")).status_code == 200
        return len(queries)


def test_list_of_stories_leaves_bodies_where_they_are(desk):
    with CaptureQueriesContext(connection) as queries:
        desk.get(address("articles.article", "changelist"))
    assert not any(re.search(r'SELECT[^(]*"articles_article"\."body"', query["sql"]) for query in queries)

"""The moves of a story at the desk, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from articles.models import Article, SiteSettings
from tests.factories import make_draft, make_person, make_ready_draft, make_section


@pytest.fixture
def sign_in(open_page, live_server):
    """A function that opens a page at which a person is signed in."""

    def open_as(person, **options):
        client = Client()
        client.force_login(person)
        page = open_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return open_as


@pytest.fixture
def section(transactional_db):
    SiteSettings.objects.load()
    return make_section()


def address(story):
    return f"/admin/articles/article/{story.pk}/change/"


def buttons(page):
    return page.locator("button[name=_move]").all_inner_texts()


def test_story_goes_from_hand_to_hand(sign_in, section):
    reporter, editor = make_person("Reporter"), make_person("Editor")
    publisher = make_person("Publisher")
    story = make_ready_draft(section=section, created_by=reporter)

    page = sign_in(reporter)
    page.goto(address(story))
    assert buttons(page) == ["Submit for review"]
    page.fill("#id_headline", "Ferries return, at last")
    page.click("text=Submit for review")
    assert "submitted for review" in page.inner_text(".messagelist")

    page = sign_in(editor)
    page.goto(address(story))
    assert buttons(page) == ["Return to draft (say why)", "Approve"]
    page.click("text=Return to draft")
    assert "needs a reason" in page.inner_text(".field-reason")
    page.click("button:has-text('Approve')")
    assert "approved" in page.inner_text(".messagelist")

    page = sign_in(publisher)
    page.goto(address(story))
    page.click("button:text-is('Publish')")
    assert "is published" in page.inner_text(".messagelist")
    published = Article.objects.get()
    assert published.is_public()
    assert published.headline == "Ferries return, at last"

    page.goto(address(story))
    page.fill("#id_reason", "It names somebody who asked not to be named.")
    page.click("button:has-text('Withdraw')")
    assert "is withdrawn" in page.inner_text(".messagelist")


def test_enter_saves_and_moves_nothing(sign_in, section):
    story = make_draft(section=section)
    page = sign_in(make_person("Publisher"))
    page.goto(address(story))
    page.fill("#id_headline", "Ferries return")
    page.press("#id_headline", "Enter")
    page.wait_for_selector(".messagelist")
    story.refresh_from_db()
    assert (story.headline, story.status) == ("Ferries return", "draft")


def test_panel_has_no_violation_by_day_and_by_night(sign_in, section):
    story = make_draft(section=section)
    # Axe measures by styles of its own, which the policy rightly forbids.
    page = sign_in(make_person("Publisher"), viewport={"width": 375, "height": 900}, bypass_csp=True)
    options = {"resultTypes": ["violations"], "preload": False}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address(story))
        found = Axe().run(page, context=".desk-moves", options=options).response["violations"]
        assert [(one["id"], node["html"]) for one in found for node in one["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375

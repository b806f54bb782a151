"""The panel of checks in a real browser: every problem leads to where it is put right, by keyboard too."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Citation, RelatedLink, SiteSettings
from tests.browser.sample_site import make_picture
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.factories import (
    make_author,
    make_draft,
    make_person,
    make_ready_draft,
    make_section,
    make_source,
)

TYPED = ".desk-editor[data-ready] .desk-prose"
NOBODYS_UID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


@pytest.fixture
def open_desk(open_page, live_server):
    """Opens the page of a story as a publisher."""
    SiteSettings.objects.load()
    client = Client()
    client.force_login(make_person("Publisher"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def open_story(story, **options):
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(reverse("admin:articles_article_change", args=[story.pk]))
        if options.get("java_script_enabled", True):
            page.locator(TYPED).wait_for()
        return page

    return open_story


def make_story_with_problems():
    story = make_draft(
        slug="untitled",
        body=f'<p><a data-article="{NOBODYS_UID}">The harbour</a> is full.</p>',
        lead_image=make_picture("navy", caption=""),
        embargoed_until=timezone.now() + timedelta(days=1),
    )
    Citation.objects.create(article=story, source=make_source())
    RelatedLink.objects.create(article=story, headline="A story to come")
    return story


def press(page, sentence):
    link = page.locator(".desk-checks a", has_text=sentence)
    link.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("belongs to no section", "#id_section + .select2-container .select2-selection"),
        ("has no byline", "#id_byline + .select2-container .select2-search__field"),
        ("canonical address is missing", "#id_canonical_url"),
        ("has no dek", "#id_dek"),
        ("The slug “untitled”", "#id_slug"),
        ("has no caption", "#id_lead_caption"),
        ("The related line “A story to come”", "#id_related_links-0-headline"),
        ("The link “The harbour”", ".field-body .desk-prose"),
        ("under embargo", "#id_embargoed_until_0"),
    ],
)
def test_problem_leads_to_its_field_and_puts_the_cursor_there(open_desk, sentence, place):
    page = open_desk(make_story_with_problems())
    press(page, sentence)
    field = page.locator(place).first
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()


def test_story_is_put_right_from_the_panel_and_published(open_desk):
    make_section()
    make_author()
    story = make_ready_draft(section=None, headline="Ferries return", slug="ferries-return")
    page = open_desk(story)
    page.fill("#id_dek", "Typed just now.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .error")).to_contain_text("It belongs to no section.")
    expect(page.locator("#id_dek")).to_have_value("Typed just now.")
    assert page.get_by_role("region", name="Checks").locator("li").all_inner_texts() == ["It belongs to no section."]

    press(page, "It belongs to no section.")
    page.keyboard.press("Enter")
    page.locator(".select2-container--open .select2-search__field").fill("wor")
    page.locator(".select2-results__option", has_text="World").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .success").filter(has_text="is published")).to_be_visible()
    assert Article.objects.get().is_public()


def test_links_lead_to_their_fields_without_script(open_desk):
    page = open_desk(make_story_with_problems(), java_script_enabled=False)
    page.locator(".desk-checks a", has_text="has no dek").click()
    assert page.url.endswith("#id_dek")
    expect(page.locator("#id_dek")).to_be_in_viewport()


@pytest.mark.parametrize("width", [375, 1280])
def test_panel_has_no_violation_by_day_and_by_night(open_desk, width):
    page = open_desk(make_story_with_problems(), viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    assert found + violations(page, rules=RULES_OF_COLOUR) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

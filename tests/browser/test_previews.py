"""Previews in a real browser: the page beside the text, and links for people outside."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import PreviewLink, PreviewOpening, SiteSettings
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.factories import make_article, make_author, make_draft, make_section, make_user

TYPED = ".desk-editor[data-ready] .desk-prose"
LONG = "".join(f"<p>Paragraph {number} of a long story about a ferry and its timetable.</p>" for number in range(80))


@pytest.fixture
def open_desk(open_page, live_server):
    """Opens the page of a story, or that of a new one, as somebody who may do everything."""
    SiteSettings.objects.load()
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}

    def open_story(article=None, **options):
        page = open_page(**{"viewport": {"width": 1440, "height": 900}, **options})
        page.context.add_cookies([cookie])
        change = reverse("admin:articles_article_change", args=[article.pk]) if article else ""
        page.goto(change or reverse("admin:articles_article_add"))
        page.locator(TYPED).wait_for()
        return page

    return open_story


@pytest.fixture
def here(settings, live_server):
    """Addresses to copy are those of this server."""
    settings.SITE_URL = live_server.url


def switch(page):
    return page.get_by_role("button", name="Preview", exact=True)


def shown(page):
    """What the frame shows once nothing is on its way."""
    expect(page.locator(".preview-frame iframe")).to_have_count(1)
    return page.frame_locator(".preview-frame iframe:not(.arriving)")


def test_preview_follows_what_is_typed_and_nothing_is_saved(open_desk):
    story = make_draft(headline="Ferries return", section=make_section(), body=LONG)
    page = open_desk(story)
    expect(switch(page)).to_have_attribute("aria-pressed", "false")
    switch(page).click()
    expect(switch(page)).to_have_attribute("aria-pressed", "true")
    expect(shown(page).get_by_role("heading", level=1)).to_have_text("Ferries return")

    page.locator("#id_headline").fill("Ferries return, at last")
    expect(shown(page).get_by_role("heading", level=1)).to_have_text("Ferries return, at last")
    page.locator(TYPED).press("Control+Home")
    page.keyboard.type("The second boat. ")
    expect(shown(page).locator(".prose p").first).to_contain_text("The second boat. Paragraph 0")
    page.get_by_label("Dateline").fill("VLORË, Albania")
    expect(shown(page).locator(".dateline")).to_have_text("VLORË, Albania")
    page.get_by_text("Add another Correction").click()
    page.locator("#id_corrections-0-text").fill("Sixty, not sixteen.")
    expect(shown(page).locator("#corrections")).to_contain_text("Sixty, not sixteen.")

    story.refresh_from_db()
    assert story.headline == "Ferries return"
    assert story.corrections.count() == 0


def test_new_story_is_seen_before_it_is_saved_with_what_is_chosen_from_a_list(open_desk):
    make_section("Culture")
    page = open_desk()
    page.keyboard.press("Alt+Shift+P")
    page.locator("#id_headline").fill("A lighthouse goes dark")
    expect(shown(page).get_by_role("heading", level=1)).to_have_text("A lighthouse goes dark")
    page.locator("#id_section + .select2-container .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill("cul")
    page.locator(".select2-results__option", has_text="Culture").click()
    expect(shown(page).locator(".story-head .label")).to_have_text("Culture")
    page.keyboard.press("Alt+Shift+P")
    expect(page.locator("#preview-panel")).to_be_hidden()
    expect(switch(page)).to_be_focused()


def test_place_in_the_text_is_kept_and_the_way_back_too(open_desk):
    page = open_desk(make_draft(body=LONG))
    before = page.evaluate("history.length")
    switch(page).click()
    shown(page).locator(".prose").wait_for()
    frame = page.frames[-1]
    frame.evaluate("scrollTo({top: 900, behavior: 'instant'})")
    page.locator("#id_headline").fill("Another headline")
    expect(shown(page).get_by_role("heading", level=1)).to_have_text("Another headline")
    assert page.frames[-1] != frame
    assert page.frames[-1].evaluate("scrollY") == 900
    assert page.evaluate("history.length") == before


def test_widths_and_colours_are_those_of_the_page(open_desk):
    page = open_desk(make_draft(body=LONG))
    switch(page).click()
    shown(page).locator(".prose").wait_for()
    room = page.locator(".preview-frame").bounding_box()
    for name, width in (("Phone", 375), ("Tablet", 768), ("Desktop", 1280)):
        page.get_by_role("button", name=name).click()
        assert page.frames[-1].evaluate("innerWidth") == width
        box = page.locator(".preview-frame iframe").bounding_box()
        assert box["width"] <= room["width"] + 1
        assert box["height"] == pytest.approx(room["height"], abs=4)
    colours = {}
    for name in ("Dark", "Light"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        colours[name] = page.frames[-1].evaluate("getComputedStyle(document.documentElement).backgroundColor")
        colours[name] += page.frames[-1].evaluate("getComputedStyle(document.body).color")
    assert colours["Dark"] != colours["Light"]
    page.get_by_role("button", name="Dark", exact=True).click()
    page.locator("#id_headline").fill("By night")
    expect(shown(page).get_by_role("heading", level=1)).to_have_text("By night")
    assert page.frames[-1].evaluate("document.documentElement.dataset.theme") == "dark"


def test_links_in_it_lead_nowhere(open_desk):
    section = make_section()
    page = open_desk(make_draft(section=section))
    switch(page).click()
    shown(page).get_by_role("link", name=section.name).first.click()
    page.wait_for_timeout(300)
    expect(shown(page).locator(".prose")).to_be_visible()
    assert len(page.context.pages) == 1


def test_somebody_signed_out_is_told_so(open_desk, complaints):
    page = open_desk(make_draft())
    switch(page).click()
    shown(page).locator(".prose").wait_for()
    page.context.clear_cookies()
    page.locator("#id_headline").fill("Typed in vain")
    expect(page.locator(".preview-told")).to_contain_text("The preview is behind the text.")
    complaints[:] = [each for each in complaints if "403" not in each]


@pytest.mark.parametrize("width", [375, 1280])
def test_form_with_its_preview_has_no_violation(open_desk, width):
    story = make_draft(section=make_section(), authors=(make_author(),))
    page = open_desk(story, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.get_by_role("heading", name="Links for outsiders").click()
    page.get_by_role("button", name="Make a link").click()
    page.locator(".preview-address").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for is_open in (False, True):
            assert (switch(page).get_attribute("aria-pressed") == "true") is is_open
            assert violations(page, rules=None if scheme == "light" else RULES_OF_COLOUR) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            switch(page).click()
            if not is_open:
                shown(page).locator(".prose").wait_for()
        expect(page.locator("#preview-panel")).to_be_hidden()


def test_on_a_small_screen_the_page_takes_the_place_of_the_text(open_desk):
    page = open_desk(make_draft(), viewport={"width": 375, "height": 800})
    switch(page).click()
    shown(page).locator(".prose").wait_for()
    expect(page.locator("#id_headline")).to_be_hidden()
    switch(page).click()
    expect(page.locator("#id_headline")).to_be_visible()


def test_link_opens_for_an_outsider_until_it_is_revoked(open_desk, open_page, here, complaints):
    story = make_draft(headline="The minister resigns")
    page = open_desk(story)
    page.locator("#id_headline").fill("Typed and not saved")
    page.get_by_role("heading", name="Links for outsiders").click()
    page.get_by_label("For whom").fill("The lawyer")
    page.get_by_label("For whom").press("Enter")
    field = page.get_by_label("Address: The lawyer")
    address = field.input_value()
    expect(page.locator(".preview-links-told")).to_have_text("There is a new link for outsiders.")
    expect(page.locator("#id_headline")).to_have_value("Typed and not saved")

    outsider = open_page()
    outsider.goto(address)
    banner = outsider.get_by_role("complementary", name="Preview")
    expect(banner).to_contain_text("Preview of a draft, not published. The latest draft.")
    expect(outsider.get_by_role("heading", level=1)).to_have_text("The minister resigns")
    assert violations(outsider) == []
    assert PreviewOpening.objects.count() == 1

    page.get_by_role("button", name="Revoke the link: The lawyer").click()
    expect(page.locator(".preview-links-told")).to_have_text("The link opens nothing any more.")
    expect(field).to_have_count(0)
    assert outsider.goto(address).status == 404
    expect(outsider.get_by_role("heading", level=1)).to_have_text("This address shows nothing")
    assert violations(outsider) == []
    complaints[:] = [each for each in complaints if not re.search("404.*/preview/", each)]
    assert PreviewLink.objects.get().openings.count() == 1


def test_address_is_copied_by_a_button(open_desk, here):
    page = open_desk(make_article(headline="Ferries return", status="draft"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("heading", name="Links for outsiders").click()
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator(".preview-links-told")).to_have_text("Copied.")
    assert "/preview/" in page.evaluate("navigator.clipboard.readText()")

"""The script: the switch of the theme, the button that hands a story on, and pages without any script."""

import pytest
from playwright.sync_api import expect

THEME = "document.documentElement.dataset.theme"
PAPER = "getComputedStyle(document.body).backgroundColor"
# Notes whether the body, and with it anything to paint, was there when the theme was set.
WATCH_FOR_THEME = """
new MutationObserver(() => {
    if (document.documentElement?.dataset.theme && window.bodyWasThere === undefined)
        window.bodyWasThere = document.body !== null;
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


# The colours of the browser's own frame that are in force.
FRAME = """() => [...document.querySelectorAll("meta[name=theme-color]")]
    .filter((meta) => matchMedia(meta.media).matches).map((meta) => meta.content)"""


@pytest.fixture
def switch(page, site):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    return page.get_by_role("button", name="Colours:")


def test_switch_goes_from_the_system_to_dark_to_light_and_back(page, switch):
    paper = page.evaluate(PAPER)
    seen = [switch.inner_text()]
    for _ in range(3):
        switch.click()
        seen.append(switch.inner_text())
        assert (page.evaluate(PAPER) == paper) == ("dark" not in seen[-1])
    assert seen == ["Colours: automatic", "Colours: dark", "Colours: light", "Colours: automatic"]
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_first_click_always_changes_the_page(page, switch):
    page.emulate_media(color_scheme="dark")
    switch.click()
    expect(switch).to_have_text("Colours: light")


def test_frame_of_the_browser_has_the_colour_of_the_page(page, switch):
    light, dark = "#fffefb", "#14130f"
    assert page.evaluate(FRAME) == [light]
    switch.click()
    assert page.evaluate(FRAME) == [dark]
    switch.click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(FRAME) == [light]
    switch.click()
    assert page.evaluate(FRAME) == [dark]


def test_choice_lasts_and_shows_before_the_first_paint(page, site, switch):
    switch.click()
    page.add_init_script(WATCH_FOR_THEME)
    page.goto(site.story.get_absolute_url())
    assert page.evaluate(THEME) == "dark"
    assert page.evaluate("window.bodyWasThere") is False
    expect(switch).to_have_text("Colours: dark")


def test_choice_that_nobody_offers_is_none(page, switch):
    page.evaluate("localStorage.setItem('theme', 'sepia')")
    page.reload()
    expect(switch).to_have_text("Colours: automatic")


def test_link_of_the_story_is_copied(open_page, site):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    # As in browsers without a share sheet of their own.
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(site.story.get_absolute_url())
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(site.story.get_absolute_url())


def test_pages_are_whole_without_script(open_page, site):
    page = open_page(java_script_enabled=False)
    page.goto(site.story.get_absolute_url())
    assert page.locator("h1").is_visible()
    assert page.locator(".popular li").count() == 5
    assert not page.locator(".theme-switch").is_visible()
    assert not page.locator(".share-button").is_visible()
    assert page.get_by_role("link", name="E-mail").is_visible()

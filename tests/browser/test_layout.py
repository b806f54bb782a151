"""The pages' geometry: narrow screens, print, and nothing on the console meanwhile."""

from tests.browser.test_accessibility import forgive_the_missing_page

# What sticks out to the right, except what scrolls within a box of its own.
OVERHANG = """() => [...document.querySelectorAll("body *")].filter((element) => {
    const boxed = element.closest(".table-frame, .menu ul, .theme-switch, .unseen, .skip");
    return !boxed && element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5;
}).map((element) => element.outerHTML.slice(0, 120))"""


def test_no_page_scrolls_sideways_at_320_pixels(open_page, site, complaints):
    page = open_page(viewport={"width": 320, "height": 700})
    found = {}
    for name, address in site.addresses.items():
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        found[name] = page.evaluate(OVERHANG) + ([f"{width} pixels wide"] if width > 320 else [])
    forgive_the_missing_page(complaints)
    assert {name: each for name, each in found.items() if each} == {}


def test_wide_table_scrolls_within_itself(open_page, site):
    page = open_page(viewport={"width": 320, "height": 700})
    page.goto(site.story.get_absolute_url())
    frame = page.locator(".table-frame")
    assert frame.evaluate("element => element.scrollWidth > element.clientWidth")
    frame.focus()
    assert frame.evaluate("element => element === document.activeElement")


def test_story_in_arabic_runs_from_right_to_left(page, site):
    page.goto(site.addresses["story in Arabic"])
    headline = page.locator("h1")
    assert headline.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert headline.evaluate("element => getComputedStyle(element).letterSpacing") in {"normal", "0px"}


def test_printed_story_has_its_text_and_no_navigation(page, site):
    page.goto(site.story.get_absolute_url())
    page.emulate_media(media="print")
    assert page.locator(".prose").is_visible()
    assert page.locator(".nameplate").is_visible()
    for gone in (".menu", ".popular", ".theme-switch", ".share", ".neighbours", ".colophon nav"):
        assert not page.locator(gone).is_visible(), gone


def test_focused_skip_link_leads_to_the_content(page, site):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_targets_are_large_enough_to_touch(open_page, site):
    page = open_page(viewport={"width": 375, "height": 700})
    small = """() => [...document.querySelectorAll("a, button")].filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        const inSentence = element.closest(".prose p, .prose figcaption, .notes li > a:not(.note-back), .sources p, .byline p, .skip");
        return width && height && height < 24 && !inSentence;
    }).map((element) => element.outerHTML.slice(0, 120))"""
    for address in ("/", site.story.get_absolute_url(), site.addresses["section"], site.addresses["year"]):
        page.goto(address)
        assert page.evaluate(small) == [], address

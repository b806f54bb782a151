"""axe over every page, as people meet them: by day and by night, on a telephone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = {"telephone": 375, "desk": 1280}
# What may differ between light and dark; all other rules look at what is the same in both.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


def violations(page, *, rules: list[str] | None = None) -> list[str]:
    # Without fetching stylesheets again: axe would write them into the page, which the policy forbids.
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_page_has_a_violation(open_page, site, complaints, width):
    page = open_page(viewport={"width": width, "height": 900})
    found = {}
    for name, address in site.addresses.items():
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found[name, "light"] = violations(page)
        page.emulate_media(color_scheme="dark")
        found[name, "dark"] = violations(page, rules=RULES_OF_COLOUR)
    forgive_the_missing_page(complaints)
    assert {key: each for key, each in found.items() if each} == {}


def test_an_empty_site_has_no_violation(page):
    for address in ("/", "/archive/"):
        page.goto(address)
        assert violations(page) == []


def forgive_the_missing_page(complaints: list[str]) -> None:
    """Chromium writes every answer of 404 or 410 on the console; those that were asked for are no fault."""
    expected = (("404 (Not Found)", "no-such-page"), ("410 (Gone)", "what-we-should-not-have-printed"))
    complaints[:] = [each for each in complaints if not any(code in each and page in each for code, page in expected)]

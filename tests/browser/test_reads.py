"""A read as a browser makes it: one for somebody who looks, none for all that only resembles it."""

import time
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import pytest
from django.urls import reverse

from articles.editorial.previews import create_preview_link, token_of
from articles.popularity.flushing import BUFFER
from tests.factories import make_person
from tests.popularity.test_crawlers import CHROME, CRAWLERS

pytestmark = pytest.mark.usefixtures("counting")

# Longer than somebody has to look before it is a read.
LOOKED = 7_000
# For how many seconds a beacon is waited for that shall come, and one that shall not.
PATIENCE, SILENCE = 20.0, 0.5
OTHER_TAB = """() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => window.asIf || "hidden" });
}"""
AHEAD = "Object.defineProperty(document, 'prerendering', { configurable: true, get: () => !window.isActive });"
LEFT_NOTE = "sessionStorage.getItem('came-from')"


@pytest.fixture
def reader(open_page):
    """A page of somebody with an ordinary browser, whose clock is the test's: it stands still while nobody looks."""
    page = open_page(user_agent=CHROME)
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
    page.beacons = []
    page.on("request", lambda request: page.beacons.append(request) if request.url.endswith("/reads/") else None)
    return page


def counted(patience: float = PATIENCE) -> dict[str, int]:
    """What has been counted since the last question: reads by origin, refusals by reason.

    A beacon is sent when the browser likes, which may take a moment on a busy machine; nothing means that none came.
    """
    deadline = time.monotonic() + patience
    while not (tally := BUFFER.take()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return {origin: number for (_, _, origin), number in tally.reads.items()} | {
        reason: number for (_, _, reason), number in tally.refused.items()
    }


def look(page, milliseconds=LOOKED) -> None:
    """Time passes; what the page sends meanwhile has been answered when this ends."""
    page.clock.run_for(milliseconds)
    page.wait_for_timeout(50)
    settle(page)


def wait_until(page, expression) -> None:
    """Playwright's own waiting for an expression evaluates text in the page, which the page's policy forbids."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def settle(page) -> None:
    for request in page.beacons:
        assert request.response().status == 204


def test_visit_is_one_read_and_its_reload_none(reader, site):
    reader.goto(site.story.get_absolute_url())
    look(reader, 4_000)
    assert counted(SILENCE) == {}
    look(reader)
    assert counted() == {"direct": 1}
    look(reader, 60_000)
    assert counted(SILENCE) == {}
    reader.reload()
    look(reader)
    assert counted() == {"repeated": 1}
    said = dict(parse_qsl(reader.beacons[0].post_data))
    assert said == {"article": str(site.story.uid), "from": "direct"}


def test_story_scrolled_by_a_quarter_is_read_at_once(reader, site):
    reader.goto(site.story.get_absolute_url())
    height = reader.evaluate("document.querySelector('article').getBoundingClientRect().height")
    reader.mouse.wheel(0, height / 8)
    wait_until(reader, "scrollY > 50")
    reader.wait_for_timeout(100)
    assert counted(SILENCE) == {}
    with reader.expect_request("**/reads/"):
        reader.mouse.wheel(0, height / 2)
    settle(reader)
    assert counted() == {"direct": 1}


def test_tab_in_the_background_is_none_until_somebody_looks(reader, site):
    reader.add_init_script(f"({OTHER_TAB})()")
    reader.goto(site.story.get_absolute_url())
    look(reader, 60_000)
    assert counted(SILENCE) == {}
    show = "(how) => { window.asIf = how; document.dispatchEvent(new Event('visibilitychange')); }"
    for _ in range(2):
        # Glances add up.
        reader.evaluate(show, "visible")
        look(reader, 2_000)
        reader.evaluate(show, "hidden")
        look(reader, 60_000)
    assert counted(SILENCE) == {}
    reader.evaluate(show, "visible")
    look(reader, 2_000)
    assert counted() == {"direct": 1}


def test_page_rendered_ahead_is_none_until_it_is_shown(reader, site):
    reader.add_init_script(AHEAD)
    reader.goto(site.story.get_absolute_url())
    look(reader, 60_000)
    assert counted(SILENCE) == {}
    reader.evaluate("window.isActive = true; document.dispatchEvent(new Event('prerenderingchange'))")
    look(reader)
    assert counted() == {"direct": 1}


@pytest.mark.parametrize(("where", "origin"), [(".popular", "popular"), (".inline-related", "related")])
def test_link_in_a_list_is_where_the_reader_came_from(reader, site, where, origin):
    reader.goto(site.story.get_absolute_url())
    link = reader.locator(f"{where} a:not([href='{site.story.get_absolute_url()}'])").first
    link.click()
    reader.wait_for_url(lambda url: not url.endswith(site.story.get_absolute_url()))
    assert reader.evaluate(LEFT_NOTE) is None
    look(reader)
    assert counted() == {origin: 1}
    reader.reload()
    look(reader)
    # What led here once does not lead here again.
    assert "from=site" in reader.beacons[-1].post_data


def test_link_elsewhere_on_the_site_is_the_site(reader, site):
    reader.goto("/archive/")
    reader.goto(site.story.get_absolute_url(), referer=reader.url)
    look(reader)
    assert counted() == {"site": 1}


@pytest.mark.parametrize(
    ("referrer", "origin"),
    [
        ("https://www.google.co.uk/", "search"),
        ("https://duckduckgo.com/", "search"),
        ("https://r.search.yahoo.com/", "search"),
        ("https://l.facebook.com/", "social"),
        ("https://t.co/abc", "social"),
        ("https://mastodon.example/", "social"),
        ("https://example.org/links", "elsewhere"),
        ("https://notgoogle.com/", "elsewhere"),
        ("https://docs.google.com/", "elsewhere"),
        ("https://netflix.com/", "elsewhere"),
    ],
)
def test_other_sites_are_told_apart(reader, site, referrer, origin):
    reader.add_init_script(f"Object.defineProperty(document, 'referrer', {{ get: () => '{referrer}' }})")
    reader.goto(site.story.get_absolute_url())
    look(reader)
    assert counted() == {origin: 1}


def test_browser_without_beacons_sends_it_all_the_same(reader, site):
    reader.add_init_script("delete Navigator.prototype.sendBeacon")
    reader.goto(site.story.get_absolute_url())
    look(reader)
    assert counted() == {"direct": 1}


def test_closed_storage_keeps_no_read_from_counting(reader, site):
    reader.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException(); } })")
    reader.goto(site.story.get_absolute_url())
    look(reader)
    assert counted() == {"direct": 1}


def test_pages_that_are_no_stories_report_nothing(reader, site):
    for name in ("front page", "section", "flat page"):
        reader.goto(site.addresses[name])
        look(reader)
    assert reader.beacons == []


def test_editor_reads_nothing(open_as, site):
    page = open_as(make_person("Publisher"), user_agent=CHROME)
    page.clock.install()
    page.goto(site.story.get_absolute_url())
    with page.expect_response("**/reads/"):
        page.clock.run_for(LOOKED)
    assert counted() == {"staff": 1}


@pytest.mark.parametrize("agent", [CRAWLERS["Googlebot on a phone"], None])
def test_robot_with_a_whole_browser_reads_nothing(open_page, site, agent):
    page = open_page(user_agent=agent)
    page.clock.install()
    page.goto(site.story.get_absolute_url())
    with page.expect_response("**/reads/"):
        page.clock.run_for(LOOKED)
    assert counted() == {"crawler": 1}


def test_curl_reads_nothing(live_server, site):
    body = f"article={site.story.uid}&from=direct".encode()
    told = {"User-Agent": "curl/8.5.0", "Accept": "*/*"}
    for address, data, headers in (
        (site.story.get_absolute_url(), None, told),
        (reverse("articles:reads"), body, told),
        (reverse("articles:reads"), body, told | {"Origin": live_server.url}),
    ):
        with urlopen(Request(f"{live_server.url}{address}", data, headers)) as response:
            assert response.status in {200, 204}
    assert counted() == {"foreign": 1, "crawler": 1}


def test_shared_preview_reports_nothing(reader, site, settings, live_server):
    publisher = make_person("Publisher")
    link = create_preview_link(site.draft, by=publisher)
    reader.goto(reverse("articles:shared-preview", args=[token_of(link)]))
    assert "nobody may read yet" in reader.content()
    look(reader, 60_000)
    assert reader.beacons == []

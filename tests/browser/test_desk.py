"""The desk in a real browser: an editor's ordinary day, and axe over the pages on which it is spent."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, RefusedReads, Window
from articles.pictures.storing import store_picture
from articles.popularity.standings import make_lists
from tests.browser.test_accessibility import RULES_OF_COLOUR, WIDTHS, violations
from tests.factories import make_article, make_author, make_reads, make_section, make_tag, make_user

# The editor of a body, once it is there.
TYPED = ".desk-editor[data-ready] .desk-prose"

ARTICLES = "/admin/articles/article/"
PICTURES = "/admin/articles/image/"
REPORT = "/admin/articles/standing/"
POPULAR = "/admin/articles/popularchoice/"


@pytest.fixture
def story(live_server):
    make_user(is_superuser=True)
    make_tag("Ferries")
    author = make_author("Tomás Reyes")
    make_article(headline="A library moves, one reader at a time")
    return make_article(
        headline="Ferry service resumes on the northern route",
        body="<p>The first boat left at dawn with sixteen passengers.</p>",
        section=make_section("World"),
        authors=(author,),
        tags=("Ferries",),
        lead_image=store_picture(ContentFile(picture("navy")), alt_text="A ferry at dawn."),
    )


@pytest.fixture
def sign_in(open_page, story):
    def sign_in(**options) -> Page:
        page = open_page(**options)
        page.goto("/admin/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Desk")).to_be_visible()
        return page

    return sign_in


def picture(colour: str) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (640, 400), colour).save(file, "PNG")
    return file.getvalue()


def working_copy_of(story: Article) -> Article:
    return begin_working_copy(story, by=User.objects.get(username="editor"))


def make_popular(*stories: Article) -> None:
    """Reads of now and of long ago, refusals, and the lists that they make."""
    for number, story in enumerate(stories, 1):
        for days in (0, 1, 5, 200):
            make_reads(story, timezone.now() - timedelta(days=days), search=9 // number, popular=2)
        RefusedReads.objects.create(article=story, day=timezone.localdate(), reason="crawler", number=4)
    make_lists(*Window.values)


def choose(page: Page, box: str, typed: str, *, option: str) -> None:
    """Type into a box that proposes rows, and take one of them."""
    page.locator(f"#{box} + .select2-container .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=option).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_editor_finds_a_story_updates_it_and_says_so(sign_in):
    page = sign_in()
    page.get_by_role("link", name="Articles", exact=True).first.click()
    page.locator("#searchbar").fill("northern route")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list .field-headline a").click()

    page.get_by_role("button", name="Edit this story").click()
    body = page.locator(TYPED)
    body.fill(body.inner_text().replace("sixteen", "sixty"))
    page.get_by_label("What readers are told").fill("An earlier version spoke of sixteen passengers.")
    page.get_by_role("button", name="Publish the update and tell readers").click()
    expect(page.locator(".messagelist .success").first).to_contain_text("is published as an update")

    page.get_by_role("link", name="View on site").click()
    expect(page.locator(".prose")).to_contain_text("left at dawn with sixty passengers")
    expect(page.locator("#corrections")).to_contain_text("An earlier version spoke of sixteen passengers.")


def test_editor_publishes_a_story_with_a_picture(sign_in, story):
    page = sign_in()
    page.goto(f"{PICTURES}add/")
    page.locator("#id_file").set_input_files({"name": "tower.png", "mimeType": "image/png", "buffer": picture("teal")})
    page.get_by_label("Alternative text").fill("A lighthouse on a teal sea.")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(f"{ARTICLES}add/")
    page.get_by_label("Headline").first.fill("The last keeper leaves the light")
    page.get_by_label("Dek").fill("She locked the door, then went back for the cat.")
    page.locator(TYPED).fill("The lamp went out on Sunday.")
    choose(page, "id_section", "wor", option="World")
    choose(page, "id_lead_image", "lighthouse", option="lighthouse")
    tags = page.locator("#id_tags + .select2-container .select2-search__field")
    tags.click()
    tags.type("Lighthouses,")
    expect(page.locator(".select2-selection__choice", has_text="Lighthouses")).to_be_visible()
    choose(page, "id_byline", "tom", option="Tomás Reyes")
    page.get_by_role("button", name="Publish", exact=True).click()
    messages = page.locator(".messagelist .success")
    expect(messages.filter(has_text="is published")).to_be_visible()
    expect(messages.filter(has_text="was added successfully")).to_be_visible()

    page.goto("/")
    lead = page.locator(".lead")
    expect(lead.get_by_role("heading")).to_have_text("The last keeper leaves the light")
    expect(lead.get_by_role("img")).to_have_attribute("alt", "A lighthouse on a teal sea.")
    assert lead.get_by_role("img").evaluate("element => element.naturalWidth") > 0
    lead.get_by_role("heading").get_by_role("link").click()
    expect(page.locator(".byline")).to_contain_text("Tomás Reyes")
    expect(page.locator(".tags")).to_have_text("Lighthouses")
    assert Article.objects.published().count() == 3


def test_file_that_is_no_picture_is_refused_with_a_reason(sign_in):
    page = sign_in()
    page.goto(f"{PICTURES}add/")
    page.locator("#id_file").set_input_files({"name": "tower.png", "mimeType": "image/png", "buffer": b"words"})
    page.get_by_label("Alternative text").fill("A lighthouse.")
    save(page)
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".field-file .errorlist")).to_contain_text("JPEG, PNG, WebP and GIF are accepted")
    expect(page.get_by_label("Alternative text")).to_have_value("A lighthouse.")


def test_what_has_the_focus_stays_clear_of_the_buttons(sign_in, story):
    page = sign_in(viewport={"width": 1280, "height": 700})
    page.goto(f"{ARTICLES}{working_copy_of(story).pk}/change/")
    saving = page.locator(".submit-row").bounding_box()
    assert saving["y"] + saving["height"] <= 700
    field = page.locator("#id_lead_caption")
    page.locator("#id_language").focus()
    while not field.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    box = field.bounding_box()
    assert box["y"] + box["height"] <= saving["y"]


def test_popular_posts_are_arranged_with_the_keyboard_alone(sign_in, story):
    other = Article.objects.exclude(pk=story.pk).get()
    make_popular(story, other)
    page = sign_in(viewport={"width": 375, "height": 800})
    page.goto(POPULAR)
    for headline in (story.headline, other.headline):
        page.get_by_role("button", name=f"Pin “{headline}”").first.press("Enter")
        expect(page.locator(".messagelist .success")).to_have_text(f"“{headline}” is pinned.")
    page.get_by_role("button", name=f"Move “{other.headline}” up").press("Enter")
    pins = page.get_by_role("region", name="Pinned").get_by_role("listitem").get_by_role("link")
    expect(pins).to_have_text([other.headline, story.headline])
    page.get_by_role("button", name="Freeze the list as it is").press("Enter")
    expect(page.get_by_role("region", name="As readers see it now")).to_contain_text("Frozen since")
    page.goto("/")
    expect(page.locator(".popular a")).to_have_text([other.headline, story.headline])


def test_numbers_of_a_chart_open_below_it(sign_in, story):
    make_popular(story)
    page = sign_in()
    page.goto(f"{ARTICLES}{story.pk}/change/")
    page.get_by_role("link", name="Readers", exact=True).click()
    chart = page.get_by_role("img", name="The last 90 days, by the day: 33 reads")
    expect(chart).to_be_visible()
    expect(chart.locator(".reads-column")).to_have_count(90)
    page.locator("summary", has_text="The last 90 days").press("Enter")
    rows = page.get_by_role("region", name="Numbers of “The last 90 days, by the day”").locator("tbody tr")
    expect(rows.first).to_contain_text("so far")
    expect(rows).to_have_count(90)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_page_of_the_desk_has_a_violation(sign_in, open_page, story, width):
    options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}
    stranger, editor = open_page(**options), sign_in(**options)
    make_popular(story)
    visits = [
        (stranger, "/admin/login/"),
        (editor, "/admin/"),
        (editor, ARTICLES),
        (editor, f"{ARTICLES}{story.pk}/change/"),
        (editor, f"{ARTICLES}{working_copy_of(story).pk}/change/"),
        (editor, f"{ARTICLES}add/"),
        (editor, f"{PICTURES}{story.lead_image_id}/change/"),
        (editor, REPORT),
        (editor, f"{ARTICLES}{story.pk}/readers/"),
        (editor, f"{POPULAR}?q=ferry"),
    ]
    found = {}
    for page, address in visits:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found[address, "light"] = violations(page)
        page.emulate_media(color_scheme="dark")
        found[address, "dark"] = violations(page, rules=RULES_OF_COLOUR)
        found[address, "sideways"] = page.evaluate("document.documentElement.scrollWidth") > width
    assert {key: each for key, each in found.items() if each} == {}

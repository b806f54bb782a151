"""Bylines and tags by typing, in a real browser, without a pointer."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.test_accessibility import violations
from tests.factories import make_author, make_draft, make_tag, make_user

TYPED = ".desk-editor[data-ready] .desk-prose"
ADD = reverse("admin:articles_article_add")
BODY = "<p>Manbij was quiet on Friday. Trucks left Manbij at noon, and Raqqa waited for them.</p>"


@pytest.fixture
def desk(open_page, live_server):
    client = Client()
    client.force_login(make_user("chief", is_superuser=True))
    name = settings.SESSION_COOKIE_NAME
    page = open_page()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return page


def visit(page, address=ADD):
    page.goto(address)
    page.locator(TYPED).wait_for()


def search(page, field):
    return page.locator(f"#id_{field} + .select2-container .select2-search__field")


def chosen(page, field):
    shown = page.locator(f"#id_{field} + .select2-container .select2-selection__choice").all()
    return [each.get_attribute("title") for each in shown]


def test_bylines_are_typed_in_their_order(desk):
    make_author("Ana Prado")
    make_author("Zoe Quay")
    make_author("Ana Prado", slug="ana-prado-lisbon")
    visit(desk)
    desk.get_by_label("Headline").first.fill("Ferries return")
    box = search(desk, "byline")
    expect(box).to_have_attribute("aria-label", "Bylines")
    box.focus()
    desk.keyboard.type("zo")
    desk.locator(".select2-results__option", has_text="Zoe Quay").wait_for()
    desk.keyboard.press("Enter")
    desk.keyboard.type("ana")
    expect(desk.locator(".select2-results__option", has_text="Ana Prado (ana-prado-lisbon)")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Bela Novak,")
    assert chosen(desk, "byline") == ["Zoe Quay", "Ana Prado (ana-prado-lisbon)", "Bela Novak"]
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator(".messagelist .success").wait_for()
    story = Article.objects.get()
    names = [(row.author.name, row.author.slug) for row in story.bylines.select_related("author")]
    assert names == [("Zoe Quay", "zoe-quay"), ("Ana Prado", "ana-prado-lisbon"), ("Bela Novak", "bela-novak")]
    assert chosen(desk, "byline") == ["Zoe Quay", "Ana Prado (ana-prado-lisbon)", "Bela Novak"]

    # Taken away and typed again, a name stands last.
    story.refresh_from_db()
    desk.locator("#id_byline + .select2-container [title='Zoe Quay'] .select2-selection__choice__remove").click()
    desk.keyboard.press("Escape")
    search(desk, "byline").focus()
    desk.keyboard.type("Zoe Quay,")
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator(".messagelist .success").wait_for()
    assert [row.author.name for row in story.bylines.select_related("author")] == [
        "Ana Prado",
        "Bela Novak",
        "Zoe Quay",
    ]


def test_tags_of_the_text_are_taken_one_by_one(desk):
    make_tag("Raqqa")
    story = make_draft(headline="Trucks leave Manbij", body=BODY)
    address = reverse("admin:articles_article_change", args=[story.pk])
    visit(desk, address)
    proposals = desk.get_by_role("list", name="Tags proposed from the text")
    first = proposals.get_by_role("button", name="Add the tag").first
    expect(first).to_have_text("+ Raqqa", timeout=10000)
    assert violations(desk) == []
    first.focus()
    desk.keyboard.press("Enter")
    assert chosen(desk, "tags") == ["Raqqa"]
    # The next one has the focus.
    expect(desk.locator(":focus")).to_have_attribute("aria-label", "Add the tag Manbij")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_have_attribute("aria-label", "Do not propose Manbij")
    desk.keyboard.press("Enter")
    expect(proposals.get_by_role("button", name="Manbij")).to_have_count(0)
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator(".messagelist .success").wait_for()
    assert [tag.name for tag in story.tags.all()] == ["Raqqa"]

    # Neither what was taken nor what was dismissed comes back.
    with desk.expect_response("**/tag-proposals/") as answer:
        visit(desk, address)
    assert [each["name"] for each in answer.value.json()["results"]] == []


def test_proposals_follow_what_is_typed(desk):
    make_tag("Ferries")
    visit(desk)
    assert desk.locator(".tag-proposals").is_hidden()
    desk.locator(TYPED).click()
    desk.keyboard.type("The ferries left at noon. Ferries left at dawn.")
    expect(desk.get_by_role("button", name="Add the tag Ferries")).to_be_visible(timeout=10000)

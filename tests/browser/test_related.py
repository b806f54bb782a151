"""Related stories in a real browser: cards below a story, the panel at the desk, the queue of what waits."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import NearDuplicate, RelatedLink, SuggestionChoice, Tag
from tests.browser.sample_site import LONG_HEADLINE, make_picture
from tests.browser.test_accessibility import RULES_OF_COLOUR, WIDTHS, violations
from tests.factories import make_article, make_section, make_suggestion, make_tag, make_user

KIND = SuggestionChoice.Kind


@pytest.fixture
def story(live_server):
    """A story with a related one of every kind."""
    world = make_section("World")
    syria, ferries = make_tag("Syria"), make_tag("Ferries")
    Tag.objects.filter(pk=syria.pk).update(kind=Tag.Kind.PLACE)
    story = make_article(
        headline="The story",
        section=world,
        tags=("Syria", "Ferries"),
        body='<p>One.</p><aside data-related="1"></aside>',
    )
    inline = make_article(headline="Within the text")
    RelatedLink.objects.create(article=story, headline="x", target=inline, marker=1)
    RelatedLink.objects.create(article=story, headline="Not written yet", position=1)
    pinned = make_article(headline="Pinned by an editor", section=world)
    SuggestionChoice.objects.create(article=story, target=pinned, kind=KIND.PINNED)
    found = {
        LONG_HEADLINE: {"tags": [ferries.pk, syria.pk]},
        "With a picture": {"tags": [syria.pk]},
        "قرية تعيد الماء": {},
        "Beyond the fourth": {"section": False},
        "Beyond the fifth": {},
    }
    for number, (headline, reasons) in enumerate(found.items()):
        values = {"language": "ar"} if number == 2 else {"lead_image": make_picture("teal")} if number == 1 else {}
        target = make_article(headline=headline, section=world, **values)
        make_suggestion(story, target, score=9 - number, reasons=reasons)
    twin = make_article(headline="A copy of it")
    NearDuplicate.objects.create(article=story, twin=twin, likeness=0.97)
    return story


def desk_page(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def overflow(page, selector):
    return page.evaluate("s => { const e = document.querySelector(s); return e.scrollWidth > e.clientWidth }", selector)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_cards_stand_below_the_story(open_page, story, width):
    page = open_page(viewport={"width": width, "height": 900})
    page.goto(story.get_absolute_url())
    related = page.get_by_role("region", name="Related stories")
    expect(related).to_have_attribute("data-origin", "related")
    expect(related.get_by_role("heading", level=3)).to_have_text(
        ["Pinned by an editor", LONG_HEADLINE, "With a picture", "قرية تعيد الماء", "Beyond the fourth"]
    )
    expect(related.locator(".label")).to_have_text(
        ["Also read", "More on Ferries", "More in Syria", "More in World", "See also"]
    )
    expect(related.get_by_role("link", name="Not written yet")).to_have_count(0)
    expect(related.get_by_text("Not written yet")).to_be_visible()
    assert related.get_by_role("img").evaluate("image => image.naturalWidth") > 0
    assert not overflow(page, ".related")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, rules=RULES_OF_COLOUR) == []


def test_whole_card_leads_to_its_story_and_its_label_to_more(page, story):
    page.goto(story.get_absolute_url())
    card = page.locator(".related .card").filter(has_text="With a picture")
    card.locator(".card-picture").click(force=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("With a picture")
    page.go_back()
    page.get_by_role("link", name="More in Syria").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Syria")


def test_printed_page_keeps_the_cards_whole(page, story):
    page.goto(story.get_absolute_url())
    page.emulate_media(media="print")
    assert page.locator(".related .card").first.evaluate("card => getComputedStyle(card).breakInside") == "avoid"


def test_editor_decides_by_keyboard_and_keeps_what_is_typed(open_as, story):
    page = open_as(make_user(is_superuser=True), viewport={"width": 1280, "height": 900})
    page.goto(desk_page(story))
    page.locator("#id_reason").fill("Typed and not saved")
    panel = page.locator("#related-panel")
    pin = panel.get_by_role("button", name="Pin “With a picture”")
    pin.focus()
    page.keyboard.press("Enter")
    told = panel.get_by_role("status")
    expect(told).to_have_text("“With a picture” stands before all that was found.")
    expect(told).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#related-panel :focus")).to_have_count(1)
    panel.get_by_role("button", name=f"Never again “{LONG_HEADLINE}”").click()
    expect(panel.get_by_text("1 left out")).to_be_visible()
    field = panel.get_by_label("Pin another story: its address")
    field.fill("no-such-story")
    field.press("Enter")
    expect(panel.get_by_role("status")).to_contain_text("Nothing was changed.")
    expect(page.locator("#id_reason")).to_have_value("Typed and not saved")
    assert page.url.endswith(desk_page(story))

    page.goto(story.get_absolute_url())
    titles = page.locator(".related h3").all_inner_texts()
    assert titles[:2] == ["Pinned by an editor", "With a picture"]
    assert LONG_HEADLINE not in titles


def test_decisions_are_made_without_script_too(open_as, story):
    page = open_as(make_user(is_superuser=True), java_script_enabled=False)
    page.goto(desk_page(story))
    page.get_by_role("button", name="Hide “With a picture”").click()
    expect(page.locator(".messagelist")).to_contain_text("“With a picture” does not stand beside this story any more.")
    assert story.suggestion_choices.filter(kind=KIND.HIDDEN).count() == 1


def test_session_that_ended_is_told(open_as, story, complaints):
    page = open_as(make_user(is_superuser=True))
    page.goto(desk_page(story))
    page.context.clear_cookies()
    page.locator("#related-panel").get_by_role("button", name="Hide “With a picture”").click()
    expect(page.locator("#related-panel").get_by_role("status")).to_contain_text("Nothing was changed.")
    assert story.suggestion_choices.filter(kind=KIND.HIDDEN).count() == 0
    complaints[:] = [each for each in complaints if "403" not in each]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_panel_and_queue_have_no_violation(open_as, story, width):
    make_article(headline="Not written at all")
    page = open_as(make_user(is_superuser=True), viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for address in (desk_page(story), reverse("admin:articles_article_unresolved")):
        page.emulate_media(color_scheme="light")
        page.goto(address)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, rules=RULES_OF_COLOUR) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_waiting_headline_is_pointed_at_its_story(open_as, story):
    make_article(headline="Not written at all")
    page = open_as(make_user(is_superuser=True))
    page.goto(reverse("admin:articles_article_unresolved"))
    button = page.get_by_role("button", name="Lead there from “Not written yet” to “Not written at all”")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("“Not written yet” leads to “Not written at all” now.")
    page.goto(story.get_absolute_url())
    expect(page.locator(".related").get_by_role("link", name="Not written at all")).to_be_visible()

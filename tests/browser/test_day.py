"""The day of each role at the desk, in a real browser, with its clicks counted where they are promised to be few."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.editorial.publishing import publish_article
from articles.editorial.reviewing import approve_article, submit_article
from articles.models import Article, Author, CheckRule, SiteSettings
from tests.factories import make_author, make_person, make_ready_draft, make_section, make_tag, make_user

TYPED = ".desk-editor[data-ready] .desk-prose"
ARTICLES = "/admin/articles/article/"
MOST_CLICKS_TO_PUBLISH = 4

# Presses of the mouse on this page and on those before it; what the keyboard presses has no detail.
COUNT_CLICKS = """addEventListener('click', event => {
    if (event.isTrusted && event.detail) {
        sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
    }
}, true);"""


@pytest.fixture
def world(transactional_db):
    SiteSettings.objects.load()
    make_tag("Ferries")
    return make_section()


def address(story):
    return f"{ARTICLES}{story.pk}/change/"


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def said(page, words):
    expect(page.locator(".messagelist")).to_contain_text(words)


def choose_section(page, typed, *, option):
    page.locator("#id_section + .select2-container .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=option).click()


def type_story(page):
    """By the keyboard alone, from one field to the next."""
    page.locator("#id_headline").focus()
    page.keyboard.type("The last keeper leaves the light")
    page.keyboard.press("Tab")
    page.keyboard.type("She locked the door, then went back for the cat.")
    page.locator(TYPED).focus()
    page.keyboard.type("The lamp went out on Sunday.")
    page.keyboard.press("Enter")
    page.keyboard.type("Nobody rowed over to see why.")
    for field, names in (("byline", "Tomás Reyes,"), ("tags", "Ferries,")):
        box = page.locator(f"#id_{field} + .select2-container .select2-search__field")
        box.focus()
        page.keyboard.type(names)
        expect(page.locator(f".field-{field} .select2-selection__choice")).to_have_count(1)


def test_typed_story_is_published_in_at_most_four_clicks(open_as, world):
    make_author("Tomás Reyes")
    page = open_as(make_person("Publisher"))
    page.add_init_script(COUNT_CLICKS)
    page.goto(f"{ARTICLES}add/")
    page.locator(TYPED).wait_for()
    type_story(page)
    assert page.evaluate("sessionStorage.clicks") is None

    choose_section(page, "wor", option="World")
    press(page, "Publish")

    said(page, "is published")
    assert int(page.evaluate("sessionStorage.clicks")) <= MOST_CLICKS_TO_PUBLISH
    story = Article.objects.published().get()
    assert story.body == "<p>The lamp went out on Sunday.</p>\n<p>Nobody rowed over to see why.</p>"
    page.goto(story.get_absolute_url())
    expect(page.locator(".byline")).to_contain_text("Tomás Reyes")


def test_reporter_drafts_and_submits(open_as, world):
    reporter = make_person("Reporter")
    make_author("Tomás Reyes", user=reporter)
    make_ready_draft(headline="A story of somebody else")
    page = open_as(reporter)
    page.goto("/admin/")
    page.locator(".model-article").get_by_role("link", name="Add").first.click()
    page.locator(TYPED).wait_for()
    type_story(page)
    choose_section(page, "wor", option="World")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    press(page, "Submit for review")
    said(page, "is submitted for review")

    page.locator("#result_list").get_by_role("link", name="The last keeper leaves the light").click()
    # What is in review is the reviewer's: it is read, and not changed.
    expect(page.locator(TYPED)).to_have_count(0)
    expect(page.locator(".field-headline .readonly")).to_have_text("The last keeper leaves the light")
    expect(page.locator("button[name=_move]")).to_have_count(0)
    assert Article.objects.get(created_by=reporter).status == "in_review"


def test_editor_returns_corrects_and_approves(open_as, world):
    reporter = make_person("Reporter")
    story = make_ready_draft(section=world, created_by=reporter, headline="Ferries return")
    submit_article(story, by=reporter)
    page = open_as(make_person("Editor"))
    page.goto(ARTICLES)
    page.locator("#changelist-filter").get_by_role("link", name="In review").click()
    page.locator("#result_list").get_by_role("link", name="Ferries return").click()

    press(page, "Return to draft (say why)")
    expect(page.locator(".field-reason")).to_contain_text("needs a reason")
    page.get_by_label("Reason").fill("Who counted the passengers?")
    press(page, "Return to draft (say why)")
    said(page, "is returned to draft")
    submit_article(Article.objects.get(), by=reporter)

    page.goto(address(story))
    page.locator(TYPED).fill("Sixty passengers, by the purser’s count, left at dawn.")
    press(page, "Approve")
    said(page, "is approved")
    approved = Article.objects.get()
    assert (approved.status, approved.body) == (
        "approved",
        "<p>Sixty passengers, by the purser’s count, left at dawn.</p>",
    )
    page.goto(address(story))
    page.locator("summary", has_text="Activity").click()
    expect(page.locator(".desk-activity")).to_contain_text("Who counted the passengers?")


def test_publisher_schedules_publishes_updates_corrects_and_withdraws(open_as, open_page, world):
    editor = make_person("Editor")
    story = make_ready_draft(section=world, headline="Ferries return", slug="ferries-return")
    submit_article(story, by=editor)
    approve_article(story, by=editor)
    page = open_as(make_person("Publisher"))

    page.goto(address(story))
    page.fill("#id_published_at_0", "2031-05-01")
    page.fill("#id_published_at_1", "06:00")
    press(page, "Publish")
    said(page, "is scheduled for 1 May 2031, 06:00 UTC")
    assert not Article.objects.published().exists()

    page.goto(address(story))
    press(page, "Publish now")
    said(page, "is published before its time")
    place = Article.objects.published().get().get_absolute_url()

    page.goto(address(story))
    press(page, "Edit this story")
    page.locator(TYPED).fill("The first boat left at six.")
    page.get_by_label("What readers are told").fill("The time of the first boat is known.")
    press(page, "Publish the update and tell readers")
    said(page, "is published as an update")

    page.goto(address(story))
    page.get_by_text("Add another Correction").click()
    page.fill("#id_corrections-1-text", "The boat left at six, not at dawn.")
    press(page, "Save and continue editing")
    said(page, "was changed successfully")
    page.goto(place)
    expect(page.locator(".prose")).to_contain_text("left at six")
    expect(page.locator("#corrections")).to_contain_text("not at dawn")
    expect(page.locator("#corrections")).to_contain_text("is known")

    page.goto(address(story))
    page.get_by_label("Reason").fill("It names somebody who asked not to be named.")
    press(page, "Withdraw (say why)")
    said(page, "is withdrawn")
    answer = open_page().request.get(place)
    assert answer.status == 410
    assert "Ferries return" not in answer.text()


def test_contributor_sees_no_draft_of_others_and_makes_no_author(open_as, world):
    make_ready_draft(headline="A story of somebody else")
    contributor = make_person("Contributor")
    page = open_as(contributor)
    page.goto(ARTICLES)
    expect(page.locator("#result_list")).to_have_count(0)
    page.goto(f"{ARTICLES}add/")
    page.locator(TYPED).wait_for()
    page.fill("#id_headline", "From outside")
    page.locator("#id_byline + .select2-container .select2-search__field").focus()
    page.keyboard.type("Nobody Known,")
    press(page, "Save")
    expect(page.locator(".field-byline")).to_contain_text("you may not add authors")
    assert not Author.objects.filter(name="Nobody Known").exists()
    expect(page.locator("#id_headline")).to_have_value("From outside")


def test_administrator_decides_what_a_section_asks_and_who_writes_there(open_as, world):
    make_user("ana")
    story = make_ready_draft(section=world, dek="", headline="Ferries return", slug="ferries-return")
    page = open_as(make_person("Administrator"))
    page.goto(f"/admin/articles/section/{world.pk}/change/")
    page.locator("#id_check_dek").select_option("blocking")
    press(page, "Save")
    said(page, "was changed successfully")
    assert CheckRule.objects.get().section == world
    page.goto(address(story))
    press(page, "Publish")
    said(page, "It has no dek")
    assert not Article.objects.published().exists()

    page.goto("/admin/auth/user/")
    page.locator("#result_list").get_by_role("link", name="ana").click()
    page.get_by_role("option", name="Reporter").first.dblclick()
    press(page, "Save")
    said(page, "was changed successfully")


def test_story_on_a_phone_is_written_and_published(open_as, world):
    """375 px wide, in the dark, a finger at a time."""
    make_author("Tomás Reyes")
    options = {"viewport": {"width": 375, "height": 740}, "color_scheme": "dark", "has_touch": True}
    page = open_as(make_person("Publisher"), **options)
    page.goto(f"{ARTICLES}add/")
    page.locator(TYPED).wait_for()
    type_story(page)
    choose_section(page, "wor", option="World")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Publish", exact=True).tap()
    said(page, "is published")
    assert Article.objects.published().filter(published_at__lte=timezone.now()).count() == 1


def test_silent_fix_takes_four_clicks_from_the_list(open_as, world):
    publisher = make_person("Publisher")
    story = make_ready_draft(section=world, headline="Feries return", slug="ferries-return")
    publish_article(story, by=publisher)
    page = open_as(publisher)
    page.add_init_script(COUNT_CLICKS)
    page.goto(ARTICLES)
    page.locator("#result_list").get_by_role("link", name="Feries return").click()
    press(page, "Edit this story")
    page.locator("#id_headline").fill("Ferries return")
    press(page, "Publish as a silent fix")
    said(page, "is published as a silent fix")
    assert int(page.evaluate("sessionStorage.clicks")) <= MOST_CLICKS_TO_PUBLISH
    assert Article.objects.get().headline == "Ferries return"

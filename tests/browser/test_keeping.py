"""What is typed and not saved is never lost, in a real browser: killed, signed out, offline, or on another machine."""

import os
import re
import signal
import subprocess
import time
from contextlib import suppress

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, expect

from articles.models import Article, Autosave, RelatedLink
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.factories import make_draft, make_section, make_user

TYPED = ".desk-editor[data-ready] .desk-prose"
READY = ".desk-keeping[data-ready]"
# Whether there is something to offer is asked once more a moment later; then it is known.
LOOKED = ".desk-keeping[data-looked]"
OFFER = ".desk-offer"
ADD = reverse("admin:articles_article_add")


def page_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def session_of(person, live_server):
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.fixture
def chief(live_server):
    return make_user("chief", is_superuser=True)


@pytest.fixture
def desk(open_page, chief, live_server):
    """A page at which the chief is signed in."""

    def open_desk(person=chief, **options):
        page = open_page(**options)
        page.context.add_cookies([session_of(person, live_server)])
        return page

    return open_desk


def visit(page, address):
    page.goto(address)
    page.locator(TYPED).wait_for()
    page.locator(READY).wait_for(state="attached")


def type_at_the_end(page, words):
    page.locator(TYPED).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def is_kept(page, place="Kept in this browser"):
    expect(page.locator(".desk-kept-times")).to_contain_text(place)


def text_of(page):
    return page.locator(TYPED).inner_text()


def process_of(profile):
    """The one browser that works with this profile, and none of its children."""
    lines = subprocess.run(
        ["ps", "-axww", "-o", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = [line for line in lines if f"--user-data-dir={profile}" in line and "--type=" not in line]
    return int(found[0].split()[0])


def test_browser_killed_in_mid_sentence_loses_five_seconds_at_most(browser, chromium, live_server, chief, tmp_path):
    story = make_draft(body="<p>It began so.</p>")
    arguments = CHROMIUM_ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])

    def start():
        context = browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=chromium, args=arguments, base_url=live_server.url
        )
        context.add_cookies([session_of(chief, live_server)])
        page = context.pages[0]
        # The server is not to help.
        page.route("**/autosave/**", lambda route: route.abort())
        visit(page, page_of(story))
        return context, page

    context, page = start()
    page.locator(TYPED).click()
    page.keyboard.press("Control+End")
    typed = []
    began = time.monotonic()
    while time.monotonic() - began < 9:
        word = f" word{len(typed)}"
        page.keyboard.type(word, delay=15)
        typed.append((time.monotonic(), word))
    os.kill(process_of(tmp_path), signal.SIGKILL)
    killed = time.monotonic()
    with suppress(Error):
        context.close()

    context, page = start()
    try:
        expect(page.locator(OFFER)).to_contain_text(re.compile(r"Text typed at \d\d:\d\d was not saved"))
        assert "word" not in text_of(page)
        page.get_by_role("button", name="Restore").click()
        kept = text_of(page)
        must_be_there = [word for moment, word in typed if moment < killed - 5]
        assert len(must_be_there) > 10
        assert [word for word in must_be_there if word not in kept] == []
    finally:
        context.close()


def test_everything_in_the_form_is_given_back(desk):
    world = make_section("World")
    target = make_draft(headline="The harbour counts its cranes")
    story = make_draft(section=make_section("Culture"))
    stored = RelatedLink.objects.create(article=story, headline="Stored before")
    page = desk()
    visit(page, page_of(story))
    page.get_by_label("Headline").first.fill("A new headline")
    page.get_by_label("Dek").fill("A new dek")
    type_at_the_end(page, " More words.")
    page.locator("#id_section + .select2-container .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill("wor")
    page.locator(".select2-results__option", has_text="World").click()
    tags = page.locator("#id_tags + .select2-container .select2-search__field")
    tags.click()
    tags.type("Quays,")
    for name in ("Zoe Quay", "Ana Prado"):
        page.locator("#id_byline + .select2-container .select2-search__field").type(f"{name},")
    page.locator("#id_published_at_0").fill("2031-05-01")
    page.locator("#id_published_at_1").fill("06:00:00")
    page.locator("#id_related_links-0-headline").fill("Stored and changed")
    page.get_by_role("toolbar").get_by_role("button", name="Related story").click()
    page.get_by_role("dialog").get_by_role("button", name=target.headline).click()
    page.get_by_text("Add another Correction").click()
    page.locator("#id_corrections-0-text").fill("It was noon.")
    is_kept(page)
    page.wait_for_timeout(2500)
    page.goto("/admin/")

    visit(page, page_of(story))
    page.locator(f"{OFFER} summary").click()
    expect(page.locator(f"{OFFER} dt", has_text="Headline").first).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(OFFER)).to_contain_text("Restored: ")
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").first.wait_for()
    story.refresh_from_db()
    assert (story.headline, story.dek, story.section) == ("A new headline", "A new dek", world)
    assert "More words." in story.body
    assert story.published_at.year == 2031
    assert [tag.name for tag in story.tags.all()] == ["Quays"]
    assert [row.author.name for row in story.bylines.all()] == ["Zoe Quay", "Ana Prado"]
    assert [link.headline for link in story.related_links.order_by("pk")] == ["Stored and changed", target.headline]
    assert story.related_links.get(marker=1).target == target
    assert stored.pk in story.related_links.values_list("pk", flat=True)
    assert story.corrections.get().text == "It was noon."

    # What is saved is offered no more, here or from the server.
    page.locator(READY).wait_for(state="attached")
    page.locator(LOOKED).wait_for(state="attached")
    expect(page.locator(OFFER)).to_be_hidden()
    assert not Autosave.objects.exists()


def test_new_story_is_offered_in_the_next_form_and_gone_once_saved(desk):
    page = desk()
    visit(page, ADD)
    page.get_by_label("Headline").first.fill("Ferries return")
    type_at_the_end(page, "The first boat left.")
    is_kept(page, "on the server")
    visit(page, ADD)
    expect(page.locator(OFFER)).to_contain_text("was not saved: “Ferries return”")
    assert page.get_by_label("Headline").first.input_value() == ""
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_label("Headline").first).to_have_value("Ferries return")
    assert "The first boat left." in text_of(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    assert Article.objects.get().body == "<p>The first boat left.</p>"
    visit(page, ADD)
    page.locator(LOOKED).wait_for(state="attached")
    expect(page.locator(OFFER)).to_be_hidden()
    assert not Autosave.objects.exists()


def test_text_typed_on_another_machine_is_offered_from_the_server(desk):
    story = make_draft(body="<p>One.</p>")
    there = desk()
    visit(there, page_of(story))
    type_at_the_end(there, " Two.")
    is_kept(there, "on the server")

    here = desk()
    visit(here, page_of(story))
    expect(here.locator(OFFER)).to_contain_text("elsewhere was not saved")
    here.get_by_role("button", name="Restore").click()
    assert text_of(here).strip() == "One. Two."


def test_nobody_is_offered_what_somebody_else_typed(desk, live_server):
    story = make_draft(body="<p>One.</p>")
    page = desk()
    visit(page, page_of(story))
    type_at_the_end(page, " Two.")
    is_kept(page, "on the server")
    page.goto("/admin/")
    other = make_user("other", is_superuser=True)
    page.context.add_cookies([session_of(other, live_server)])
    visit(page, page_of(story))
    page.locator(LOOKED).wait_for(state="attached")
    expect(page.locator(OFFER)).to_be_hidden()


def test_signed_out_person_keeps_the_text_and_can_save_it_after_signing_in(desk, live_server, chief, complaints):
    story = make_draft(body="<p>One.</p>")
    page = desk()
    visit(page, page_of(story))
    Session.objects.all().delete()
    type_at_the_end(page, " Two.")
    trouble = page.locator(".desk-kept-trouble")
    expect(trouble).to_contain_text("You are signed out: your text is kept in this browser", timeout=15000)
    is_kept(page)
    with page.context.expect_page() as opened:
        trouble.get_by_role("link", name="sign in again in another tab").click()
    tab = opened.value
    tab.get_by_label("Username").fill("chief")
    tab.get_by_label("Password").fill("correct horse battery")
    tab.get_by_role("button", name="Log in").click()
    tab.get_by_role("heading", name="Desk").wait_for()
    tab.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(trouble).to_have_text("", timeout=30000)
    # The form has the new session's token.
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").wait_for()
    story.refresh_from_db()
    assert story.body == "<p>One. Two.</p>"
    # The token of the session that ended was refused, once.
    assert all("403" in each for each in complaints)
    complaints.clear()


def test_line_says_that_the_server_does_not_answer(desk, complaints):
    page = desk()
    visit(page, page_of(make_draft(body="<p>One.</p>")))
    page.context.set_offline(offline=True)
    type_at_the_end(page, " Two.")
    trouble = page.locator(".desk-kept-trouble")
    expect(trouble).to_contain_text("The server does not answer: your text is kept in this browser")
    assert trouble.get_attribute("role") == "status"
    is_kept(page)
    page.context.set_offline(offline=False)
    page.evaluate("dispatchEvent(new Event('online'))")
    is_kept(page, "on the server")
    expect(trouble).to_have_text("")
    complaints.clear()


def test_leaving_asks_only_while_something_is_not_on_the_server(desk, complaints):
    page = desk()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visit(page, page_of(make_draft(body="<p>One.</p>")))
    type_at_the_end(page, " Two.")
    is_kept(page, "on the server")
    page.goto("/admin/")
    assert asked == []
    page.route("**/autosave/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    visit(page, page_of(make_draft(body="<p>One.</p>")))
    type_at_the_end(page, " Three.")
    page.goto("/admin/")
    assert asked == ["beforeunload"]
    complaints.clear()


def test_form_with_errors_goes_on_being_kept(desk):
    story = make_draft(headline="Ferries", body="<p>One.</p>")
    page = desk()
    visit(page, page_of(story))
    type_at_the_end(page, " Two.")
    page.locator("#id_slug").fill("not a slug!")
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".errornote").wait_for()
    page.locator(READY).wait_for(state="attached")
    expect(page.locator(OFFER)).to_be_hidden()
    is_kept(page)
    page.goto("/admin/")
    visit(page, page_of(story))
    page.get_by_role("button", name="Restore").click()
    assert text_of(page).strip() == "One. Two."
    expect(page.locator("#id_slug")).to_have_value("not a slug!")


def test_discarded_text_is_gone_unless_it_is_taken_back(desk):
    story = make_draft(body="<p>One.</p>")
    page = desk()
    visit(page, page_of(story))
    type_at_the_end(page, " Two.")
    is_kept(page, "on the server")
    visit(page, page_of(story))
    page.get_by_role("button", name="Discard").click()
    page.locator(OFFER).get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(OFFER).get_by_role("button", name="Undo")).to_be_visible()
    page.wait_for_timeout(500)
    visit(page, page_of(story))
    page.locator(LOOKED).wait_for(state="attached")
    expect(page.locator(OFFER)).to_be_hidden()
    assert text_of(page).strip() == "One."
    assert not Autosave.objects.exists()


def test_story_that_was_saved_since_is_told_apart_field_by_field(desk):
    story = make_draft(headline="Ferries", dek="Before", body="<p>One.</p>")
    page = desk()
    visit(page, page_of(story))
    page.get_by_label("Dek").fill("Mine")
    type_at_the_end(page, " Two.")
    is_kept(page, "on the server")
    Article.objects.filter(pk=story.pk).update(dek="Theirs", headline="Ferries are back")
    visit(page, page_of(story))
    expect(page.locator(OFFER)).to_contain_text("The story was saved since")
    page.locator(f"{OFFER} summary").click()
    expect(page.locator(f"{OFFER} dt", has_text="saved otherwise since")).to_have_text("Dek (saved otherwise since)")
    page.get_by_role("button", name="Restore").click()
    # What this person did not touch stays as the others left it.
    expect(page.get_by_label("Headline").first).to_have_value("Ferries are back")
    expect(page.get_by_label("Dek")).to_have_value("Mine")


@pytest.mark.parametrize("width", [375, 1280])
def test_offer_has_no_violation_by_day_and_by_night(desk, width):
    story = make_draft(body="<p>One.</p>")
    page = desk(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    visit(page, page_of(story))
    type_at_the_end(page, " Two.")
    is_kept(page)
    visit(page, page_of(story))
    page.locator(f"{OFFER} summary").click()
    for scheme, rules in (("light", None), ("dark", RULES_OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

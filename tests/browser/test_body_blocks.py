"""What comes into a body from elsewhere, in a real browser: pictures, footnotes, embeds."""

# ruff: noqa: F811 - fixtures of the other file are imported by name

import base64

import pytest
from playwright.sync_api import expect

from articles.models import Image
from articles.pictures.storing import store_picture
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.browser.test_body_editor import PASTE, TYPED, open_desk, press, save, shelf, written  # noqa: F401 - fixtures
from tests.browser.test_pictures import noise
from tests.factories import make_article, make_draft, make_user
from tests.pictures.samples import picture_file
from tests.pictures.test_embedded import XMP

# Hands files to the text as a drop upon its n-th block, or a paste at the cursor, would; HTML beside them.
HAND_OVER = """([kind, files, at, html]) => {
    const transfer = new DataTransfer();
    for (const [name, type, content] of files) {
        transfer.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name, { type }));
    }
    if (html) transfer.setData("text/html", html);
    const block = document.querySelector(".desk-prose").children[at];
    const box = block.getBoundingClientRect();
    const options = { bubbles: true, cancelable: true, clientX: box.left + 5, clientY: box.bottom - 3 };
    block.dispatchEvent(kind === "drop"
        ? new DragEvent("drop", { ...options, dataTransfer: transfer })
        : new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
}"""
COUNT_CLICKS = "addEventListener('click', (event) => { window.clicks = (window.clicks || 0) + event.isTrusted; }, true)"
TWO = "<p>One.</p>\n<p>Two.</p>"


def hand_over(page, kind, *files, at=0, html=""):
    told = [[name, "image/jpeg", base64.b64encode(content).decode()] for name, content in files]
    page.evaluate(HAND_OVER, [kind, told, at, html])


def dialog_of(page):
    return page.get_by_role("dialog")


def put(page):
    dialog_of(page).get_by_role("button", name="Put it into the text").click()


# Pictures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_picture_stands_where_it_came_and_its_words_come_from_the_file(open_desk, kind):
    story = make_draft(body=TWO)
    page = open_desk(story)
    page.locator(TYPED).press("Control+Home")
    hand_over(page, kind, ("ferry.jpg", noise(xmp=XMP)))
    expect(dialog_of(page).get_by_label("Caption")).to_have_value("The first boat leaves.")
    dialog_of(page).get_by_label("What it shows").fill("A ferry leaves.")
    put(page)
    expect(page.locator(TYPED).locator("figure img")).to_be_visible()
    image = Image.objects.get()
    assert written(page) == f'<p>One.</p>\n<figure data-image="{image.uid}"></figure>\n<p>Two.</p>'
    assert (image.alt_text, image.caption, image.taken_on) == (
        "A ferry leaves.",
        "The first boat leaves.",
        image.taken_on,
    )
    save(page)
    story.refresh_from_db()
    assert str(image.uid) in story.body


def test_picture_in_the_upper_half_of_a_block_stands_before_it(open_desk):
    page = open_desk(make_draft(body=TWO))
    page.evaluate(HAND_OVER.replace("box.bottom - 3", "box.top + 3"), ["drop", [["a.jpg", "image/jpeg", base64.b64encode(noise()).decode()]], 0, ""])  # fmt: skip
    dialog_of(page).get_by_label("Decorative").check()
    put(page)
    expect(page.locator(TYPED).locator("figure img")).to_be_visible()
    assert written(page).startswith("<figure data-image=")


def test_several_pictures_come_one_after_another_in_their_order(open_desk):
    page = open_desk(make_draft(body=TWO))
    hand_over(page, "drop", ("a.jpg", noise()), ("b.jpg", noise()), ("c.jpg", noise()))
    for number, words in enumerate(("First.", None, "Third."), 1):
        expect(dialog_of(page).get_by_role("heading")).to_have_text(f"Picture {number} of 3")
        if words:
            dialog_of(page).get_by_label("What it shows").fill(words)
            put(page)
        else:
            dialog_of(page).get_by_role("button", name="Leave it out").click()
    expect(dialog_of(page)).to_have_count(0)
    first, third = Image.objects.order_by("pk")
    figures = f'<figure data-image="{first.uid}"></figure>\n<figure data-image="{third.uid}"></figure>'
    assert written(page) == f"<p>One.</p>\n{figures}\n<p>Two.</p>"


def test_picture_without_words_is_refused_and_nothing_typed_is_lost(open_desk, complaints):
    page = open_desk(make_draft(body=TWO))
    hand_over(page, "drop", ("a.jpg", noise()))
    dialog = dialog_of(page)
    dialog.get_by_label("Credit").fill("Ana Prado")
    put(page)
    expect(dialog).to_contain_text("Say what the picture shows, or mark it as decorative.")
    expect(dialog.get_by_label("What it shows")).to_be_focused()
    page.route("**/from-text/", lambda route: route.abort())
    dialog.get_by_label("What it shows").fill("A ferry.")
    put(page)
    expect(dialog).to_contain_text("The server did not answer.")
    assert dialog.get_by_label("Credit").input_value() == "Ana Prado"
    assert "ERR_FAILED" in complaints.pop()
    page.unroute("**/from-text/")
    put(page)
    expect(page.locator(TYPED).locator("figure img")).to_be_visible()
    assert Image.objects.get().credit == "Ana Prado"


def test_what_is_no_picture_is_refused_in_a_sentence(open_desk):
    page = open_desk(make_draft(body=TWO))
    for content, sentence in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG can carry scripts"),
        (b"%PDF-1.7 x", "not a picture that can be used here"),
        (picture_file("PNG", (9000, 9000), "1", "white").read(), "million pixels"),
    ):
        hand_over(page, "drop", ("x", content))
        expect(dialog_of(page)).to_contain_text(sentence)
        assert dialog_of(page).get_by_role("button", name="Put it").get_attribute("aria-disabled") == "true"
        dialog_of(page).get_by_role("button", name="Leave it out").click()
    assert written(page) == TWO
    assert not Image.objects.exists()


def test_file_that_is_too_large_is_never_sent(open_desk, settings):
    settings.ARTICLES_PICTURE_MAX_BYTES = 1_500_000
    page = open_desk(make_draft(body=TWO))
    hand_over(page, "drop", ("large.jpg", bytes(1_500_001)), ("a.jpg", noise()))
    expect(page.locator(".desk-notice")).to_have_text("“large.jpg” is larger than 1.5 MB.")
    expect(dialog_of(page).get_by_role("heading")).to_have_text("Picture 2 of 2")


def test_file_that_the_library_has_is_used_from_there(open_desk):
    content = noise()
    image = store_picture(picture_of(content), alt_text="A ferry.", caption="At noon.")
    page = open_desk(make_draft(body=TWO))
    hand_over(page, "drop", ("a.jpg", content))
    expect(page.locator(TYPED).locator("figure img")).to_be_visible()
    expect(page.locator(".desk-notice")).to_contain_text("has this picture already")
    assert f'<figure data-image="{image.uid}"></figure>' in written(page)
    assert Image.objects.get() == image


def picture_of(content):
    file = picture_file()
    file.seek(0)
    file.truncate()
    file.write(content)
    return file


def test_who_may_not_add_pictures_is_told_so(open_desk, live_server, client):
    writer = make_user("writer", permissions=("change_article", "view_article", "edit_any_article", "view_image"))
    client.force_login(writer)
    story = make_draft(body=TWO)
    page = open_desk()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.locator(TYPED).wait_for()
    hand_over(page, "drop", ("a.jpg", noise()))
    expect(page.locator(".desk-notice")).to_contain_text("You may not add pictures to the library.")
    press(page, "Picture")
    assert dialog_of(page).get_by_role("button", name="Upload").count() == 0
    dialog_of(page).get_by_role("button", name="Cancel").click()
    assert written(page) == TWO


def test_picture_of_the_library_takes_three_clicks_at_most_and_so_does_a_new_one(open_desk, shelf):
    page = open_desk(make_draft(body=TWO))
    page.locator(TYPED).press("Control+Home")
    page.evaluate(COUNT_CLICKS)
    press(page, "Picture")
    dialog_of(page).get_by_role("button", name="Cranes over a quay.").click()
    expect(page.locator(TYPED).locator("figure img")).to_have_count(1)
    assert page.evaluate("window.clicks") == 2

    page.evaluate("window.clicks = 0")
    press(page, "Picture")
    with page.expect_file_chooser() as chooser:
        dialog_of(page).get_by_role("button", name="Upload").click()
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": noise()})
    dialog_of(page).get_by_label("What it shows").fill("A ferry.")
    put(page)
    expect(page.locator(TYPED).locator("figure img")).to_have_count(2)
    # The button that opens the system's own list of files is one of them.
    assert page.evaluate("window.clicks") == 3


def test_pictures_in_pasted_text_go_into_the_library_or_stay_behind_with_a_sentence(open_desk):
    page = open_desk(make_draft(body=""))
    page.locator(TYPED).click()
    whole = f'<img src="data:image/jpeg;base64,{base64.b64encode(noise()).decode()}">'
    page.evaluate(PASTE, [f'<p>Text.{whole}</p><p><img src="file:///c:/x.png">More.</p>', "Text."])
    expect(page.locator(".desk-notice")).to_contain_text("A picture stayed behind")
    expect(page.locator(".desk-notice")).to_be_in_viewport()
    dialog_of(page).get_by_label("What it shows").fill("A ferry.")
    put(page)
    expect(page.locator(TYPED).locator("figure img")).to_be_visible()
    assert written(page) == f'<p>Text.</p>\n<p>More.</p>\n<figure data-image="{Image.objects.get().uid}"></figure>'


def test_file_that_misses_the_text_does_not_replace_the_page(open_desk):
    page = open_desk(make_draft(body=TWO))
    prevented = """() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["x"], "x.pdf"));
        return !document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }"""
    assert page.evaluate(prevented)


# Footnotes ----------------------------------------------------------------------------------------------------------


def move(page, key):
    """The browser moves the cursor, and tells the editor a moment later."""
    place = "document.querySelector('.desk-prose').editor.state.selection.from"
    before = page.evaluate(place)
    page.locator(TYPED).press(key)
    for _ in range(100):
        if page.evaluate(place) != before:
            return
        page.wait_for_timeout(20)
    raise AssertionError("The cursor has not moved.")


def test_note_is_written_changed_and_removed_by_keyboard(open_desk):
    page = open_desk(make_draft(body="<p>One.</p>"))
    keyboard = page.keyboard
    move(page, "Control+End")
    keyboard.press("Control+Alt+f")
    keyboard.type("Page four")
    keyboard.press("Enter")
    keyboard.type(" Two")
    assert written(page) == '<p>One.<small data-footnote="">Page four</small> Two</p>'
    assert page.get_by_role("img", name="Note: Page four").count() == 1
    for _ in " Two|":
        move(page, "ArrowLeft")
    keyboard.press("Enter")
    keyboard.type(", and five")
    keyboard.press("Enter")
    assert written(page) == '<p>One.<small data-footnote="">Page four, and five</small> Two</p>'
    page.get_by_role("img", name="Note: Page").click()
    keyboard.press("Escape")
    expect(dialog_of(page)).to_have_count(0)
    keyboard.type("!")
    assert written(page) == '<p>One.<small data-footnote="">Page four, and five</small>! Two</p>'
    page.get_by_role("img", name="Note: Page").click()
    dialog_of(page).get_by_role("button", name="Remove the note").click()
    assert written(page) == "<p>One.! Two</p>"


def test_note_in_a_link_stands_behind_it(open_desk):
    page = open_desk(make_draft(body='<p><a href="https://example.org/">There</a></p>'))
    page.locator(TYPED).press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.type("Note")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.evaluate(PASTE, ["", "https://example.org/b"])
    assert written(page) == '<p><a href="https://example.org/b">There</a><small data-footnote="">Note</small></p>'


WORD_NOTES = """<p class=MsoNormal>Ten<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span>[1]</span><![endif]></span></span></a> boats.</p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1 width="33%"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference><span>[1]</span></span></a><span> By the </span><i>Log</i>.<o:p></o:p></p></div></div>"""
GOOGLE_NOTES = """<b style="font-weight:normal;" id="docs-internal-guid-1"><p><span>Ten</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span> boats.</span></p><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;By the </span><span style="font-style:italic">Log</span><span>.</span></p></div></b>"""
LIBRE_NOTES = """<p>Ten<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> boats.</p><div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a> By the <i>Log</i>.</p></div>"""
FROM_NOTES = '<p>Ten<small data-footnote="">By the <em>Log</em>.</small> boats.</p>'


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (WORD_NOTES, FROM_NOTES),
        (GOOGLE_NOTES, f"{FROM_NOTES}\n<hr>"),
        (LIBRE_NOTES, FROM_NOTES),
        ('<p>Ten<a href="#_ftn1" name="_ftnref1">[1]</a> boats.</p>', "<p>Ten[1] boats.</p>"),
    ],
    ids=["Word", "Google Docs", "LibreOffice", "note left behind"],
)
def test_footnotes_of_other_programs_become_footnotes(open_desk, pasted, expected):
    page = open_desk(make_draft(body=""))
    page.locator(TYPED).click()
    page.evaluate(PASTE, [pasted, "plain"])
    assert written(page) == expected


def test_notes_are_no_part_of_the_count(open_desk):
    page = open_desk(make_draft(body='<p>One<small data-footnote="">not counted</small> two.</p>'))
    expect(page.locator(".desk-count")).to_contain_text("2 words")


# Embeds -------------------------------------------------------------------------------------------------------------

ADDRESSES = {
    "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=3s": "youtube:dQw4w9WgXcQ",
    "https://m.youtube.com/shorts/dQw4w9WgXcQ": "youtube:dQw4w9WgXcQ",
    "youtu.be/dQw4w9WgXcQ?si=1": "youtube:dQw4w9WgXcQ",
    "https://vimeo.com/76979871": "vimeo:76979871",
    "https://open.spotify.com/intl-de/track/11dFghVXANMlKmJXsNCbNl?si=1": "spotify:track/11dFghVXANMlKmJXsNCbNl",
    "https://soundcloud.com/forss/flickermood?si=1": "soundcloud:forss/flickermood",
    "https://twitter.com/somebody/status/1234567890?s=20": "x:1234567890",
    "https://x.com/somebody/status/1234567890/photo/1": "x:1234567890",
    "https://datawrapper.dwcdn.net/abcDE/3/": "datawrapper:abcDE",
}
REFUSED = [
    "https://vimeo.com.example.org/76979871",
    "https://example.org/?https://youtu.be/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQx",
    "https://www.youtube.com/@somebody",
    "https://x.com/somebody",
    "javascript:youtu.be/dQw4w9WgXcQ",
    "",
]


def test_dialog_knows_the_addresses_of_providers_and_no_others(open_desk):
    page = open_desk(make_draft(body=""))
    for address, stored in ADDRESSES.items():
        page.evaluate("document.querySelector('.desk-prose').editor.commands.setContent('')")
        press(page, "Embed")
        dialog_of(page).get_by_role("textbox").fill(address)
        put(page)
        assert written(page) == f'<figure data-embed="{stored}"></figure>'
    press(page, "Embed")
    for address in REFUSED:
        dialog_of(page).get_by_role("textbox").fill(address)
        put(page)
        expect(dialog_of(page)).to_contain_text("leads to nothing that can be shown here")


def test_address_alone_on_an_empty_line_becomes_an_embed_and_elsewhere_stays_text(open_desk):
    page = open_desk(make_draft(body="<p>One</p>"))
    page.locator(TYPED).press("Control+End")
    page.keyboard.type(" ")
    page.evaluate(PASTE, ["", "https://youtu.be/dQw4w9WgXcQ"])
    page.keyboard.press("Enter")
    page.evaluate(PASTE, ["", "https://youtu.be/dQw4w9WgXcQ"])
    page.keyboard.type("the song")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, ["", "https://example.org/"])
    assert written(page).splitlines() == [
        "<p>One https://youtu.be/dQw4w9WgXcQ</p>",
        '<figure data-embed="youtube:dQw4w9WgXcQ"><figcaption>the song</figcaption></figure>',
        "<p>https://example.org/</p>",
    ]


# The page -----------------------------------------------------------------------------------------------------------

STORY = """<p>One<small data-footnote="">By the <em>Log</em>.</small>, and two<small data-footnote="">So it says.</small>.</p>
<figure data-embed="youtube:dQw4w9WgXcQ"><figcaption>The song<small data-footnote="">All of it.</small>.</figcaption></figure>
<figure data-embed="soundcloud:forss/flickermood"></figure>
<p>After.</p>"""


@pytest.fixture
def story(db):
    return make_article(body=STORY)


@pytest.fixture
def providers(page):
    """Stands in for all that is not the site itself. Returns what was asked of it."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body="<title>x</title>", content_type="text/html")

    page.context.route(lambda url: "127.0.0.1" not in url and "localhost" not in url, answer)
    return asked


def test_nothing_is_asked_of_a_provider_until_a_reader_asks(page, providers, story, complaints):
    page.goto(story.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert (providers, page.locator("iframe").count()) == ([], 0)
    link = page.get_by_role("link", name="This video on YouTube")
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    expect(page.get_by_text("YouTube then learns of your visit.")).to_be_visible()

    with page.expect_response("https://www.youtube-nocookie.com/**"):
        page.get_by_role("button", name="Load the video from YouTube").press("Enter")
    frame = page.locator("iframe")
    expect(frame).to_be_focused()
    assert frame.get_attribute("src") == "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
    assert frame.get_attribute("title") == "YouTube video: The song."
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    assert providers == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]
    assert page.locator(".embed iframe").bounding_box()["height"] > 100
    # Asked for, and let through by the policy: the one complaint is that of the test's own network.
    assert len(complaints) == 1
    assert "request to another host: https://www.youtube-nocookie.com/" in complaints.pop()


def test_embed_without_script_is_a_link(open_page, story):
    page = open_page(java_script_enabled=False)
    page.goto(story.get_absolute_url())
    assert page.get_by_role("link", name="This video on YouTube").is_visible()
    assert page.get_by_role("button", name="Load the").count() == 0


def test_notes_lead_there_and_back(page, story):
    page.goto(story.get_absolute_url())
    marks = page.locator(".prose [role=doc-noteref]")
    assert marks.all_inner_texts() == ["1", "2", "3"]
    notes = page.locator("[role=doc-endnotes]").get_by_role("listitem")
    assert [text.strip(" ↩") for text in notes.all_inner_texts()] == ["By the Log.", "So it says.", "All of it."]
    marks.nth(1).click()
    assert page.evaluate("location.hash") == "#note-2"
    notes.nth(1).locator("[role=doc-backlink]").click()
    assert page.evaluate("location.hash") == "#note-mark-2"
    page.emulate_media(media="print")
    assert notes.first.is_visible()
    assert not notes.first.locator("[role=doc-backlink]").is_visible()
    assert not page.get_by_role("button", name="Load the").first.is_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_page_with_notes_and_embeds_has_no_violation(open_page, story, width):
    page = open_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.goto(story.get_absolute_url())
    for scheme, rules in (("light", None), ("dark", RULES_OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_dialogs_have_no_violation(open_desk):
    page = open_desk(make_draft(body=STORY), reduced_motion="reduce")
    for scheme, rules in (("light", None), ("dark", RULES_OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules=rules) == []
        for name, leave in (("Embed", "Cancel"), ("Footnote", "Cancel")):
            press(page, name)
            dialog_of(page).wait_for()
            assert violations(page, rules=rules) == []
            dialog_of(page).get_by_role("button", name=leave).click()
        hand_over(page, "drop", ("a.jpg", noise()))
        dialog_of(page).locator("canvas").wait_for()
        put(page)
        expect(dialog_of(page)).to_contain_text("Say what the picture shows")
        assert violations(page, rules=rules) == []
        dialog_of(page).get_by_role("button", name="Leave it out").click()

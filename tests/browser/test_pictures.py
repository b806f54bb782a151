"""The desk's pictures in a browser: taken in by drop, paste and in numbers, and put on a story in few clicks."""

import base64
import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from articles.models import Article, Image
from articles.pictures.storing import store_picture
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.factories import make_draft, make_user
from tests.pictures.samples import picture_file
from tests.pictures.test_embedded import XMP

ADD, SEVERAL, LIBRARY = "/admin/articles/image/add/", "/admin/articles/image/several/", "/admin/articles/image/"
# Hands files to the page as a drop or a paste would.
HAND_OVER = """
([kind, files]) => {
    const transfer = new DataTransfer();
    for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, {type}));
    }
    const event = kind === 'drop'
        ? new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true})
        : new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true});
    document.body.dispatchEvent(event);
}
"""


@pytest.fixture
def desk(open_page, live_server, client):
    """A page of somebody who is signed in."""

    def open_desk(**options):
        page = open_page(**options)
        client.force_login(make_user("chief", is_superuser=True))
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        return page

    return open_desk


def noise(size=(900, 600), **options):
    file = io.BytesIO()
    Pillow.effect_noise(size, 60).convert("RGB").save(file, "JPEG", **options)
    return file.getvalue()


def hand_over(page, kind, *files):
    page.evaluate(HAND_OVER, [kind, [[name, "image/jpeg", base64.b64encode(it).decode()] for name, it in files]])


def as_upload(name, content):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_file_is_taken_in_by_drop_and_by_paste(desk, kind):
    page = desk()
    page.goto(ADD)
    hand_over(page, kind, ("ferry.jpg", noise(xmp=XMP)))
    expect(page.locator("#id_caption")).to_have_value("The first boat leaves.")
    expect(page.locator("#id_alt_text")).to_have_value("A ferry at dawn.")
    expect(page.locator(".picture-whole img")).to_be_visible()
    page.locator("#id_credit").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIBRARY}")
    image = Image.objects.get()
    assert (image.alt_text, image.caption, image.credit) == ("A ferry at dawn.", "The first boat leaves.", "")


def test_refusal_stands_beside_the_file_before_anything_is_sent(desk):
    page = desk()
    page.goto(ADD)
    page.set_input_files("#id_file", as_upload("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    expect(page.get_by_role("alert")).to_contain_text("SVG can carry scripts and is not accepted")


def test_words_pasted_with_a_picture_of_them_stay_words(desk):
    page = desk()
    page.goto(ADD)
    page.evaluate(
        """() => {
            const transfer = new DataTransfer();
            transfer.setData('text/plain', 'A caption');
            transfer.items.add(new File(['bytes'], 'image.png', {type: 'image/png'}));
            const event = new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true});
            document.getElementById('id_caption').dispatchEvent(event);
        }"""
    )
    assert page.locator("#id_file").evaluate("(input) => input.files.length") == 0


@pytest.fixture
def picture(desk):
    """The page of a picture, with the function that tells how its crops are placed."""
    image = store_picture(picture_file(), alt_text="A harbour")
    page = desk(viewport={"width": 1280, "height": 1000})
    page.goto(f"{LIBRARY}{image.pk}/change/")
    return page


def positions(page):
    crops = page.locator(".picture-crops img")
    return set(crops.evaluate_all("(all) => all.map((each) => getComputedStyle(each).objectPosition)"))


def test_focal_point_follows_a_click_and_all_crops_follow_it(picture):
    whole = picture.locator(".picture-whole")
    whole.scroll_into_view_if_needed()
    box = whole.bounding_box()
    whole.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.9})
    assert positions(picture) == {"20% 90%"}
    assert picture.locator(".picture-crops img").count() == 5
    picture.get_by_role("button", name="Save", exact=True).click()
    picture.wait_for_url(f"**{LIBRARY}")
    image = Image.objects.get()
    assert (round(image.focal_x, 1), round(image.focal_y, 1)) == (0.2, 0.9)


def test_focal_point_follows_the_arrow_keys(picture):
    whole = picture.get_by_role("button", name="Focal point")
    whole.focus()
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowLeft", "ArrowRight", "Shift+ArrowDown"):
        picture.keyboard.press(key)
    assert positions(picture) == {"30% 60%"}
    assert picture.locator("#id_focal_x").input_value() == "0.3"
    picture.keyboard.press("Enter")
    assert positions(picture) == {"50% 50%"}


def test_typed_numbers_move_the_crops_too(picture):
    picture.locator("#id_focal_x").fill("1")
    assert positions(picture) == {"100% 50%"}


def row_of(page, name):
    return page.get_by_role("group", name=name)


def test_several_are_kept_and_those_that_are_refused_let_the_others_go_on(desk):
    page = desk()
    page.goto(SEVERAL)
    files = [as_upload("one.jpg", noise()), as_upload("two.jpg", b"words"), as_upload("three.jpg", noise(xmp=XMP))]
    page.set_input_files("#picture-files", files)
    hand_over(page, "drop", ("four.jpg", noise()))
    expect(row_of(page, "two.jpg")).to_contain_text("The file is not a picture that can be used here")
    row_of(page, "one.jpg").get_by_label("Alternative text").fill("Waves")
    expect(page.locator(".picture-sum")).to_have_text("3 to keep, 1 refused.")
    expect(row_of(page, "three.jpg").get_by_label("Caption")).to_have_value("The first boat leaves.")
    page.get_by_role("button", name="Keep the pictures").click()

    expect(row_of(page, "one.jpg")).to_contain_text("Kept: Waves")
    expect(row_of(page, "three.jpg")).to_contain_text("Kept: A ferry at dawn.")
    expect(row_of(page, "four.jpg")).to_contain_text("Say what the picture shows, or mark it as decorative.")
    expect(page.locator(".picture-sum")).to_have_text("2 kept, 1 to keep, 1 refused.")
    row_of(page, "four.jpg").get_by_label("Decorative").check()
    row_of(page, "two.jpg").get_by_role("button", name="Leave out").click()
    page.get_by_role("button", name="Keep the pictures").click()
    expect(page.locator(".picture-sum")).to_have_text("3 kept.")
    assert sorted(Image.objects.values_list("alt_text", flat=True)) == ["", "A ferry at dawn.", "Waves"]


def test_several_come_in_without_script(desk):
    page = desk(java_script_enabled=False)
    page.goto(SEVERAL)
    page.set_input_files("#id_form-0-file", as_upload("one.jpg", noise()))
    page.locator("#id_form-0-alt_text").fill("Waves")
    page.set_input_files("#id_form-3-file", as_upload("two.jpg", b"words"))
    page.locator("#id_form-3-alt_text").fill("Words")
    page.get_by_role("button", name="Keep the pictures").click()
    expect(page.locator(".picture-row")).to_have_count(4)
    expect(page.locator("#id_form-3-alt_text")).to_have_value("Words")
    expect(page.locator(".errorlist")).to_contain_text("The file is not a picture")
    page.set_input_files("#id_form-3-file", as_upload("two.jpg", noise()))
    page.get_by_role("button", name="Keep the pictures").click()
    page.wait_for_url(f"**{LIBRARY}")
    assert Image.objects.count() == 2


class Clicks:
    """A page whose clicks are counted, beside its keys."""

    def __init__(self):
        self.number = 0

    def on(self, locator):
        locator.click()
        self.number += 1


def test_lead_picture_from_the_library_takes_three_clicks_with_saving(desk):
    image = store_picture(picture_file(), alt_text="A harbour at dawn", credit="Ana Prado")
    store_picture(picture_file(color="red"), alt_text="A flag")
    story = make_draft(headline="Ferries return")
    page, clicks = desk(viewport={"width": 1280, "height": 1400}), Clicks()
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    clicks.on(page.locator(".field-lead_image .select2-selection"))
    page.keyboard.type("dawn")
    result = page.locator(".select2-results__option .picture-line")
    expect(result).to_have_count(1)
    expect(result).to_contain_text("Ana Prado · 1000 × 600")
    assert result.locator("img").get_attribute("src").endswith("-480.jpg")
    clicks.on(result)
    expect(page.locator(".field-lead_image .select2-selection img")).to_be_visible()
    clicks.on(page.locator("[name=_save]").last)
    page.wait_for_url("**/admin/articles/article/")
    assert Article.objects.get().lead_image == image
    assert clicks.number <= 3


def test_new_lead_picture_takes_three_clicks_before_saving(desk):
    story = make_draft(headline="Ferries return")
    page, clicks = desk(viewport={"width": 1280, "height": 1400}), Clicks()
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    with page.expect_popup() as opened:
        clicks.on(page.locator("#add_id_lead_image"))
    popup = opened.value
    with popup.expect_file_chooser() as chooser:
        clicks.on(popup.locator("#id_file"))
    chooser.value.set_files(as_upload("ferry.jpg", noise()))
    expect(popup.locator("#id_alt_text")).to_be_focused()
    popup.keyboard.type("A ferry at noon")
    with popup.expect_event("close"):
        clicks.on(popup.get_by_role("button", name="Save", exact=True))
    assert clicks.number == 3
    chosen = page.locator(".field-lead_image .select2-selection")
    expect(chosen).to_contain_text("A ferry at noon")
    expect(chosen.locator("img")).to_be_visible()
    page.locator("[name=_save]").last.click()
    page.wait_for_url("**/admin/articles/article/")
    assert Article.objects.get().lead_image == Image.objects.get()


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_of_pictures_have_no_violation_and_do_not_scroll_sideways(desk, width):
    image = store_picture(picture_file(), alt_text="A harbour", credit="Ana Prado")
    make_draft(headline="Ferries return", lead_image=image)
    page = desk(viewport={"width": width, "height": 900})
    found = {}
    for address in (LIBRARY, f"{LIBRARY}{image.pk}/change/", ADD, SEVERAL):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            if address == SEVERAL:
                hand_over(page, "drop", ("one.jpg", noise()))
                page.locator("canvas:visible").wait_for()
            rules = RULES_OF_COLOUR if scheme == "dark" else None
            found[address, scheme] = violations(page, rules=rules)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert {key: each for key, each in found.items() if each} == {}

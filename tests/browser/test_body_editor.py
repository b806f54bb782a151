"""The editor of a story's body, in a real browser: what is typed is what is kept, and what readers see."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.content import allowlist
from articles.content.sanitising import clean_html
from articles.content.text import reading_minutes, text_to_html, word_count
from articles.importers.seed_text import parse_seed
from articles.models import Article, Byline, RelatedLink
from tests.browser.sample_site import make_picture
from tests.browser.test_accessibility import RULES_OF_COLOUR, violations
from tests.environment import ROOT
from tests.factories import make_article, make_author, make_draft, make_section, make_user

TYPED = ".desk-editor[data-ready] .desk-prose"


@pytest.fixture
def open_desk(open_as):
    """Opens the page of a story, or that of a new one, as somebody who may do everything."""
    chief = make_user("chief", is_superuser=True)

    def open_story(article=None, **options):
        page = open_as(chief, **options)
        page.goto(address_of(article))
        if options.get("java_script_enabled", True):
            # The module waits for its library: the page has loaded before there is an editor.
            page.locator(TYPED).wait_for()
        return page

    return open_story


def address_of(article):
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def press(page, name):
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def save(page):
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").wait_for()
    page.locator(TYPED).wait_for()


# Everything that the allowlist knows, laid out as the editor writes it.
UID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
EVERYTHING = f"""<p dir="ltr" lang="en">The <strong>first</strong> <em>boat</em> <s>ten</s> H<sub>2</sub>O x<sup>2</sup> <code>06:10</code><br>at dawn.</p>
<h2>What the harbour says</h2>
<h3>And what it does</h3>
<h4>In figures</h4>
<ul><li>No boat sails in a gale.</li><li>Two:<ol><li>Count.</li><li>Count <em>again</em>.</li></ol></li></ul>
<blockquote dir="ltr" lang="en"><p>“Nobody asked us,” the mate said.</p><p>Twice.</p></blockquote>
<aside class="pullquote">A timetable is a promise with a clock in it</aside>
<aside data-related="1"></aside>
<figure data-image="{UID}"><figcaption>At <em>noon</em>.</figcaption></figure>
<figure data-image="{UID}"></figure>
<figure data-embed="youtube:dQw4w9WgXcQ"><figcaption>The <em>whole</em> song.</figcaption></figure>
<figure data-embed="soundcloud:forss/flickermood"></figure>
<figure><blockquote><p>In a frame.</p></blockquote><figcaption>Whose words.</figcaption></figure>
<table><thead><tr><th scope="col">Boat</th><th scope="col">Days</th><th scope="col">Share</th></tr></thead><tbody><tr><th scope="row" rowspan="2">Aurora</th><td colspan="2">17</td></tr><tr><td rowspan="2">3</td><td>1\xa0%</td></tr><tr><th>Late</th><td>4</td></tr><tr><th colspan="3">Sum</th></tr></tbody></table>
<pre><code>06:10  07:40
09:10</code></pre>
<hr>
<p><a href="/x?a=1&amp;b=2" hreflang="de" lang="de" title="There">An address</a>, <a data-article="{UID}">a story</a>, <abbr title="not transferable">n. t.</abbr>, <q>said</q> <cite>The Log</cite>, <span dir="rtl" lang="ar">العبّارة</span>.<small data-footnote="">The <em>Log</em>, <a href="https://example.org/">page 4</a>;<br>and after.</small></p>"""


def test_sample_holds_every_tag_and_attribute_of_the_allowlist():
    assert set(re.findall(r"<([a-z0-9]+)", EVERYTHING)) == allowlist.TAGS
    for tag, names in allowlist.ATTRIBUTES.items():
        found = " ".join(re.findall(rf"<{tag}((?: [^>]*)?)>", EVERYTHING))
        assert {name for name in names if f" {name}=" not in found} == set(), tag


def written(page) -> str:
    """What the box holds once the editor has handed its text over, as it does when the form's data are asked for."""
    page.evaluate("() => void new FormData(document.querySelector('textarea[name=body]').form)")
    return page.locator("textarea[name=body]").input_value()


def load(page, body):
    """The body as the editor writes it anew."""
    page.evaluate("body => document.querySelector('.desk-prose').editor.commands.setContent(body)", body)
    return written(page)


def test_all_that_the_allowlist_knows_survives_the_editor_and_the_editor_writes_nothing_else(open_desk):
    page = open_desk(make_draft(body="<p>Blank.</p>"))
    kept = load(page, EVERYTHING)
    assert kept.splitlines() == EVERYTHING.splitlines()
    assert clean_html(kept) == kept


def test_saving_a_seed_changes_no_byte_even_where_the_editor_writes_it_anew(open_desk):
    page = open_desk(make_draft(body="<p>Blank.</p>"))
    seeds = sorted((ROOT / "seeds").rglob("*.txt"))
    bodies = {path.name: text_to_html(parse_seed(path.read_text()).blocks) for path in seeds}
    assert {name: load(page, body) for name, body in bodies.items()} == bodies
    assert len(bodies) > 30


def test_story_that_nobody_touched_is_handed_over_as_it_came(open_desk):
    odd = "<blockquote>No paragraph.</blockquote>\n\n<ul>\n<li><p>One.</p></li>\n</ul>"
    story = make_draft(body=odd)
    page = open_desk(story)
    page.locator(TYPED).press("Control+End")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    save(page)
    story.refresh_from_db()
    assert story.body == odd


@pytest.fixture
def shelf(db):
    """What the library has to offer."""
    target = make_article(headline="The harbour counts its cranes", section=make_section())
    return target, make_picture("teal", alt_text="Cranes over a quay.", caption="Cranes at noon.", credit="Ana Prado")


def type_with_every_button(page, target):
    page.locator(TYPED).click()
    type_a_paragraph(page, target)
    type_blocks(page)
    make_tables(page)
    choose_from_the_library(page, target)


def type_a_paragraph(page, target):
    keyboard = page.keyboard
    for name, word in {
        "Bold": "bold", "Italic": "italic", "Struck out": "struck",
        "Subscript": "low", "Superscript": "high", "Code": "code",
    }.items():  # fmt: skip
        press(page, name)
        keyboard.type(word)
        press(page, name)
        keyboard.type(" plain ")
    keyboard.type("linked")
    for _ in "linked":
        keyboard.press("Shift+ArrowLeft")
    press(page, "Link")
    page.get_by_role("dialog").get_by_role("searchbox").fill("example.org/log")
    page.get_by_label("Title, shown").fill("The log")
    page.get_by_role("button", name="Link to https://example.org/log").click()
    keyboard.press("End")
    keyboard.type(" and ")
    press(page, "Link")
    page.get_by_role("dialog").get_by_role("searchbox").fill("counts harbour")
    page.get_by_role("dialog").get_by_role("button", name=target.headline).click()
    keyboard.type(" end")
    press(page, "Footnote")
    keyboard.type("See the ")
    keyboard.press("Control+i")
    keyboard.type("Log")
    keyboard.press("Enter")
    keyboard.type(".")


def type_blocks(page):
    keyboard = page.keyboard
    for name, word in {"Heading": "One", "Subheading": "Two", "Minor heading": "Three"}.items():
        keyboard.press("Enter")
        press(page, name)
        keyboard.type(word)
    keyboard.press("Enter")
    press(page, "Bulleted list")
    keyboard.type("dash")
    keyboard.press("Enter")
    keyboard.press("Enter")
    press(page, "Numbered list")
    keyboard.type("first")
    keyboard.press("Enter")
    keyboard.press("Enter")
    press(page, "Quotation")
    keyboard.type("quoted")
    keyboard.press("Enter")
    keyboard.press("Enter")
    press(page, "Pull quote")
    keyboard.type("pulled")
    keyboard.press("Enter")
    keyboard.press("Enter")
    press(page, "Break")
    keyboard.type("before the table")


def make_tables(page):
    keyboard = page.keyboard
    press(page, "Table")
    keyboard.type("head")
    press(page, "Add a column after")
    keyboard.press("Tab")
    press(page, "Delete the column")
    press(page, "Add a row below")
    keyboard.press("ArrowDown")
    press(page, "Delete the row")
    press(page, "Heading cell")
    press(page, "Heading cell")
    press(page, "Undo")
    press(page, "Redo")
    keyboard.press("Control+End")
    keyboard.type("after the table")
    press(page, "Table")
    press(page, "Delete the table")


def choose_from_the_library(page, target):
    keyboard = page.keyboard
    press(page, "Picture")
    page.get_by_role("dialog").get_by_role("searchbox").fill("cranes quay")
    page.get_by_role("button", name="Cranes over a quay.").click()
    keyboard.type("in the caption")
    keyboard.press("Enter")
    keyboard.type("then")
    press(page, "Related story")
    page.get_by_role("dialog").get_by_role("searchbox").fill("cranes")
    page.get_by_role("dialog").get_by_role("button", name=target.headline).first.click()
    press(page, "Embed")
    page.get_by_role("dialog").get_by_role("textbox").fill("https://youtu.be/dQw4w9WgXcQ?si=x")
    page.get_by_role("button", name="Put it into the text").click()
    keyboard.type("the song")
    keyboard.press("Enter")
    keyboard.type("and last")
    press(page, "Related story")
    page.get_by_role("dialog").get_by_role("searchbox").fill("A story to come")
    page.get_by_role("button", name="Wait for a story called “A story to come”").click()


EXPECTED = """<p><strong>bold</strong> plain <em>italic</em> plain <s>struck</s> plain <sub>low</sub> plain <sup>high</sup> plain <code>code</code> plain <a href="https://example.org/log" title="The log">linked</a> and <a data-article="{story}">The harbour counts its cranes</a> end<small data-footnote="">See the <em>Log</em></small>.</p>
<h2>One</h2>
<h3>Two</h3>
<h4>Three</h4>
<ul><li>dash</li></ul>
<ol><li>first</li></ol>
<blockquote><p>quoted</p></blockquote>
<aside class="pullquote">pulled</aside>
<hr>
<p>before the table</p>
<table><thead><tr><th>head</th><th></th><th></th></tr></thead><tbody><tr><td></td><td></td><td></td></tr><tr><td></td><td></td><td></td></tr></tbody></table>
<p>after the table</p>
<figure data-image="{picture}"><figcaption>in the caption</figcaption></figure>
<p>then</p>
<aside data-related="1"></aside>
<figure data-embed="youtube:dQw4w9WgXcQ"><figcaption>the song</figcaption></figure>
<p>and last</p>
<aside data-related="2"></aside>"""


def test_what_is_typed_with_every_button_is_kept_and_shown(open_desk, shelf):
    target, picture = shelf
    page = open_desk()
    page.get_by_label("Headline").first.fill("Ferries return")
    type_with_every_button(page, target)
    save(page)
    story = Article.objects.get(headline="Ferries return")
    expected = EXPECTED.format(story=target.uid, picture=picture.uid)
    assert story.body.splitlines() == expected.splitlines()
    links = [(link.marker, link.headline, link.target) for link in story.related_links.all()]
    assert links == [(1, target.headline, target), (2, "A story to come", None)]

    # Again, touched this time: nothing is swallowed on the way through the editor.
    page.locator(TYPED).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("x")
    save(page)
    story.refresh_from_db()
    assert story.body.replace("<p>x<strong>", "<p><strong>").replace("<p><strong>x", "<p><strong>") == expected
    assert RelatedLink.objects.count() == 2

    # What has nothing to do with the text, and is asked of every story that is published.
    Article.objects.filter(pk=story.pk).update(section=make_section("Harbour"))
    Byline.objects.create(article=story, author=make_author())
    page.reload()
    page.locator(TYPED).wait_for()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .success").filter(has_text="is published")).to_be_visible()
    story.refresh_from_db()
    page.goto(story.get_absolute_url())
    prose = page.locator(".prose")
    expect(prose.get_by_role("link", name="linked")).to_have_attribute("href", "https://example.org/log")
    assert prose.locator("p a", has_text=target.headline).first.get_attribute("href") == target.get_absolute_url()
    assert prose.get_by_role("img", name="Cranes over a quay.").is_visible()
    assert "Ana Prado" in prose.locator("figure").first.inner_text()
    assert prose.locator(".inline-related .where").all_inner_texts() == [target.headline, "A story to come"]
    assert [prose.locator(tag).first.inner_text() for tag in ("h2", "h3", "h4", "blockquote", ".pullquote")] == [
        "One", "Two", "Three", "quoted", "pulled"
    ]  # fmt: skip
    assert prose.get_by_role("button", name="Load the video from YouTube").is_visible()
    assert page.locator(".notes").get_by_role("listitem").inner_text().startswith("See the Log")


def test_deleting_a_related_story_from_the_text_keeps_it_in_the_list(open_desk, shelf):
    story = make_draft(body='<p>One.</p>\n<aside data-related="1"></aside>\n<p>Two.</p>')
    RelatedLink.objects.create(article=story, headline=shelf[0].headline, target=shelf[0], marker=1)
    page = open_desk(story)
    node = page.locator(TYPED).locator(".desk-related")
    assert shelf[0].headline in node.inner_text()
    node.click()
    page.keyboard.press("Delete")
    save(page)
    story.refresh_from_db()
    assert story.body == "<p>One.</p>\n<p>Two.</p>"
    assert story.related_links.get().target == shelf[0]


def test_link_is_changed_and_removed(open_desk):
    story = make_draft(body='<p><a href="https://example.org/">There</a></p>')
    page = open_desk(story)
    page.locator(TYPED).locator("a").click()
    press(page, "Link")
    dialog = page.get_by_role("dialog")
    assert "Now: https://example.org/" in dialog.inner_text()
    dialog.get_by_role("searchbox").fill("javascript:alert(1)")
    expect(dialog.get_by_role("status")).to_have_text("None found")
    assert dialog.get_by_role("button", name="Link to").count() == 0
    dialog.get_by_role("searchbox").fill("mail@example.org")
    dialog.get_by_role("button", name="Link to mailto:mail@example.org").click()
    assert written(page) == '<p><a href="mailto:mail@example.org">There</a></p>'
    press(page, "Link")
    page.get_by_role("dialog").get_by_role("button", name="Remove the link").click()
    assert written(page) == "<p>There</p>"


PASTE = """([html, text]) => {
    const clipboardData = new DataTransfer();
    if (html) clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", text);
    document.querySelector(".desk-prose").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm} --></style></head>
<body lang=EN-GB><!--StartFragment--><h1 style='margin-top:12pt'>The log<o:p></o:p></h1>
<p class=MsoNormal style='text-align:justify'>One&nbsp; <b style='mso-bidi-font-weight:normal'>bold</b><span style='mso-spacerun:yes'>&nbsp;&nbsp; </span><i>word</i> and <span style='font-weight:bold;color:red'>red</span>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Apples<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>Green<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span>Pears<o:p></o:p></p>
<p class=MsoNormal>Between.</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>First</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>Second</p>
<script>alert(1)</script><img src="file:///c:/x.png"><!--EndFragment--></body></html>"""
FROM_WORD = """<h2>The log</h2>
<p>One <strong>bold</strong> <em>word</em> and <strong>red</strong>.</p>
<ul><li>Apples<ul><li>Green</li></ul></li><li>Pears</li></ul>
<p>Between.</p>
<ol><li>First</li><li>Second</li></ol>"""
GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400">Plain, </span><span style="font-weight:700">bold</span><span style="font-weight:400">, </span><span style="font-style:italic">slanted</span> <a href="https://www.google.com/url?q=https://example.org/a&amp;sa=D" style="text-decoration:none"><span style="color:#15c">there</span></a>.</p><br /><ul><li dir="ltr" style="list-style-type:disc"><p dir="ltr"><span>Apples</span></p></li></ul></b>"""
FROM_GOOGLE = """<p>Plain, <strong>bold</strong>, <em>slanted</em> <a href="https://example.org/a">there</a>.</p>
<ul><li>Apples</li></ul>"""


@pytest.mark.parametrize(
    ("pasted", "expected"), [(WORD, FROM_WORD), (GOOGLE, FROM_GOOGLE)], ids=["Word", "Google Docs"]
)
def test_paste_keeps_what_was_meant_and_nothing_of_the_program(open_desk, pasted, expected):
    page = open_desk(make_draft(body=""))
    page.locator(TYPED).click()
    page.evaluate(PASTE, [pasted, "plain"])
    assert written(page).splitlines() == expected.splitlines()


def test_address_pasted_over_words_makes_them_a_link(open_desk):
    page = open_desk(make_draft(body="<p>There</p>"))
    page.locator(TYPED).click()
    page.keyboard.press("Control+a")
    page.evaluate(PASTE, ["", "https://example.org/"])
    assert written(page) == '<p><a href="https://example.org/">There</a></p>'


def test_count_below_the_text_is_the_one_that_readers_get(open_desk):
    body = (
        "<p>A 48-hour wait — twice.</p>\n<ul><li>日本語</li><li>“Quoted”—so</li></ul>\n" + "<p>words more</p>\n" * 300
    )
    page = open_desk(make_draft(body=body))
    words = word_count(body)
    assert page.locator(".desk-count").inner_text() == f"{words} words · {reading_minutes(words)} min read"
    page.locator(TYPED).press("Control+Home")
    page.keyboard.type("New ")
    expect(page.locator(".desk-count")).to_contain_text(f"{words + 1} words")


def test_toolbar_is_one_stop_of_the_keyboard_and_arrows_move_in_it(open_desk):
    page = open_desk(make_draft(body="<p>One.</p>"))
    focused = page.locator(":focus")
    page.locator(TYPED).click()
    page.keyboard.press("Alt+F10")
    assert focused.get_attribute("aria-label") == "Bold"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Italic", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Two")
    assert "<em>Two</em>" in written(page)
    page.keyboard.press("Shift+Tab")
    assert focused.get_attribute("aria-label") == "Italic"
    page.keyboard.press("End")
    assert focused.get_attribute("aria-label") == "Redo"
    page.keyboard.press("Escape")
    assert focused.get_attribute("role") == "textbox"


@pytest.mark.parametrize("width", [375, 1280])
def test_form_has_no_violation_by_day_and_by_night(open_desk, shelf, width):
    story = make_draft(body=EVERYTHING.replace(UID, str(shelf[1].uid)))
    RelatedLink.objects.create(article=story, headline=shelf[0].headline, target=shelf[0], marker=1)
    page = open_desk(story, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for scheme, rules in (("light", None), ("dark", RULES_OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)
        page.locator(TYPED).wait_for()
        assert violations(page, rules=rules) == []
        press(page, "Picture")
        page.get_by_role("dialog").get_by_role("button", name="Cranes over a quay.").wait_for()
        assert violations(page, rules=rules) == []
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert page.evaluate("document.querySelector('.desk-editor').scrollWidth <= innerWidth")


LOOK = """element => {
    const style = getComputedStyle(element);
    return ["fontSize", "fontWeight", "lineHeight", "maxWidth", "fontFamily", "color"].map(name => style[name].split(",")[0]);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_text_is_set_as_on_the_page(open_desk, width, scheme):
    body = '<p>One.</p>\n<h2>Two</h2>\n<h3>Three</h3>\n<blockquote><p>Four</p></blockquote>\n<aside class="pullquote">Five</aside>'
    story = make_draft(body=body)
    page = open_desk(story, viewport={"width": width, "height": 900}, color_scheme=scheme)
    tags = ("p", "h2", "h3", "blockquote p", ".pullquote")
    prose = page.locator(TYPED)
    measure = "element => getComputedStyle(element).maxWidth"
    desk = [prose.locator(tag).first.evaluate(LOOK) for tag in tags]
    desk_measure = prose.evaluate(measure)
    page.goto(story.get_absolute_url())
    prose = page.locator(".prose")
    # Larger screens get larger type on the page; the desk keeps its own root.
    assert desk == [prose.locator(tag).first.evaluate(LOOK) for tag in tags]
    assert desk_measure == prose.evaluate(measure)


def test_box_works_without_script(open_desk):
    story = make_draft(body="<p>One.</p>")
    page = open_desk(story, java_script_enabled=False)
    box = page.get_by_label("Body")
    assert box.is_visible()
    box.fill("<p>Two.</p>\n<p>Three<script>alert(1)</script>.</p>")
    page.get_by_role("button", name="Save and continue editing").click()
    story.refresh_from_db()
    assert story.body == "<p>Two.</p>\n<p>Three.</p>"

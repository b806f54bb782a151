"""The HTML of every page: it parses without an error, and says what programs rely on."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.browser.sample_site import fill_site
from tests.environment import ROOT
from tests.factories import make_user

BUDGET = 25_000


class Outline(HTMLParser):
    """Elements and attributes of a page as they were written."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.duplicates: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        names = Counter(name for name, _ in attributes)
        self.duplicates += [f"<{tag}> {name} twice" for name, number in names.items() if number > 1]
        self.elements.append((tag, dict(attributes)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def pages(db) -> dict[str, str]:
    client = Client()
    return {name: client.get(address).content.decode() for name, address in fill_site().addresses.items()}


def faults(markup: str) -> list[str]:
    outline = Outline(markup)
    found = parse_errors(markup) + outline.duplicates
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    found += [f"id {name} {number} times" for name, number in Counter(ids).items() if number > 1]
    for name in ("aria-labelledby", "aria-describedby", "for"):
        wanted = [each for _, attributes in outline.elements for each in (attributes.get(name) or "").split()]
        found += [f"{name} names no element: {each}" for each in wanted if each not in ids]
    found += [
        f"a picture without {name}"
        for image in outline.all("img")
        for name in ("alt", "src", "width", "height")
        if name not in image
    ]
    found += [f"a link without an address: {link}" for link in outline.all("a") if not link.get("href")]
    found += [f"an empty attribute: <{tag} {name}>" for tag, each in outline.elements for name in empty_ones(each)]
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch("h[1-6]", tag)]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} headings of the first level")
    found += [f"h{after} after h{before}" for before, after in pairwise(levels) if after > before + 1]
    if len(outline.all("main")) != 1:
        found.append("not one main element")
    return found


def parse_errors(markup: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(markup)
    return [f"{place}: {code} {values}" for place, code, values in parser.errors]


def empty_ones(attributes: dict[str, str | None]) -> list[str]:
    return [
        name for name in ("class", "lang", "dir", "href", "id", "content", "datetime") if attributes.get(name) == ""
    ]


def test_every_page_is_valid(pages):
    assert {name: found for name, markup in pages.items() if (found := faults(markup))} == {}


@pytest.mark.django_db
def test_pages_of_an_empty_site_are_valid(client):
    assert [faults(client.get(address).content.decode()) for address in ("/", "/archive/")] == [[], []]


@pytest.mark.parametrize("template", ["400.html", "403.html", "500.html"])
def test_pages_for_errors_need_neither_database_nor_request(template):
    assert faults(render_to_string(template)) == []


def test_every_page_names_language_title_and_address(pages):
    del pages["no such page"], pages["withdrawn story"]
    for name, markup in pages.items():
        outline = Outline(markup)
        assert outline.all("html")[0]["lang"] == "en-gb", name
        assert re.search(r"<title>[^<]*The Meridian[^<]*</title>", markup), name
        canonical = [link["href"] for link in outline.all("link") if link.get("rel") == "canonical"]
        assert len(canonical) == 1, name
        assert canonical[0].startswith("http://127.0.0.1:8000/"), name
        assert any(meta.get("property") == "og:title" for meta in outline.all("meta")), name


def test_titles_differ_from_page_to_page(pages):
    del pages["older stories of a section"]
    titles = [re.search(r"<title>(.*?)</title>", markup)[1] for markup in pages.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.django_db
def test_story_page_shows_all_that_belongs_to_it(client):
    site = fill_site()
    markup = client.get(site.story.get_absolute_url()).content.decode()
    for shown in (
        '<time datetime="2026-07-23T18:40:00+00:00">23 July 2026, 18:40</time>',
        'This story was first published by <a href="/source/vice-news/">VICE News</a>',
        '<a href="https://x.com/vicenews" rel="noopener">@vicenews</a>',
        "With data from",
        "CC BY-ND 4.0",
        "An earlier version gave the wrong<br>number of passengers.",
        '<a href="/tag/ferries/" rel="tag">Ferries</a>',
        '<p class="where">A story that never came</p>',
        'property="og:image" content="http://127.0.0.1:8000/media/',
    ):
        assert shown in markup, shown


@pytest.mark.django_db
def test_draft_says_to_editors_that_it_is_not_public(client):
    site = fill_site()
    assert client.get(site.draft.get_absolute_url()).status_code == 404
    client.force_login(make_user(permissions=("view_article",)))
    markup = client.get(site.draft.get_absolute_url()).content.decode()
    assert "Not public: draft" in markup
    assert faults(markup) == []


@pytest.mark.django_db
def test_story_page_with_style_and_script_stays_within_its_budget(client):
    markup = client.get(fill_site().story.get_absolute_url()).content
    files = [ROOT / "static" / "css" / "newsroom.css", ROOT / "static" / "js" / "newsroom.js"]
    sizes = [len(gzip.compress(content)) for content in (markup, *(path.read_bytes() for path in files))]
    assert sum(sizes) < BUDGET
    assert sizes[-1] < 1_500


def test_fonts_are_two_and_small():
    fonts = [*(ROOT / "static" / "fonts").glob("*.woff*")]
    assert len(fonts) == 2
    assert sum(path.stat().st_size for path in fonts) < 70_000

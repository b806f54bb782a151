"""An article needs four queries at the most, no other page more than eight, whatever its size."""

from datetime import timedelta

import pytest
from django.contrib.flatpages.models import FlatPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Citation, Correction, PopularEntry, PopularList, RelatedLink, SiteSettings
from tests.factories import PUBLISHED_AT, make_article, make_author, make_image, make_section, make_source

MOST = 8
MOST_OF_AN_ARTICLE = 4


@pytest.fixture
def site(db):
    """Everything that a page can show, several times over. Returns the addresses of all kinds of pages."""
    authors = [make_author(f"Author {number}", portrait=make_image()) for number in range(3)]
    source = make_source()
    sections = [make_section(f"Section {number}", position=number) for number in range(6)]
    linked, pictures = make_article(headline="Linked"), [make_image() for _ in range(2)]
    figures = "".join(f'<figure data-image="{picture.uid}"></figure>' for picture in pictures)
    articles = [
        make_article(
            headline=f"Story {number}",
            section=sections[number % 6],
            authors=authors,
            tags=("Syria", "Manbij", f"Tag {number}"),
            lead_image=make_image(),
            published_at=PUBLISHED_AT - timedelta(hours=number),
            body=f'<p>One.<small data-footnote="">A note.</small></p><figure data-embed="vimeo:76979871"></figure><aside data-related="1"></aside><p><a data-article="{linked.uid}">Two</a>.</p>{figures}',
        )
        for number in range(30)
    ]
    for number, article in enumerate(articles):
        Citation.objects.create(article=article, source=source)
        Citation.objects.create(article=article, source=make_source(f"Source {number}"))
        Correction.objects.create(article=article, text="Seven, not six.")
        RelatedLink.objects.create(article=article, headline=f"Story {(number + 1) % 30}", marker=1)
        RelatedLink.objects.create(article=article, headline=f"Story {(number + 2) % 30}")
        popular = PopularList.objects.create(article=article, listed_on=PUBLISHED_AT)
        PopularEntry.objects.create(list=popular, position=1, headline="Story 3")
    SiteSettings.objects.create(popular_length=10, lead_story=articles[20])
    page = FlatPage.objects.create(url="/about/", title="About", content="<p>Us.</p>")
    page.sites.set([1])
    return {
        "front page": "/",
        "article": articles[9].get_absolute_url(),
        "section": sections[0].get_absolute_url(),
        "tag": "/tag/syria/",
        "second page of a tag": f"/tag/syria/{older_query(articles[19])}",
        "author": authors[0].get_absolute_url(),
        "source": source.get_absolute_url(),
        "year": "/2026/",
        "month": "/2026/07/",
        "archive": "/archive/",
        "corrections": "/corrections/",
        "flat page": "/about/",
    }


def older_query(article) -> str:
    return f"?before={int(article.published_at.timestamp() * 1_000_000)}-{article.pk}"


def test_no_page_needs_more_than_eight_queries(site, client, schedule_at_hand):
    counts = {}
    for name, address in site.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[name] = len(queries)
    assert {name: count for name, count in counts.items() if count > MOST} == {}


def test_article_with_everything_on_it_needs_no_more_than_four(site, client, schedule_at_hand):
    with CaptureQueriesContext(connection) as queries:
        page = client.get(site["article"]).content.decode()
    assert len(queries) <= MOST_OF_AN_ARTICLE
    for part in ("<picture>", "inline-related", 'id="corrections"', "related-cards", 'class="popular"', "neighbours"):
        assert part in page


def test_missing_page_needs_few(site, client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/2026/07/never-written/").status_code == 404
    assert len(queries) <= MOST


def test_no_query_is_repeated_on_a_page(site, client):
    for name, address in site.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        statements = [query["sql"] for query in queries]
        assert len(set(statements)) == len(statements), name

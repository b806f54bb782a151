"""What pages say of themselves to caches: all that they asked about, shown or not, and for how long they are kept."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.flatpages.models import FlatPage

from articles.models import Citation, FormerSlug, RelatedLink, SiteSettings, Suggestion
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_section,
    make_source,
)

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def tags_of(response) -> set[str]:
    return set(re.split(", ", response["Cache-Tag"]))


def of(*rows) -> set[str]:
    return {f"{type(row).__name__.lower()}:{row.pk}" for row in rows}


@pytest.fixture
def story():
    """A story with one of everything around it."""
    section, author, source = make_section("World"), make_author("Ada Byron"), make_source("The Wire")
    story = make_article(
        headline="Ferry sails",
        section=section,
        authors=[author],
        tags=("Harbour",),
        lead_image=make_image(),
        published_at=datetime(2026, 9, 10, tzinfo=UTC),
    )
    Citation.objects.create(article=story, source=source)
    return story


def test_story_names_itself_and_all_around_it(client, story):
    found = tags_of(client.get(story.get_absolute_url()))
    assert {"site", f"slug:{story.slug}", "popular:site:0", "list:unread"} <= found
    assert of(story, story.section, story.lead_image, story.tags.get(), story.authors.get()) <= found
    assert of(story.citations.get().source) <= found


def test_story_names_its_neighbours(client, story):
    older = make_article(section=story.section, published_at=datetime(2026, 9, 1, tzinfo=UTC))
    newer = make_article(section=story.section, published_at=datetime(2026, 9, 11, tzinfo=UTC))
    assert of(older, newer) <= tags_of(client.get(story.get_absolute_url()))


def test_story_names_what_its_text_leads_to_whether_readers_may_see_it_or_not(client, story):
    linked, hidden, picture = make_article(), make_article(status="draft"), make_image()
    links = "".join(f'<a data-article="{each.uid}">There</a>' for each in (linked, hidden))
    story.body = f'<p>{links}</p><figure data-image="{picture.uid}"></figure>'
    story.save()
    found = tags_of(client.get(story.get_absolute_url()))
    assert {f"uid:{each.uid}" for each in (linked, hidden, picture)} <= found


def test_story_names_related_stories_that_readers_may_not_see_yet(client, story):
    linked, suggested = make_article(status="draft"), make_article(status="draft")
    RelatedLink.objects.create(article=story, headline=linked.headline, target=linked)
    Suggestion.objects.create(article=story, target=suggested, score=1, reasons={})
    assert of(linked, suggested) <= tags_of(client.get(story.get_absolute_url()))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "list:front"),
        ("/archive/", "list:archive"),
        ("/2026/", "list:year:2026"),
        ("/2026/09/", "list:month:2026-09"),
        ("/corrections/", "list:corrections"),
    ],
)
def test_lists_of_all_stories_name_themselves(client, story, address, expected):
    assert {expected, "site"} <= tags_of(client.get(address))


def test_lists_name_themselves_and_what_they_are_about(client, story):
    rows = (story.section, story.tags.get(), story.authors.get(), story.citations.get().source)
    for row in rows:
        found = tags_of(client.get(row.get_absolute_url()))
        assert {f"list:{type(row).__name__.lower()}:{row.pk}"} | of(row) <= found
        # The cards in it, with all that they show.
        assert of(story, story.section, story.lead_image, story.authors.get()) <= found


def test_lists_know_their_paging_and_stories_no_parameter(client, story):
    known = {address: client.get(address)["Cache-Query"] for address in ("/", "/2026/", story.get_absolute_url())}
    assert known == {"/": "", "/2026/": "before, after", story.get_absolute_url(): ""}


def test_list_of_a_part_of_the_site_depends_on_its_popular_list_and_on_the_site_s(client, story):
    found = tags_of(client.get(story.section.get_absolute_url()))
    assert {f"popular:section:{story.section.pk}", "popular:site:0"} <= found


def test_flat_page_names_itself(client):
    page = FlatPage.objects.create(url="/about/", title="About", content="<p>Us.</p>")
    page.sites.set([1])
    assert {f"flatpage:{page.pk}", "site"} <= tags_of(client.get("/about/"))


def test_former_address_names_the_story_that_it_leads_to(client, story):
    FormerSlug.objects.create(slug="boat-sails", article=story)
    response = client.get("/2026/09/boat-sails/")
    assert response.status_code == 301
    assert of(story) | {"slug:boat-sails"} <= tags_of(response)


def test_withdrawn_story_is_kept_under_its_address(client, story):
    story.status = "withdrawn"
    story.save()
    response = client.get(story.get_absolute_url())
    assert response.status_code == 410
    assert f"slug:{story.slug}" in tags_of(response)


def test_missing_page_is_not_kept(client):
    SiteSettings.objects.load()
    response = client.get("/2026/09/never-written/")
    assert response.status_code == 404
    assert not {"Cache-Tag", "Page-Cache-Control"} & set(response.headers)


def test_browsers_ask_each_time_and_this_server_keeps_pages(client, story):
    with time_machine.travel(NOON, tick=False):
        response = client.get("/")
    assert response["Cache-Control"] == "max-age=0"
    assert response["Page-Cache-Control"] == "max-age=3600, stale-while-revalidate=60, stale-if-error=604800"
    # Midnight: the masthead shows the day.
    assert float(response["Cache-Fresh-Until"]) == datetime(2026, 9, 22, tzinfo=UTC).timestamp()


def test_cdn_that_is_told_of_changes_keeps_pages_too(client, story, settings):
    settings.ARTICLES_CDN_SECONDS = 86_400
    said = client.get("/")["Cache-Control"]
    assert said == "max-age=0, s-maxage=86400, stale-if-error=604800"


def test_whoever_works_here_gets_a_page_that_nobody_keeps(client, story):
    client.force_login(make_person("Publisher"))
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cache-Tag" not in response


def test_story_that_is_not_public_is_kept_by_nobody(client, story):
    draft = make_article(status="draft")
    client.force_login(make_person("Publisher"))
    response = client.get(draft.get_absolute_url())
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/archive/", "/corrections/"])
def test_pages_are_only_read(client, story, address):
    assert client.post(address).status_code == 405

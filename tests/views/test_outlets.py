"""A story that is not public stands on no outlet, and one whose minute has come stands on every one."""

from datetime import timedelta

import pytest
import time_machine

from articles.models import Citation, Correction, PopularEntry, PopularList, RelatedLink, SiteSettings
from tests.factories import PUBLISHED_AT, make_article, make_author, make_section, make_source

SECRET = "The minister resigns"
NOW = PUBLISHED_AT + timedelta(days=1)
HOUR = timedelta(hours=1)

HIDDEN = {
    "draft": {"status": "draft"},
    "in review": {"status": "in_review"},
    "approved": {"status": "approved"},
    "scheduled": {"published_at": NOW + HOUR},
    "under embargo": {"embargoed_until": NOW + HOUR},
    "expired": {"expires_at": NOW - HOUR},
    "withdrawn": {"status": "withdrawn"},
}


@pytest.fixture
def outlets(db):
    """A function that makes a site around one story and returns the addresses of all that could show it."""

    def build(**values):
        section, author, source = make_section(), make_author(), make_source()
        story = make_article(
            **{"headline": SECRET, "section": section, "authors": (author,), "tags": ("Cabinet",), **values}
        )
        Citation.objects.create(article=story, source=source)
        Correction.objects.create(article=story, text=f"{SECRET}: at noon.", corrected_at=PUBLISHED_AT)
        other = make_article(
            headline="Another story",
            section=section,
            body='<p>One.</p><aside data-related="1"></aside>',
            published_at=PUBLISHED_AT - HOUR,
        )
        RelatedLink.objects.create(article=other, headline=SECRET, target=story, marker=1)
        listed = PopularList.objects.create(article=other, listed_on=PUBLISHED_AT.date())
        PopularEntry.objects.create(list=listed, position=1, headline=SECRET, target=story)
        SiteSettings.objects.create(lead_story=story)
        return story, {
            "front page": "/",
            "section": section.get_absolute_url(),
            "tag": "/tag/cabinet/",
            "author": author.get_absolute_url(),
            "source": source.get_absolute_url(),
            "year": "/2026/",
            "month": "/2026/07/",
            "related and neighbours": other.get_absolute_url(),
            "popular posts": "/archive/",
            "corrections": "/corrections/",
        }

    return build


@pytest.mark.parametrize("state", HIDDEN)
def test_story_that_is_not_public_is_on_no_outlet(client, outlets, state):
    story, addresses = outlets(**HIDDEN[state])
    with time_machine.travel(NOW, tick=False):
        shown = [name for name, address in addresses.items() if SECRET.encode() in client.get(address).content]
        page = client.get(story.get_absolute_url())
    assert shown == []
    assert page.status_code == (410 if state == "withdrawn" else 404)
    assert SECRET.encode() not in page.content


@pytest.mark.parametrize("state", ["scheduled", "under embargo"])
def test_story_whose_minute_has_come_is_on_every_outlet(client, outlets, state):
    story, addresses = outlets(**HIDDEN[state])
    with time_machine.travel(NOW + HOUR, tick=False):
        missing = [name for name, address in addresses.items() if SECRET.encode() not in client.get(address).content]
        assert client.get(story.get_absolute_url()).status_code == 200
    assert missing == []

"""Pages as they leave the house, with what is told to a CDN in front of it."""

from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from newsroom import pages
from tests.factories import make_article
from tests.page_cache.site import ask

pytestmark = pytest.mark.django_db

FASTLY = {"kind": "fastly", "service": "SU1Z0isx", "token": "known-to-nobody"}
VARNISH = {"kind": "varnish", "url": "http://10.0.0.5"}
# What the views tell the cache in this process is nobody else's affair.
OWN_FIELDS = ("Page-Cache-Control", "Cache-Until", "Cache-Fresh-Until", "Cache-Query")


@pytest.fixture
def get(monkeypatch):
    monkeypatch.setattr(pages, "follow_purges", lambda cache: None)
    # The connection is the test's.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield lambda path: ask(pages.keep_pages(WSGIHandler()), environ_of(path))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def environ_of(path):
    environ = RequestFactory().get("/", HTTP_HOST=settings.SITE_URL.partition("://")[2]).environ
    # As servers have it: bytes, each a letter (PEP 3333).
    return environ | {"PATH_INFO": unquote_to_bytes(path).decode("latin-1")}


@pytest.fixture
def story():
    """Its slug is in letters that no header field can have."""
    return make_article(headline="Паром вернулся", slug="паром-вернулся")


def test_without_a_cdn_no_field_names_what_a_page_shows(get, story):
    reply = get(story.get_absolute_url())
    assert (reply["Cache-Tag"], reply["Surrogate-Key"], reply["xkey"]) == (None, None, None)
    assert "s-maxage" not in reply["Cache-Control"]


@pytest.mark.parametrize("megabytes", [64, 0])
def test_each_cdn_hears_what_a_page_shows_and_how_long_to_keep_it(get, story, settings, megabytes):
    settings.ARTICLES_CDNS, settings.ARTICLES_CDN_SECONDS = [FASTLY, VARNISH], 600
    settings.PAGE_CACHE_MEGABYTES = megabytes
    reply = get(story.get_absolute_url())
    assert reply["Surrogate-Key"] == reply["xkey"]
    assert {"site", f"article:{story.pk}"} <= set(reply["xkey"].split())
    assert "s-maxage=600" in reply["Cache-Control"]
    assert [reply[name] for name in (*OWN_FIELDS, "Cache-Tag")] == [None] * 5


def test_address_in_any_script_has_a_name_in_ascii(get, story, settings):
    settings.ARTICLES_CDNS = [VARNISH]
    assert "slug:%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-" in get(story.get_absolute_url())["xkey"]

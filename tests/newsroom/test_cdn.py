"""From the environment to the caches in front of the site; whole settings are read in another process."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from articles import checks
from newsroom import cdn
from tests.newsroom.test_settings import read, value_of

TOKEN = "known-to-nobody"


def test_without_a_word_no_cache_in_front_keeps_anything(tmp_path):
    assert value_of("s.ARTICLES_CDNS, s.ARTICLES_CDN_SECONDS", tmp_path) == "[] 0"


def test_each_is_named_by_what_belongs_together_and_tokens_come_from_files(tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    told = value_of(
        "[(each['kind'], each.get('token')) for each in s.ARTICLES_CDNS], s.ARTICLES_CDN_SECONDS",
        tmp_path,
        CLOUDFLARE_ZONE="023e105f4ecef8ad9ca31a8372d0c353",
        CLOUDFLARE_TOKEN_FILE=str(path),
        VARNISH_URLS="http://10.0.0.5:6081/, http://[::1]:6081",
    )
    assert told == f"[('cloudflare', '{TOKEN}'), ('varnish', None), ('varnish', None)] 3600"


def test_page_does_not_lie_here_for_longer_than_a_cdn_keeps_it(tmp_path):
    """Its age counts there: it would arrive too old to be kept."""
    expression = "s.ARTICLES_CDN_SECONDS, s.ARTICLES_PAGE_SECONDS"
    varnish = {"VARNISH_URLS": "http://10.0.0.5"}
    assert value_of(expression, tmp_path, CDN_SECONDS="600", **varnish) == "600 600"
    assert value_of(expression, tmp_path, CDN_SECONDS="86400", **varnish) == "86400 3600"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"CLOUDFLARE_ZONE": "023e105f"}, "CLOUDFLARE_TOKEN"),
        ({"CLOUDFLARE_TOKEN": TOKEN}, "CLOUDFLARE_ZONE"),
        ({"FASTLY_SERVICE": "../../x", "FASTLY_TOKEN": TOKEN}, "FASTLY_SERVICE"),
        ({"FASTLY_SERVICE": "SU1Z0isx", "FASTLY_TOKEN": f"{TOKEN} {TOKEN}"}, "FASTLY_TOKEN"),
        ({"VARNISH_URLS": "10.0.0.5:6081"}, "VARNISH_URLS"),
        ({"CDN_SECONDS": "a while"}, "CDN_SECONDS"),
    ],
)
def test_half_of_it_stops_the_start_and_shows_no_token(tmp_path, environment, named):
    result = read("1", tmp_path, **environment)
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert named in last
    assert TOKEN not in last


@pytest.mark.parametrize(
    "url",
    ["ftp://10.0.0.5", "http://", "http://10.0.0.5/path", "http://me@10.0.0.5", "http://10.0.0.5:x", "http://[::1"],
)
def test_address_of_a_varnish_is_that_of_a_server(url):
    with pytest.raises(ImproperlyConfigured, match="VARNISH_URLS"):
        cdn.varnish([url])


def test_cdn_that_keeps_pages_and_hears_of_nothing_is_warned_of(settings):
    settings.ARTICLES_CDN_SECONDS = 600
    assert [message.id for message in checks.check_cdn()] == ["articles.W002"]
    settings.ARTICLES_CDNS = [{"kind": "varnish", "url": "http://10.0.0.5"}]
    assert checks.check_cdn() == []
    settings.ARTICLES_CDNS, settings.ARTICLES_CDN_SECONDS = [], 0
    assert checks.check_cdn() == []

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from articles.content.embeds import FRAME_SOURCES, PROVIDERS, STORED, embed_of
from articles.content.sanitising import clean_html
from articles.content.text import EmbedMarker, split_at_markers

# One of each, as bodies hold them.
SAMPLES = {
    "youtube": "dQw4w9WgXcQ",
    "vimeo": "76979871",
    "spotify": "track/11dFghVXANMlKmJXsNCbNl",
    "soundcloud": "forss/flickermood",
    "datawrapper": "abcDE",
    "x": "1234567890",
}


def test_every_provider_has_a_sample():
    assert SAMPLES.keys() == PROVIDERS.keys()


@pytest.mark.parametrize(("key", "identifier"), SAMPLES.items())
def test_frame_and_original_follow_from_the_identifier(key, identifier):
    embed = embed_of(f"{key}:{identifier}")
    assert str(embed) == f"{key}:{identifier}"
    assert f"https://{urlsplit(embed.frame).hostname}" in FRAME_SOURCES
    assert identifier in embed.frame
    assert urlsplit(embed.original).scheme == "https"


@pytest.mark.parametrize(("key", "identifier"), SAMPLES.items())
def test_provider_knows_the_address_of_its_own_page(key, identifier):
    """The editor's script finds it by the same expressions."""
    provider = PROVIDERS[key]
    patterns = [pattern.replace("{id}", f"({provider.identifier})") for pattern in provider.addresses]
    assert all(re.compile(pattern).groups == 1 for pattern in patterns)
    bare = embed_of(f"{key}:{identifier}").original.removeprefix("https://").removeprefix("www.")
    if key != "x":  # whose own page has no name of somebody in it
        assert [found[1] for pattern in patterns if (found := re.fullmatch(pattern, bare))] == [identifier]


def test_policy_lets_in_the_hosts_of_providers_and_no_others():
    assert settings.SECURE_CSP["frame-src"] == ["'self'", *FRAME_SOURCES]
    assert all(re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+", source) for source in FRAME_SOURCES)


REFUSED = ["youtube:x", "youtube:dQw4w9WgXcQx", "youtube:dQw4w9WgXc/", "vimeo:1\n", "nobody:1", "youtube:", "youtube", "", ":", "x:12345&a=b", "spotify:track/../x"]  # fmt: skip


@pytest.mark.parametrize("stored", REFUSED)
def test_unknown_provider_and_malformed_identifier_are_neither_shown_nor_stored(stored):
    assert embed_of(stored) is None
    assert clean_html(f'<p>a</p><figure data-embed="{stored}"></figure>') == "<p>a</p>"
    assert clean_html(f'<figure data-embed="{stored}"><figcaption>b</figcaption></figure>') == (
        "<figure><figcaption>b</figcaption></figure>"
    )


def test_identifier_needs_no_escaping():
    for key, identifier in SAMPLES.items():
        body = f'<figure data-embed="{key}:{identifier}"></figure>'
        assert clean_html(body) == body
    assert STORED.groups == 0


def test_embed_holds_its_caption_and_nothing_else():
    messy = '<figure data-embed="vimeo:76979871" class="x"><iframe src="https://x.example"></iframe><p>Before</p><figcaption><p>A <em>film</em></p></figcaption></figure>'
    cleaned = clean_html(messy)
    assert cleaned == (
        '<figure data-embed="vimeo:76979871"><figcaption>A <em>film</em></figcaption></figure><p>Before</p>'
    )
    assert split_at_markers(cleaned)[0] == EmbedMarker("vimeo:76979871", "A <em>film</em>")


def test_figure_is_a_picture_or_an_embed():
    uid = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
    both = f'<figure data-image="{uid}" data-embed="vimeo:76979871"></figure>'
    cleaned = clean_html(both)
    assert cleaned.count("data-") == 1
    assert clean_html(str(cleaned)) == cleaned

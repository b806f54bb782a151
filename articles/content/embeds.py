"""Embeds: whose videos, sounds, charts and posts a body may show, and the addresses that follow from an identifier.

A body holds `<figure data-embed="youtube:ID">`. What a browser asks of a provider follows from this list alone,
and so does the part of the Content-Security-Policy that lets it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Provider:
    """One site whose things can be shown in a frame of its own, from one host that never changes."""

    key: str
    """Its name in bodies, which never changes either: small letters."""
    name: str
    kind: str
    """What it shows, as readers call it: “Load the video from YouTube”."""
    identifier: str
    """A regular expression without groups that are counted; no character that HTML or an address would escape."""
    addresses: tuple[str, ...]
    """Regular expressions, in the syntax that Python and JavaScript share, of the addresses that people paste.

    Without scheme and `www.`; `{id}` stands for the identifier.
    """
    frame: str
    """The frame's address; `{id}` stands for the identifier. Its host goes into the policy."""
    original: str
    """Where the same thing is found on the provider's own pages."""
    shape: str = "wide"
    """`wide` is 16:9; `low`, `middle` and `tall` are heights: newsroom.css has them."""
    allow: str = ""
    """What the frame may do beyond showing itself, as `allow` of an iframe says it."""


PLAYER: Final = "encrypted-media; fullscreen; picture-in-picture"
END: Final = r"(?:[/?&#].*)?"

PROVIDERS: Final[Mapping[str, Provider]] = {
    provider.key: provider
    for provider in (
        Provider(
            key="youtube",
            name="YouTube",
            kind="video",
            identifier=r"[A-Za-z0-9_-]{11}",
            addresses=(
                rf"(?:m\.|music\.)?youtube\.com/watch\?(?:[^#]*&)?v={{id}}{END}",
                rf"(?:m\.)?youtube(?:-nocookie)?\.com/(?:embed|live|shorts)/{{id}}{END}",
                rf"youtu\.be/{{id}}{END}",
            ),
            # Without cookies until somebody plays it.
            frame="https://www.youtube-nocookie.com/embed/{id}",
            original="https://www.youtube.com/watch?v={id}",
            allow=PLAYER,
        ),
        Provider(
            key="vimeo",
            name="Vimeo",
            kind="video",
            identifier=r"[0-9]{5,12}",
            addresses=(r"(?:player\.)?vimeo\.com/(?:video/|channels/[^/?#]+/)?{id}(?:[?#].*)?",),
            frame="https://player.vimeo.com/video/{id}?dnt=1",
            original="https://vimeo.com/{id}",
            allow=PLAYER,
        ),
        Provider(
            key="spotify",
            name="Spotify",
            kind="sound",
            identifier=r"(?:album|artist|episode|playlist|show|track)/[A-Za-z0-9]{22}",
            addresses=(rf"open\.spotify\.com/(?:intl-[a-z-]+/)?(?:embed/)?{{id}}{END}",),
            frame="https://open.spotify.com/embed/{id}",
            original="https://open.spotify.com/{id}",
            shape="low",
            allow=PLAYER,
        ),
        Provider(
            key="soundcloud",
            name="SoundCloud",
            kind="sound",
            identifier=r"[a-z0-9_-]{1,64}/(?:sets/)?[a-z0-9_-]{1,128}",
            addresses=(r"(?:m\.)?soundcloud\.com/{id}/?(?:[?#].*)?",),
            frame="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{id}",
            original="https://soundcloud.com/{id}",
            shape="low",
            allow="encrypted-media",
        ),
        Provider(
            key="datawrapper",
            name="Datawrapper",
            kind="chart",
            identifier=r"[A-Za-z0-9]{5}",
            addresses=(rf"datawrapper\.dwcdn\.net/{{id}}{END}", rf"datawrapper\.de/_/{{id}}{END}"),
            frame="https://datawrapper.dwcdn.net/{id}/",
            original="https://www.datawrapper.de/_/{id}/",
            shape="middle",
            allow="fullscreen",
        ),
        Provider(
            key="x",
            name="X",
            kind="post",
            identifier=r"[0-9]{5,20}",
            addresses=(rf"(?:mobile\.)?(?:x|twitter)\.com/[A-Za-z0-9_]+/status/{{id}}{END}",),
            frame="https://platform.twitter.com/embed/Tweet.html?id={id}&dnt=true",
            original="https://x.com/i/status/{id}",
            shape="tall",
        ),
    )
}

# What may stand in `data-embed`.
STORED: Final = re.compile("|".join(f"{each.key}:{each.identifier}" for each in PROVIDERS.values()))

# For the policy: each host once, in the order of the list.
FRAME_SOURCES: Final = tuple(
    dict.fromkeys(f"https://{urlsplit(provider.frame).hostname}" for provider in PROVIDERS.values())
)


@dataclass(frozen=True)
class Embed:
    """One thing of one provider, as a body names it."""

    provider: Provider
    identifier: str

    def __str__(self) -> str:
        return f"{self.provider.key}:{self.identifier}"

    @property
    def frame(self) -> str:
        return self.provider.frame.format(id=self.identifier)

    @property
    def original(self) -> str:
        return self.provider.original.format(id=self.identifier)


def embed_of(stored: str) -> Embed | None:
    """What a body names; nothing where the provider is unknown, or the identifier none of theirs."""
    if not STORED.fullmatch(stored):
        return None
    key, _, identifier = stored.partition(":")
    return Embed(PROVIDERS[key], identifier)

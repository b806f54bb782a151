"""Content codings: what a reader's Accept-Encoding prefers (RFC 9110 §12.5.3), and the compressing itself."""

import gzip
from collections.abc import Callable
from typing import Final

import brotli

IDENTITY: Final = "identity"
# The best first: it wins where a reader likes two equally.
CODINGS: Final = ("br", "gzip")
ALIASES: Final = {"x-gzip": "gzip"}

# Chosen for pages that are compressed when somebody waits for them: brotli's 5 takes a millisecond for 30 kB.
BROTLI_QUALITY: Final = 5
GZIP_LEVEL: Final = 6
# What fits into one packet anyway gains nothing.
SMALLEST: Final = 500

COMPRESSIBLE_TYPES: Final = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/opensearchdescription+xml",
        "application/xml",
        "image/svg+xml",
    }
)

# Browsers send a handful of values; more than these are parsed each time.
MOST_REMEMBERED: Final = 256
LONGEST_REMEMBERED: Final = 200
_remembered: dict[str | None, tuple[str, ...]] = {None: (IDENTITY,), "": (IDENTITY,)}


def preferences(accept_encoding: str | None) -> tuple[str, ...]:
    """The codings that a reader takes, the most welcome first; identity is always among them, and ends the list.

    Identity is the answer where nothing is acceptable as well: the alternative would be to answer nothing.
    """
    found = _remembered.get(accept_encoding)
    if found is None:
        text = accept_encoding or ""
        found = ranked(text)
        if len(text) <= LONGEST_REMEMBERED and len(_remembered) < MOST_REMEMBERED:
            _remembered[accept_encoding] = found
    return found


def ranked(accept_encoding: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for member in accept_encoding.split(","):
        name, _, parameters = member.partition(";")
        coding = name.strip(" \t").lower()
        if coding:
            weights[ALIASES.get(coding, coding)] = weight(parameters)
    others = weights.get("*", 0)
    # Not named, identity is acceptable, and welcome when nothing else is.
    identity = weights.get(IDENTITY, 0)
    liked = {coding: weights.get(coding, others) for coding in CODINGS}
    welcome = [coding for coding in CODINGS if liked[coding] > 0 and liked[coding] >= identity]
    return (*sorted(welcome, key=lambda coding: -liked[coding]), IDENTITY)


def weight(parameters: str) -> float:
    """The ``q`` of a member: 1 where there is none, 0 where it cannot be read."""
    for parameter in parameters.split(";"):
        name, equals, value = parameter.partition("=")
        if equals and name.strip(" \t").lower() == "q":
            return qvalue(value.strip(" \t"))
    return 1


def qvalue(text: str) -> float:
    """``0.725`` as 0.725: one digit, and up to three after a point."""
    whole, _, decimals = text.partition(".")
    if whole not in {"0", "1"} or len(decimals) > 3 or (decimals and not (decimals.isascii() and decimals.isdigit())):
        return 0
    return min(float(f"{whole}.{decimals or 0}"), 1)


def is_compressible(content_type: str | None, length: int) -> bool:
    kind = (content_type or "").partition(";")[0].strip(" \t").lower()
    is_text = kind.startswith("text/") or kind in COMPRESSIBLE_TYPES or kind.endswith(("+json", "+xml"))
    return is_text and length >= SMALLEST


def compress_brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return compressed


def compress_gzip(body: bytes) -> bytes:
    # Without a time within, the same page gives the same bytes in every process.
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


COMPRESSORS: Final[dict[str, Callable[[bytes], bytes]]] = {"br": compress_brotli, "gzip": compress_gzip}

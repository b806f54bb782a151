import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache import codings
from articles.page_cache.codings import (
    COMPRESSORS,
    IDENTITY,
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    SMALLEST,
    is_compressible,
    preferences,
)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, ["identity"]),
        ("", ["identity"]),
        ("gzip, deflate, br, zstd", ["br", "gzip", "identity"]),
        ("gzip", ["gzip", "identity"]),
        ("x-gzip", ["gzip", "identity"]),
        ("GZIP;Q=0.5", ["gzip", "identity"]),
        ("br;q=0.5, gzip;q=0.8", ["gzip", "br", "identity"]),
        ("br;q=0, gzip", ["gzip", "identity"]),
        ("*", ["br", "gzip", "identity"]),
        ("*;q=0.5, br;q=0", ["gzip", "identity"]),
        ("identity, br;q=0.5", ["identity"]),
        ("identity;q=0.3, br;q=0.5", ["br", "identity"]),
        ("identity;q=0", ["identity"]),
        ("br;q=nonsense", ["identity"]),
        ("br;q=2", ["identity"]),
        ("br;q=0.0001", ["identity"]),
        ("br ; q=1.000", ["br", "identity"]),
        ("deflate", ["identity"]),
    ],
)
def test_the_coding_that_a_reader_likes_best_comes_first(accepted, expected):
    """RFC 9110 §12.5.3 and §12.4.2."""
    assert list(preferences(accepted)) == expected


@given(st.text(max_size=80) | st.text("brgzip;q=0.15,* identy", max_size=80))
def test_whatever_is_asked_for_identity_is_possible_and_comes_last(accepted):
    """RFC 9110 §12.5.3."""
    assert preferences(accepted)[-1] == IDENTITY
    assert preferences(accepted) == preferences(accepted)


def test_hostile_wishes_are_not_all_remembered():
    for number in range(MOST_REMEMBERED + 50):
        preferences(f"br;q=0.5, x-{number}")
    preferences("x" * (LONGEST_REMEMBERED + 1))
    assert len(codings._remembered) <= MOST_REMEMBERED
    assert max(len(text or "") for text in codings._remembered) <= LONGEST_REMEMBERED


@pytest.mark.parametrize(
    ("kind", "length", "expected"),
    [
        ("text/html; charset=utf-8", 5000, True),
        ("text/html", SMALLEST, True),
        ("text/html", SMALLEST - 1, False),
        ("application/rss+xml", 5000, True),
        ("application/ld+json", 5000, True),
        ("image/svg+xml", 5000, True),
        ("image/webp", 5000, False),
        ("font/woff2", 5000, False),
        ("application/zip", 5000, False),
        (None, 5000, False),
    ],
)
def test_only_text_that_is_worth_it_is_compressed(kind, length, expected):
    assert is_compressible(kind, length) is expected


@given(st.binary(max_size=500))
def test_what_is_compressed_comes_back_and_is_the_same_each_time(content):
    packed = COMPRESSORS["br"](content), COMPRESSORS["gzip"](content)
    assert (brotli.decompress(packed[0]), gzip.decompress(packed[1])) == (content, content)
    assert packed == (COMPRESSORS["br"](content), COMPRESSORS["gzip"](content))

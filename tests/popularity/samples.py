"""Readers for tests."""

from typing import Any

from articles.popularity.counting import Beacon
from tests.popularity.test_crawlers import CHROME


def make_beacon(article: Any, **overrides: Any) -> Beacon:
    """What the page of a story sends; each reader has another address."""
    values = {
        "article": str(article.uid),
        "origin": "direct",
        "agent": CHROME,
        "address": "203.0.113.7",
        "is_same_site": True,
    }
    return Beacon(**{**values, **overrides})


def address_of(number: int) -> str:
    """Addresses of readers who have no network in common."""
    return f"2001:{number >> 16:x}:{number & 0xFFFF:x}::1"

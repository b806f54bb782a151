"""Whether a slug is meant to stay: pure."""

import re
from typing import Final

# What is typed, or filled in, until there is a headline.
_PLACEHOLDER: Final = re.compile(
    r"(?:(?:my|new|the)-)?(?:article|draft|headline|page|post|slug|story|tba|tbc|tbd|test|tk|title|unnamed|untitled)"
    r"(?:-(?:copy|draft|final|[a-z]|v?[0-9]+))*"
)
_COPY: Final = re.compile(r"copy-of(?:-.*)?")

# As many letters as English endings leave of a word: "ferry" and "ferries" begin alike.
_BEGINNING: Final = 4


def is_placeholder(slug: str, proposed: str) -> bool:
    """``proposed`` is the slug that the headline gives: a headline may begin with “Copy of”."""
    slug = slug.lower()
    if _PLACEHOLDER.fullmatch(slug):
        return True
    return _COPY.fullmatch(slug) is not None and not proposed.startswith("copy-of-")


def has_word_of(slug: str, proposed: str) -> bool:
    """Whether a word of the slug begins as one of the headline does, or it cannot be told.

    It is told of words with four Latin letters or more alone: other scripts are often written in Latin letters in
    an address, and short words say little.
    """
    chosen, told = _beginnings(slug.lower()), _beginnings(proposed)
    return not chosen or not told or not chosen.isdisjoint(told)


def _beginnings(slug: str) -> set[str]:
    words = (word for word in slug.split("-") if len(word) >= _BEGINNING)
    return {word[:_BEGINNING] for word in words if word.isascii() and word.isalpha()}

"""Slugs: the readable part of an address, in the headline's own script."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

from articles.content.folding import strip_latin_accents

_LETTERS_WITHOUT_ACCENT: Final = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ı": "i", "ŋ": "ng", "ħ": "h", "ŧ": "t", "ĸ": "k", "ſ": "s", "ə": "e", "ɓ": "b",
        "ɗ": "d", "ƙ": "k", "ƴ": "y",
    }
)  # fmt: skip
_APOSTROPHES: Final = re.compile("['’‘ʼ`´′\u0640]")


def headline_slug(headline: str, *, max_length: int = 100) -> str:
    """Return the headline as a slug, cut between words; "" when it has no letter or digit.

    Latin letters become ASCII; those of other scripts stay.
    """
    text = unicodedata.normalize("NFKC", headline[: max_length * 20]).lower()
    text = strip_latin_accents(text).translate(_LETTERS_WITHOUT_ACCENT)
    text = _APOSTROPHES.sub("", text)
    words = "".join(char if char.isalnum() else _gap(char) for char in text).split()
    return _cut("-".join(words), max_length)


def numbered_slug(base: str, taken: Container[str], max_length: int = 100) -> str:
    """Return the first of base, base-2, base-3 … that is not taken, none beyond the length."""
    return next(slug for slug in (nth_slug(base, number, max_length) for number in count(1)) if slug not in taken)


def nth_slug(base: str, number: int, max_length: int = 100) -> str:
    """Return base for 1, base-2 for 2 and so on, the base shortened where it must be."""
    ending = "" if number == 1 else f"-{number}"
    return base[: max_length - len(ending)].rstrip("-") + ending


def is_slug(text: str) -> bool:
    """Whether the text could be a slug: words of letters and digits, parted by hyphens."""
    return all(word.isalnum() for word in text.split("-"))


def _gap(char: str) -> str:
    """Vowel signs and invisible marks vanish inside a word: Django's slugs and addresses allow letters only."""
    return "" if unicodedata.category(char) in {"Cf", "Mn", "Mc", "Me"} else " "


def _cut(slug: str, max_length: int) -> str:
    if len(slug) <= max_length:
        return slug
    head, hyphen, _ = slug[: max_length + 1].rpartition("-")
    return head if hyphen and len(head) * 2 > max_length else slug[:max_length].rstrip("-")

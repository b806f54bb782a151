"""The key by which a headline that somebody wrote in a text is matched with an article's."""

import hashlib
import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 300

_APOSTROPHES: Final = re.compile("['’‘ʼ`´′\u0640]")  # and the Arabic stretching mark
_INITIALS: Final = re.compile(r"\b(?:[^\W\d_]\.){1,}[^\W\d_]\b\.?")  # U.S. is US
_VARIATION_SELECTORS: Final = re.compile("[\ufe00-\ufe0f]")


def fold_headline(text: str) -> str:
    """Fold case, compatibility forms, Latin accents, quotes, dashes, punctuation and space away.

    Letters, digits and marks of any script stay, words parted by one space. A headline of
    symbols alone keeps its symbols. Idempotent; beyond 300 characters a digest ends the key.
    """
    folded = _fold_letters(text)
    while folded != (again := _fold_letters(folded)):
        folded = again
    key = _words(folded) or "".join(folded.split())
    return key if len(key) <= MAX_LENGTH else _shorten(key)


def _fold_letters(text: str) -> str:
    visible = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    folded = unicodedata.normalize("NFKC", visible).casefold()
    return unicodedata.normalize("NFC", strip_latin_accents(folded))


_INVISIBLE: Final = frozenset({"Cf", "Cs", "Co", "Cn"})


def strip_latin_accents(text: str) -> str:
    """Drop the combining marks of Latin letters; in other scripts marks are letters' equals."""
    if text.isascii():
        return text
    kept: list[str] = []
    after_latin = False
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(char):
            after_latin = is_latin(char)
        elif after_latin:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def is_latin(char: str) -> bool:
    return (char.isascii() and char.isalpha()) or unicodedata.name(char, "").startswith("LATIN ")


def _words(text: str) -> str:
    text = _APOSTROPHES.sub("", _VARIATION_SELECTORS.sub("", text))
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    letters = (char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return " ".join("".join(letters).split())


def _shorten(key: str) -> str:
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key[: MAX_LENGTH - 17].rstrip()} {digest}"

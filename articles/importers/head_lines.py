"""What stands between a headline and its text: bylines, dates, and the dateline that opens the first paragraph."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from articles.importers.base import MAX_NAME
from articles.importers.dates import parse_date

_BY: Final = re.compile(r"(?:(?:written|words|reported|reporting|story|text)\s+)?by:?\s+(?P<names>.+)", re.IGNORECASE)
_BETWEEN_NAMES: Final = re.compile(r"\s*,\s*(?:and|&)\s+|\s*[,;]\s*|\s+(?:and|&)\s+", re.IGNORECASE)
_BETWEEN_PARTS: Final = re.compile(r"\s*[|·•]\s*|\s+[—–-]\s+")
_DATED: Final = re.compile(
    r"(?:(?P<label>published|posted|date|updated)(?:\s+on)?\s*:?\s+)?(?P<date>.+)", re.IGNORECASE
)

# Words that stand inside names with a small letter.
_PARTICLES: Final = frozenset(
    "al ap as ben bin bint d da dal das de del della den der di do dos du e el ibn in la las le los of of san ten ter"
    " the van vander vom von y zu zum zur".split()
)
_NOT_A_NAME: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september"
    " october november december noon midnight dawn dusk day night then now contrast comparison far mid".split()
)
_MOST_WORDS_IN_NAME: Final = 6

_DASH: Final = re.compile(r"\s*—\s*|\s+(?:–|--?)\s+")
_MAX_DATELINE: Final = 90
_DATELINE_WORD: Final = re.compile(r"[\w.'’()/-]+,?")
_OPENERS: Final = "\"'“‘«„([¿¡…"


@dataclass
class Head:
    """What the lines under a headline have told so far."""

    bylines: list[str] = field(default_factory=list)
    published_at: datetime | None = None
    updated_at: datetime | None = None

    def take(self, line: str) -> bool:
        """Take a line that is a byline, a date or both, each once; False leaves the line to the text."""
        if len(line) > 300:
            return False
        return self._take_part(line) or self._take_parts(_BETWEEN_PARTS.split(line))

    def _take_parts(self, parts: list[str]) -> bool:
        tried = Head(list(self.bylines), self.published_at, self.updated_at)
        if not 2 <= len(parts) <= 3 or not all(map(tried._take_part, parts)):
            return False
        self.bylines, self.published_at, self.updated_at = tried.bylines, tried.published_at, tried.updated_at
        return True

    def _take_part(self, text: str) -> bool:
        if not self.bylines and (names := parse_byline(text)):
            self.bylines = names
            return True
        return self._take_date(text)

    def _take_date(self, text: str) -> bool:
        found = _DATED.fullmatch(text.strip())
        moment = parse_date(found["date"]) if found else None
        if found is None or moment is None:
            return False
        name = "updated_at" if (found["label"] or "").lower() == "updated" else "published_at"
        if getattr(self, name) is not None:
            return False
        setattr(self, name, moment)
        return True


def parse_byline(line: str) -> list[str]:
    """The names of “By A, B and C”, each once; [] where the line is something else, such as prose that begins so."""
    found = _BY.fullmatch(line.strip())
    if found is None:
        return []
    names = [name.strip() for name in _BETWEEN_NAMES.split(found["names"])]
    return list(dict.fromkeys(names)) if names and all(map(_is_name, names)) else []


def _is_name(name: str) -> bool:
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS_IN_NAME or len(name) > MAX_NAME or words[0].casefold() in _NOT_A_NAME:
        return False
    if any(character in '?!:;“”"<>@#/' or character.isdigit() for character in name):
        return False
    if len(words) > 1 and len(words[-1].rstrip(".")) > 3 and name.endswith("."):
        return False  # a sentence; initials and “Jr.” end in a full stop too
    return all(_begins_like_a_name(word) or word.casefold() in _PARTICLES for word in words) and _begins_like_a_name(
        words[-1]
    )


def _begins_like_a_name(word: str) -> bool:
    """A capital, or a letter of a script that has none; after "d’", "al-" and the like, too."""
    if not word[0].isalpha():
        return False
    return not word[0].islower() or any(map(str.isupper, word[1:4]))


def split_dateline(paragraph: str) -> tuple[str, str]:
    """Part “MANBIJ, Syria — Fighters …” into its dateline and the text; ("", paragraph) where there is none.

    A dateline begins with a place in capitals, has nothing but names, dates and an agency in brackets before the
    dash, and a sentence begins after it: “The Syrian Democratic Forces (SDF) alliance — made up of” has none.
    """
    dash = _DASH.search(paragraph, 0, _MAX_DATELINE)
    if dash is None or dash.start() == 0:
        return "", paragraph
    place, text = paragraph[: dash.start()].strip(), paragraph[dash.end() :].strip()
    if not text or not _is_dateline(place) or not _begins_a_sentence(text):
        return "", paragraph
    return place, text


def _is_dateline(place: str) -> bool:
    words = place.split()
    if len(words) > 9 or not all(map(_DATELINE_WORD.fullmatch, words)):
        return False
    city = place.split(",", maxsplit=1)[0].split("(", maxsplit=1)[0].strip()
    letters = [character for character in city if character.isalpha()]
    if len(letters) < 3 or not all(map(str.isupper, letters)) or any(map(str.isdigit, city)):
        return False
    return all(
        not word.lstrip("(")[:1].islower() or word.strip("(),").casefold() in _PARTICLES | {"and"} for word in words
    )


def _begins_a_sentence(text: str) -> bool:
    first = text.lstrip(_OPENERS)[:1]
    return bool(first) and not first.islower()

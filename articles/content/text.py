"""Between plain text and the HTML of a body: conversion, markers, word counts."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from articles.content.footnotes import with_notes_in_brackets, without_notes
from articles.content.sanitising import CleanHTML, escape_text

# Silent reading of English non-fiction: M. Brysbaert, "How many words do we read per minute?
# A review and meta-analysis of reading rate", Journal of Memory and Language 109 (2019), 104047.
WORDS_PER_MINUTE: Final = 238

_NEEDS_JOINING: Final = re.compile(r"[\t\n\v\f\r]|  ")
_BLANKS: Final = re.compile(r"[ \t\n\v\f\r]+")  # not \s: a no-break space is somebody's choice
_MARKER: Final = re.compile(
    r'<aside data-related="([1-9][0-9]*)"></aside>'
    r'|<figure data-(?:image="([0-9a-f-]{36})"|embed="([^"]+)")>(?:<figcaption>(.*?)</figcaption>)?</figure>',
    re.DOTALL,
)

# The rest of a tag: attributes, in whose quoted values a ">" may stand.
_REST: Final = r"""\b[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+>"""
_BREAK_TAG: Final = re.compile(rf"<(?:br|/td|/th){_REST}", re.IGNORECASE)
_INLINE_TAG: Final = re.compile(
    rf"</?(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u){_REST}", re.IGNORECASE
)
_ANY_TAG: Final = re.compile(rf"<(?:/?[a-z][a-z0-9]*{_REST}|!--.*?-->)", re.IGNORECASE | re.DOTALL)
_SPACE_IN_LINE: Final = re.compile(r"[ \t\f\v]*\n[ \t\f\v]*")
_BLANK_LINES: Final = re.compile(r"\n{2,}")

# Ideographs and kana: written without spaces, each counts as a word, as word processors do.
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class RelatedMarker:
    """The place of a related link in a body; the number says which link."""

    number: int

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"A related link's number starts at 1, not {self.number}.")

    def __html__(self) -> str:
        return f'<aside data-related="{self.number}"></aside>'


@dataclass(frozen=True)
class PictureMarker:
    """The place of a picture in a body: its identifier, and the caption that it has here, as clean as the body."""

    uid: str
    caption: str = ""


@dataclass(frozen=True)
class EmbedMarker:
    """The place of an embed in a body: provider and identifier as they are stored, and its caption."""

    stored: str
    caption: str = ""


Marker = RelatedMarker | PictureMarker | EmbedMarker


def text_to_html(blocks: Sequence[str | RelatedMarker]) -> CleanHTML:
    """Turn paragraphs of plain text and markers into a body.

    Text is text: HTML in it is shown, never run. The sanitiser would change nothing in the
    result (a property test proves it), so it is not asked: imports need the speed.
    """
    parts = (block.__html__() if isinstance(block, RelatedMarker) else _paragraph(block) for block in blocks)
    return CleanHTML("\n".join(filter(None, parts)))


def _paragraph(text: str) -> str:
    if _NEEDS_JOINING.search(text):
        text = _BLANKS.sub(" ", text)
    text = escape_text(text).strip(" ")
    return f"<p>{text}</p>" if text and not text.isspace() else ""


def html_to_text(fragment: str) -> str:
    """Return the words of HTML, blocks parted by a blank line, footnotes in brackets; markers vanish."""
    fragment = with_notes_in_brackets(fragment)
    text = fragment if "<pre" in fragment else _SPACE_IN_LINE.sub(" ", fragment)
    text = _BREAK_TAG.sub("\n", _INLINE_TAG.sub("", text))
    text = html.unescape(_ANY_TAG.sub("\n\n", text))
    return _BLANK_LINES.sub("\n\n", _SPACE_IN_LINE.sub("\n", text)).strip()


def split_at_markers(body: str) -> list[str | Marker]:
    """Part a cleaned body at its markers, in order; a clean body's parts stay clean."""
    kind = CleanHTML if isinstance(body, CleanHTML) else str
    parts: list[str | Marker] = []
    end = 0
    for found in _MARKER.finditer(body):
        number, uid, stored, caption = found.groups()
        words = kind(caption or "")
        parts.append(kind(body[end : found.start()]))
        if number:
            parts.append(RelatedMarker(int(number)))
        else:
            parts.append(PictureMarker(uid, words) if uid else EmbedMarker(stored, words))
        end = found.end()
    parts.append(kind(body[end:]))
    return [part for part in parts if not isinstance(part, str) or part.strip()]


def word_count(html_or_text: str) -> int:
    """Count words; a number or "48-hour" is one, a lone dash none, an ideograph one. Footnotes are not counted."""
    text = without_notes(html_or_text)
    if "<" in text:
        text = _ANY_TAG.sub(" ", _INLINE_TAG.sub("", text))
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _count_spaced(text)
    text, ideographs = _CJK.subn(" ", text)
    return ideographs + _count_spaced(text.replace("—", " "))


def _count_spaced(text: str) -> int:
    words = text.split()
    marked = [word for word in words if not word[0].isalnum()]  # “quoted”, or a dash alone
    return len(words) - sum(not any(map(str.isalnum, word)) for word in marked)


def reading_minutes(words: int) -> int:
    """Minutes to read so many words, at least one."""
    return max(1, round(words / WORDS_PER_MINUTE))

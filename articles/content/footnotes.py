"""Footnotes: their text stands in the body behind the word to which it belongs; pages number it and list it below."""

import re
from dataclasses import dataclass
from typing import Final

from articles.content.sanitising import CleanHTML

# Exact in a cleaned body: no other <small> is allowed, and none within another.
_NOTE: Final = re.compile(r'<small data-footnote="">(.*?)</small>', re.DOTALL)


@dataclass(frozen=True)
class Note:
    number: int
    html: CleanHTML


def without_notes(body: str) -> str:
    """The body without its footnotes: what is counted, and of what excerpts are made."""
    return _NOTE.sub("", body) if "data-footnote" in body else body


def with_notes_in_brackets(body: str) -> str:
    """The body with each note set apart from the words around it, for plain text."""
    return _NOTE.sub(r" [\1]", body) if "data-footnote" in body else body


def with_numbers(body: CleanHTML, *, after: int = 0) -> tuple[CleanHTML, tuple[Note, ...]]:
    """The body with a numbered link in place of each note, and the notes; `after` is the last number so far."""
    notes: list[Note] = []

    def mark(found: re.Match[str]) -> str:
        number = after + len(notes) + 1
        notes.append(Note(number, CleanHTML(found[1])))
        return (
            f'<sup class="note-mark"><a id="note-mark-{number}" href="#note-{number}" role="doc-noteref" '
            f'aria-label="Note {number}">{number}</a></sup>'
        )

    return (CleanHTML(_NOTE.sub(mark, body)), tuple(notes)) if "data-footnote" in body else (body, ())

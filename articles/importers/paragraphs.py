"""From lines to paragraphs, whether a text parts them by empty lines or by line ends alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from articles.importers.base import MAX_HEADLINE

# Programs wrap lines at widths between these; shorter lines were broken by a person.
_NARROWEST: Final = 50
_WIDEST: Final = 120
_MOSTLY: Final = 2 / 3

_MOST_WORDS_IN_HEADLINE: Final = 30

_FULL_STOP: Final = re.compile(r"""[.。]["'”’»)\]]*$""")
_SENTENCE_END: Final = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_ABBREVIATION_END: Final = re.compile(
    r"""(?:\b\w\.|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|Bros|etc|No|St|vs)\.|\.\.\.|…)["'”’»)\]]*$"""
)


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


def split_blocks(text: str) -> Iterator[list[Line]]:
    """The lines of a text that have words, in groups between empty lines, stripped and numbered from 1."""
    block: list[Line] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if stripped:
            block.append(Line(number, stripped))
        elif block:
            yield block
            block = []
    if block:
        yield block


def join_lines(lines: Sequence[str]) -> list[str]:
    """The paragraphs of a group of lines: lines that a program wrapped are joined, others stand for themselves.

    A break is a program's where the next word would not have fitted into the widest line of the group.
    """
    if len(lines) < 2:
        return list(lines)
    paragraphs = [[lines[0]]]
    for soft, line in zip(_soft_breaks(lines), lines[1:], strict=True):
        if soft:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [" ".join(paragraph) for paragraph in paragraphs]


def is_prose(lines: Sequence[str]) -> bool:
    """Whether a group of lines is running text rather than a headline or several.

    Headlines are short, and end in no full stop but that of an abbreviation.
    """
    last = lines[-1]
    if _FULL_STOP.search(last) and not _ABBREVIATION_END.search(last):
        return len(lines) == 1 or all(_soft_breaks(lines))
    return len(last) > MAX_HEADLINE or last.count(" ") >= _MOST_WORDS_IN_HEADLINE


def _soft_breaks(lines: Sequence[str]) -> list[bool]:
    width = max(map(len, lines))
    never = [False] * (len(lines) - 1)
    if not _NARROWEST <= width <= _WIDEST or all(map(_SENTENCE_END.search, lines)):
        return never
    breaks = [len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines)]
    return breaks if sum(breaks) > len(breaks) * _MOSTLY else never

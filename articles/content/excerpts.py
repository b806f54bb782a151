"""Excerpts: the first words of a body as plain text, for lists, feeds and descriptions."""

import re
from typing import Final

from articles.content.footnotes import without_notes
from articles.content.text import html_to_text, word_count

_NOT_PROSE: Final = re.compile(r"<(h[1-6]|pre|table|figure|aside)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
# However long its words are: what the column of a story holds.
LONGEST: Final = 400
# Enough of a body for any excerpt: the rest need not be looked at.
_LOOKED_AT: Final = 20_000

# A word with the space after it; an ideograph is a word by itself.
_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD: Final = re.compile(rf"[{_CJK}][^\s\w]*\s*|[^\s{_CJK}]+\s*")
_SENTENCE_END: Final = re.compile(r"""[.!?…]["'”’»)\]]*(?=\s|$)|[。！？]["”’」』）]*""")
_INITIALS: Final = re.compile(r"(?:^|[\s.(])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Gov|Prof|No|vs)\.$")
_LOOSE_END: Final = " \t\n,;:–—-([“‘«\"'、，；："


def excerpt(html: str, *, words: int = 40) -> str:
    """Return about the first so many words of the prose in a body, in one line of at most `LONGEST` characters.

    Cut where a sentence ends if that keeps more than half of the words; else where a word ends,
    with an ellipsis. Headings, tables, figures, code, asides and footnotes are no prose.
    """
    html = without_notes(html)
    prose = html_to_text(_NOT_PROSE.sub("\n\n", html[:_LOOKED_AT])) or html_to_text(html)
    text = " ".join(prose.split())
    end = _end_of_words(text, words)
    if end == len(text):
        return text
    cut = text[:end].rstrip()
    sentences = _whole_sentences(cut)
    if word_count(sentences) * 2 > words:
        return sentences
    return cut.rstrip(_LOOSE_END).rstrip(".") + "…"


def _end_of_words(text: str, words: int) -> int:
    end = 0
    for _, word in zip(range(words), _WORD.finditer(text), strict=False):
        # Room for the ellipsis is kept, unless nothing follows that it would stand for.
        if len(word.group().rstrip()) + word.start() > LONGEST - (word.end() < len(text)):
            # Of a single word without an end, as much as there is room for.
            return end or LONGEST - 1
        end = word.end()
    return end


def _whole_sentences(text: str) -> str:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    while ends and _INITIALS.search(text[: ends[-1]]):
        ends.pop()
    return text[: ends[-1]] if ends else ""

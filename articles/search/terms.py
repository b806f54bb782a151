"""The words of a text, and which of them tell it from others. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What a mention counts, by where it stands.
_HEADLINE: Final = 3
_DEK: Final = 2

# Words begin with a letter: years and numbers tell little of what a story is about.
_WORD: Final = re.compile(r"[^\W\d_]\w{2,39}")
# In headlines years and numbers tell much.
_HEADLINE_WORD: Final = re.compile(r"\w{2,40}")
_HEADLINE_WORDS: Final = 20
# A book need not be read to the end.
_LOOKED_AT: Final = 100_000
# A text's words are looked up from the most frequent down; what occurs less often than so many others says little.
_LOOKED_UP: Final = 120


@dataclass(frozen=True)
class Text:
    """What is read of a story."""

    headline: str
    dek: str
    body: str


def count_words(text: Text) -> Counter[str]:
    """How often each word is said, in lower case; headline and dek count more."""
    words = Counter(_WORD.findall(text.body[:_LOOKED_AT].lower()))
    for part, weight in ((text.headline, _HEADLINE), (text.dek, _DEK)):
        for word in _WORD.findall(part.lower()):
            words[word] += weight
    return words


def headline_words(headline: str) -> list[str]:
    """The words of a headline in lower case, each once; of a long one those at its beginning."""
    return list(dict.fromkeys(_HEADLINE_WORD.findall(headline.lower())))[:_HEADLINE_WORDS]


def candidates(words: Mapping[str, int], *, without: frozenset[str]) -> list[str]:
    """The words that are worth a look-up: the most frequent of those not known to be common."""
    rare = [word for word in words if word not in without]
    return sorted(rare, key=lambda word: (-words[word], word))[:_LOOKED_UP]


def rarity(documents: int, *, of: int) -> float:
    """The inverse document frequency of BM25, never below a hundredth: what all say tells nothing.

    S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.2.
    """
    return max(0.01, math.log((of - documents + 0.5) / (documents + 0.5)))


def characteristic(
    words: Mapping[str, int], frequencies: Mapping[str, int], *, documents: int, most: int, budget: int
) -> list[str]:
    """The terms that tell a text from others, best first: by how often it says them and how few others do.

    ``most`` terms at most, and only as many as occur in ``budget`` rows together: that bounds what a query costs. What
    occurs in one row occurs in the text itself alone, and finds nothing.
    """
    known = {word: number for word, number in frequencies.items() if number > 1}

    def weight(word: str) -> float:
        # The third mention says less than the second.
        return (1 + math.log(words[word])) * rarity(known[word], of=documents)

    chosen: list[str] = []
    for word in sorted(known, key=lambda word: (-weight(word), word)):
        if len(chosen) == most or known[word] > budget:
            continue
        budget -= known[word]
        chosen.append(word)
    return chosen

"""Stories whose headline may be another wording of one that somebody wrote: candidates, which others compare."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from articles.search.backends import text_index
from articles.search.backends.base import Wording
from articles.search.similar import rare_among
from articles.search.terms import headline_words

# Of a headline's words: enough to find it when some were changed.
_RARE: Final = 8
_COMMON: Final = 4
# A headline with so many rare words needs no common ones.
_TELLING: Final = 3
# The newest stories with its words, and as many that begin like it.
_CANDIDATES: Final = 300


def headlines_like(headlines: Mapping[str, str], *, language: str) -> dict[str, set[str]]:
    """For each headline, given with its folded form, the folded headlines of stories that it may mean.

    Two or three statements, whatever the number of headlines. Stories of every status, working copies too. Headlines are found
    that have a rare word of it, or several common ones; and those that begin like it.
    """
    words = {folded: headline_words(headline) for folded, headline in headlines.items()}
    rare = rare_among({word for each in words.values() for word in each}, language=language)
    wordings = [_wording(folded, each, rare) for folded, each in words.items()]
    found = text_index().find_wordings(wordings, language=language, most=_CANDIDATES)
    return dict(zip(words, found, strict=True))


def _wording(folded: str, words: Sequence[str], rare: Mapping[str, int]) -> Wording:
    telling = sorted((word for word in words if rare.get(word)), key=lambda word: (rare[word], word))
    # Of words that nobody has counted to the end, the longest say most.
    common = sorted((word for word in words if word not in rare), key=lambda word: (-len(word), word))
    return Wording(
        rare=_within(text_index().budget, telling[:_RARE], rare),
        together=[] if len(telling) >= _TELLING else _some_of(common[:_COMMON]),
        beginning=folded[: max(2, len(folded) // 2)],
    )


def _some_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """So many together that few rows have them, and so few that some of the words may have been changed."""
    return list(combinations(words, 2 if len(words) < 4 else 3))


def _within(budget: int, words: Sequence[str], numbers: Mapping[str, int]) -> list[str]:
    """As many of the words, from the first on, as occur in so many rows together."""
    chosen = []
    for word in words:
        budget -= numbers[word]
        if budget < 0:
            break
        chosen.append(word)
    return chosen

"""Which of many headlines somebody may have meant by another wording: a comparison of folded headlines."""

from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz, process

# Of a hundred. Below it two headlines have little more in common than their small words.
LEAST_LIKENESS: Final = 62
# From here on nobody asks whether words were moved.
SURE_LIKENESS: Final = 90


def similar_wordings(wanted: str, known: Iterable[str], *, most: int) -> list[tuple[str, float]]:
    """Of the folded headlines that are known those most similar to another, the best first, with their likeness.

    Compared letter by letter, as they stand and with their words in the order of the alphabet: a word that was left
    out, added or moved costs little.
    """
    plain = list(known)
    alike = _alike(wanted, plain, most)
    if max(alike.values(), default=0) < SURE_LIKENESS:
        for place, score in _alike(_in_order(wanted), [*map(_in_order, plain)], most).items():
            alike[place] = max(score, alike.get(place, 0))
    best = sorted(alike.items(), key=lambda each: (-each[1], plain[each[0]]))
    return [(plain[place], score) for place, score in best[:most]]


def _alike(wanted: str, among: list[str], most: int) -> dict[int, float]:
    """The places of the most similar ones, with their likeness."""
    found = process.extract(wanted, among, scorer=fuzz.ratio, limit=most, score_cutoff=LEAST_LIKENESS)
    return {place: score for _, score, place in found}


def _in_order(headline: str) -> str:
    return " ".join(sorted(headline.split()))

"""Which of many headlines somebody may have meant by another wording: a comparison of folded headlines."""

from collections.abc import Collection, Iterable
from typing import Final

from rapidfuzz import fuzz, process

# Of a hundred. Below it two headlines have little more in common than their small words.
LEAST_LIKENESS: Final = 62
# From here on nobody asks whether words were moved.
SURE_LIKENESS: Final = 90


def similar_wordings(wanted: Collection[str], known: Iterable[str], *, most: int) -> dict[str, list[tuple[str, float]]]:
    """For each folded headline the most similar ones of those that are known, the best first, with their likeness.

    Compared letter by letter, as they stand and with their words in the order of the alphabet: a word that was left
    out, added or moved costs little. A hundred thousand headlines take some milliseconds for each that is wanted.
    """
    plain = list(known)
    found = {each: _alike(each, plain, most) for each in wanted}
    unsure = [each for each, alike in found.items() if max(alike.values(), default=0) < SURE_LIKENESS]
    in_order = [_in_order(each) for each in plain] if unsure else []
    for each in unsure:
        for place, score in _alike(_in_order(each), in_order, most).items():
            found[each][place] = max(score, found[each].get(place, 0))
    return {each: _best(alike, plain, most) for each, alike in found.items()}


def _alike(wanted: str, among: list[str], most: int) -> dict[int, float]:
    """The places of the most similar ones, with their likeness."""
    found = process.extract(wanted, among, scorer=fuzz.ratio, limit=most, score_cutoff=LEAST_LIKENESS)
    return {place: score for _, score, place in found}


def _best(alike: dict[int, float], plain: list[str], most: int) -> list[tuple[str, float]]:
    best = sorted(alike.items(), key=lambda each: (-each[1], plain[each[0]]))
    return [(plain[place], score) for place, score in best[:most]]


def _in_order(headline: str) -> str:
    return " ".join(sorted(headline.split()))

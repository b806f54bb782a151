"""Which of many headlines somebody may have meant by another wording: a comparison of folded headlines."""

from collections.abc import Collection, Iterable
from typing import Final

from rapidfuzz import fuzz, process

# Of a hundred. Below it two headlines have little more in common than their small words.
LEAST_LIKENESS: Final = 62


def similar_wordings(wanted: Collection[str], known: Iterable[str], *, most: int) -> dict[str, list[tuple[str, float]]]:
    """For each folded headline the most similar ones of those that are known, the best first, with their likeness.

    Compared letter by letter, as they stand and with their words in the order of the alphabet: a word that was left
    out, added or moved costs little. A hundred thousand headlines take some milliseconds for each that is wanted.
    """
    plain = list(known)
    in_order = [_in_order(each) for each in plain]
    return {each: _best(each, plain, in_order, most) for each in wanted}


def _best(wanted: str, plain: list[str], in_order: list[str], most: int) -> list[tuple[str, float]]:
    likeness: dict[int, float] = {}
    for words, among in ((wanted, plain), (_in_order(wanted), in_order)):
        found = process.extract(words, among, scorer=fuzz.ratio, limit=most, score_cutoff=LEAST_LIKENESS)
        for _, score, place in found:
            likeness[place] = max(score, likeness.get(place, 0))
    best = sorted(likeness.items(), key=lambda each: (-each[1], plain[each[0]]))
    return [(plain[place], score) for place, score in best[:most]]


def _in_order(headline: str) -> str:
    return " ".join(sorted(headline.split()))

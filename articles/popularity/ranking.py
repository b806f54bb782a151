"""The order of popular stories, computed from what is handed in and nothing else.

What trends is ranked by forward exponential decay (G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu: "Forward Decay: A
Practical Time Decay Model for Streaming Systems", ICDE 2009). With a half-life h and λ = ln 2 / h, a read of weight w at
time t weighs w · exp(−λ (now − t)) now, so that a story has

    S(now) = Σ wᵢ · exp(−λ (now − tᵢ)) = exp(−λ (now − L)) · Σ wᵢ · exp(λ (tᵢ − L))

for any fixed landmark L. The first factor is the same for all stories and changes no order; the sum does not depend on
now. Kept is its logarithm, the trend

    T = ln Σ wᵢ · exp(λ (tᵢ − L))

which grows by λ for each second that passes between reads: after a hundred years with a half-life of one hour it is
some 610,000, far from where a double overflows, and precise to 10⁻¹⁰. Two trends are joined by ln(exp a + exp b),
which is associative and commutative: the order in which reads arrive does not matter, nor who counted which.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

# L: any moment will do, but it is the same for as long as trends are compared.
LANDMARK: Final = datetime(2020, 1, 1, tzinfo=UTC)

Key = TypeVar("Key", bound=Hashable)


def trend_of(reads: float, at: datetime, *, half_life: timedelta) -> float | None:
    """The trend that reads at one moment make, ``reads`` being the sum of their weights; None for no weight at all."""
    if reads <= 0:
        return None
    return math.log(reads) + math.log(2) * ((at - LANDMARK) / half_life)


def join_trends(one: float | None, other: float | None) -> float | None:
    """The trend of all reads of both."""
    if one is None or other is None:
        return other if one is None else one
    larger, smaller = max(one, other), min(one, other)
    return larger + math.log1p(math.exp(smaller - larger))


def reads_now(trend: float, at: datetime, *, half_life: timedelta) -> float:
    """S: what the reads of a trend still weigh at a moment, where a read of that moment weighs 1."""
    return math.exp(min(trend - math.log(2) * ((at - LANDMARK) / half_life), 700))


@dataclass
class Mentions:
    lists: int
    best_position: int
    recency: int


def rank_by_mentions(mentions: Iterable[tuple[Key, int]]) -> list[Key]:
    """Orders the entries of several popular lists: what most lists name, then what stood highest, then the newest.

    ``mentions`` are (key, position in its list), the newest list first.
    """
    standings: dict[Key, Mentions] = {}
    for recency, (key, position) in enumerate(mentions):
        standing = standings.setdefault(key, Mentions(0, position, recency))
        standing.lists += 1
        standing.best_position = min(standing.best_position, position)
    return sorted(standings, key=lambda key: _sort_key(standings[key]))


def _sort_key(standing: Mentions) -> tuple[int, int, int]:
    return -standing.lists, standing.best_position, standing.recency

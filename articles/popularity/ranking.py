"""The order of popular stories, computed from what is handed in and nothing else."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Standing:
    lists: int
    best_position: int
    recency: int


def rank_by_mentions(mentions: Iterable[tuple[Key, int]]) -> list[Key]:
    """Orders the entries of several popular lists: what most lists name, then what stood highest, then the newest.

    ``mentions`` are (key, position in its list), the newest list first.
    """
    standings: dict[Key, Standing] = {}
    for recency, (key, position) in enumerate(mentions):
        standing = standings.setdefault(key, Standing(0, position, recency))
        standing.lists += 1
        standing.best_position = min(standing.best_position, position)
    return sorted(standings, key=lambda key: _sort_key(standings[key]))


def _sort_key(standing: Standing) -> tuple[int, int, int]:
    return -standing.lists, standing.best_position, standing.recency

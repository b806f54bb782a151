"""Reads between the moment at which they are counted and the one at which they are stored: numbers alone."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar

from articles.popularity.ranking import join_trends

# Above so many different counters the buffer takes no further one until it was written: a flood of invented
# stories fills no memory.
MOST_COUNTERS: Final = 50_000

# (story, start of the hour, origin) and (story or none, day, reason); stories by their uid.
ReadKey = tuple[str, datetime, str]
RefusedKey = tuple[str | None, date, str]

Answer = TypeVar("Answer")


@dataclass
class Tally:
    """What was counted; two of them joined are what one would have been that had counted both."""

    reads: Counter[ReadKey] = field(default_factory=Counter)
    trends: dict[str, float] = field(default_factory=dict)
    refused: Counter[RefusedKey] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.reads or self.refused)

    def add_reads(self, key: ReadKey, number: int = 1) -> bool:
        """Whether there was room for them."""
        if len(self.reads) >= MOST_COUNTERS and key not in self.reads:
            return False
        self.reads[key] += number
        return True

    def add_trend(self, uid: str, trend: float | None) -> None:
        joined = join_trends(self.trends.get(uid), trend)
        if joined is not None:
            self.trends[uid] = joined

    def add_refused(self, key: RefusedKey, number: int = 1) -> None:
        """Where there is no room, the reason is counted without the story."""
        if len(self.refused) >= MOST_COUNTERS and key not in self.refused:
            key = (None, *key[1:])
        self.refused[key] += number

    def join(self, other: "Tally") -> None:
        for key, number in other.reads.items():
            self.add_reads(key, number)
        for uid, trend in other.trends.items():
            self.add_trend(uid, trend)
        for refused, number in other.refused.items():
            self.add_refused(refused, number)


class Buffer:
    """A tally that many threads add to, one at a time, and one takes away."""

    def __init__(self) -> None:
        self._start_afresh()
        # A child begins with nothing: what was counted before is its parent's, whose lock may have been held.
        os.register_at_fork(after_in_child=self._start_afresh)

    def _start_afresh(self) -> None:
        self._lock = threading.Lock()
        self._tally = Tally()

    def change(self, change: Callable[[Tally], Answer]) -> Answer:
        with self._lock:
            return change(self._tally)

    def take(self) -> Tally:
        """All that was counted so far; what comes from now on is counted into another."""
        with self._lock:
            taken, self._tally = self._tally, Tally()
        return taken

    def put_back(self, taken: Tally) -> None:
        """What could not be stored, joined with what was counted meanwhile."""
        with self._lock:
            taken.join(self._tally)
            self._tally = taken

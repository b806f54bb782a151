"""The purge log: appended to in the transaction of a change, read by every process that keeps pages."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from articles.models import Purge
from articles.page_cache.tags import EVERYTHING

# Every process has read what is older, or has ended.
KEPT_FOR: Final = timedelta(days=2)
# A transaction may have taken a number and not be over: that number is asked for again until then.
SECONDS_OF_LONGEST_TRANSACTION: Final = 3600
# Beyond that a hole is no transaction's.
LARGEST_HOLE: Final = 1000


def record_purge(tags: Iterable[str]) -> None:
    """To be called in the transaction of the change: pages that show any of these are outdated once it commits."""
    if found := sorted(set(tags)):
        Purge.objects.create(tags=[EVERYTHING] if EVERYTHING in found else found)


def prune_purges() -> int:
    """Forgets what every process has read long ago, but never the last: by it a reader sees that the log is still its own."""
    newest = Purge.objects.order_by("-pk").first()
    if newest is None:
        return 0
    return Purge.objects.filter(recorded_at__lt=timezone.now() - KEPT_FOR, pk__lt=newest.pk).delete()[0]


class Place(NamedTuple):
    """How far a reader has come: the highest number, and lower ones that nobody has seen yet, with when they are given up."""

    last: int
    missing: dict[int, float]


class PurgeLog:
    """The place in the log of one reader. The first time it says that everything has changed: who knows since when.
    Whoever has kept a ``place`` goes on there.

    Numbers are given before transactions end, so that a lower one may appear after a higher one: holes are remembered.
    ``using`` is the database that pages are made from: one of its replicas never shows a purge before what it is about.
    ``clock`` is one that goes on where the process ends, if its places outlive it.
    """

    def __init__(
        self, using: str = "default", *, place: Place | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._using = using
        self._clock = clock
        self._last: int | None = place.last if place else None
        # Numbers that nobody has seen yet, and when they are given up.
        self._missing: dict[int, float] = dict(place.missing) if place else {}

    @property
    def place(self) -> Place | None:
        """Where it is now; None before it first looked."""
        return None if self._last is None else Place(self._last, dict(self._missing))

    def read(self) -> frozenset[str]:
        """The tags that were recorded since the last time."""
        if self._last is None:
            return self._begin()
        rows = Purge.objects.using(self._using).filter(Q(pk__gte=self._last) | Q(pk__in=list(self._missing)))
        found = dict(rows.order_by("pk").values_list("pk", "tags"))
        if self._last and self._last not in found:
            # It is another log: the database was put back to an earlier day, or changed for another one.
            return self._begin()
        tags = {tag for pk, row in found.items() if pk != self._last for tag in row}
        return frozenset(tags | self._advance(sorted(found)))

    def _begin(self) -> frozenset[str]:
        newest = list(Purge.objects.using(self._using).order_by("-pk").values_list("pk", flat=True)[:LARGEST_HOLE])
        self._last, self._missing = 0, {}
        if newest:
            self._last = newest[-1]
            self._advance(newest[::-1])
        return frozenset([EVERYTHING])

    def _advance(self, seen: list[int]) -> set[str]:
        """Notes what was seen, in ascending order, and what was not; everything is purged where it cannot be known."""
        now, unknown = self._clock(), False
        for pk in seen:
            self._missing.pop(pk, None)
            if self._last is not None and pk > self._last:
                unknown |= self._last > 0 and pk - self._last > LARGEST_HOLE
                holes = range(max(self._last + 1, pk - LARGEST_HOLE), pk)
                self._missing |= dict.fromkeys(holes, now + SECONDS_OF_LONGEST_TRANSACTION)
                self._last = pk
        given_up = [pk for pk, until in self._missing.items() if until <= now]
        for pk in given_up:
            del self._missing[pk]
        return {EVERYTHING} if unknown else set()

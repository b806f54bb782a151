"""One makes a page, the others wait for it."""

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum
from threading import Event, Lock
from typing import Final

from articles.page_cache.addresses import Key

# For so long a page that could not be kept is made by everyone for themselves: a second one would wait in vain as well.
SECONDS_ALONE: Final = 10
MOST_ALONE: Final = 2_000


class Outcome(Enum):
    """What those who waited do next."""

    # It is there; or it is not, because something was purged meanwhile, and whoever came after that needs another one.
    LOOK_AGAIN = "look again"
    # It could not be kept: everyone asks for themselves.
    ASK_ALONE = "ask alone"
    FAILED = "failed"


class Flight:
    """The making of one page."""

    __slots__ = ("_landed", "outcome")

    def __init__(self) -> None:
        self._landed = Event()
        self.outcome = Outcome.FAILED

    def wait(self, seconds: float) -> bool:
        """Whether it landed within that time."""
        return self._landed.wait(max(seconds, 0))

    def land(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._landed.set()


class Flights:
    """The pages that are made just now, and those for which nobody waits."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._flights: dict[Key, Flight] = {}
        self._alone: OrderedDict[Key, float] = OrderedDict()

    def board(self, key: Key) -> tuple[Flight, bool]:
        """The flight for a key, and whether the caller leads it: a leader must ``land()``, whatever happens."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def land(self, key: Key, flight: Flight, outcome: Outcome) -> None:
        """Wakes all who wait."""
        with self._lock:
            del self._flights[key]
            if outcome is Outcome.ASK_ALONE:
                self._note_alone(key)
        flight.land(outcome)

    def goes_alone(self, key: Key) -> bool:
        """Whether the last answer for a key could not be kept, a moment ago."""
        until = self._alone.get(key)
        return until is not None and self._clock() < until

    def _note_alone(self, key: Key) -> None:
        self._alone[key] = self._clock() + SECONDS_ALONE
        self._alone.move_to_end(key)
        while len(self._alone) > MOST_ALONE:
            self._alone.popitem(last=False)

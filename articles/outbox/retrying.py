"""When to try again what failed."""

import random
from collections.abc import Callable
from typing import Final

FIRST_SECONDS: Final = 2.0
LONGEST_SECONDS: Final = 300.0
# What another machine asks for is believed up to here.
LONGEST_WISH: Final = 3600.0


def seconds_before(attempt: int, *, wish: float | None = None, chance: Callable[[], float] = random.random) -> float:
    """How long to wait after the ``attempt``-th failure in a row: twice as long each time, and not all at once.

    ``wish`` is what the other machine asked for (Retry-After): it is waited for in any case.
    """
    longest = min(FIRST_SECONDS * 2.0 ** min(attempt - 1, 30), LONGEST_SECONDS)
    # Between half and all of it: many who failed together do not come back together.
    waited = longest * (0.5 + chance() / 2)
    return max(waited, min(wish or 0.0, LONGEST_WISH))

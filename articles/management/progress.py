"""How far a long command is: a line now and then."""

import time
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeVar

SECONDS_BETWEEN_LINES: Final = 5.0

Item = TypeVar("Item")


class Writer(Protocol):
    def write(self, msg: str) -> object: ...


def follow(items: Iterable[Item], words: str, *, out: Writer, total: int | None = None) -> Iterator[Item]:
    """Passes items on and says every few seconds how many there were: “20,000 of 80,000 lines read”."""
    last = time.monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            done = f"{number:,}" if total is None else f"{number:,} of {total:,}"
            out.write(f"{done} {words}.")
            last = time.monotonic()

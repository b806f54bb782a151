"""Long lists in parts, as a statement can take them."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

# Keys that a statement is given: SQLite's older limit for the number of its parameters is 999.
KEYS_AT_ONCE: Final = 500

Row = TypeVar("Row")


def chunks(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))

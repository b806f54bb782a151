"""How far a long work is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_SECONDS_BETWEEN_LINES: Final = 5.0

Done = TypeVar("Done")


def follow(done: Iterable[Done], *, label: str, out: OutputWrapper, total: int | None = None) -> Iterator[Done]:
    """Passes on what is done; ``label`` says what it is, as in “stories compared”, ``total`` of how many, if known."""
    return _on_terminal(done, total, label) if out.isatty() else _in_lines(done, total, label, out)


def _on_terminal(done: Iterable[Done], total: int | None, label: str) -> Iterator[Done]:
    columns = (TextColumn(label.capitalize()), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stdout), transient=True) as progress:
        task = progress.add_task("", total=total)
        for each in done:
            progress.advance(task)
            yield each


def _in_lines(done: Iterable[Done], total: int | None, label: str, out: OutputWrapper) -> Iterator[Done]:
    started = last = time.monotonic()
    for number, each in enumerate(done, start=1):
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            of_all = "" if total is None else f" of {total:,}"
            out.write(f"{number:,}{of_all} {label}, {number / (now - started):,.0f} a second.")
            last = now
        yield each

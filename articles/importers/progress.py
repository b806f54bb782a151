"""How far an import is: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from articles.importers.outcomes import Action, Outcome

_SECONDS_BETWEEN_LINES: Final = 5.0


class Writer(Protocol):
    def write(self, msg: str) -> object: ...


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f} a second")


def follow_on_terminal(outcomes: Iterable[Outcome], *, total: int, stream: IO[str]) -> Iterator[Outcome]:
    """Pass outcomes on and draw a bar with rate and remaining time."""
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("", total=total)
        for outcome in outcomes:
            progress.advance(task)
            yield outcome


def follow_in_lines(outcomes: Iterable[Outcome], *, total: int, out: Writer) -> Iterator[Outcome]:
    """Pass outcomes on; a long run says every few seconds how far it is."""
    counts: Counter[Action] = Counter()
    started = last = time.monotonic()
    for outcome in outcomes:
        counts[outcome.action] += 1
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            done = counts.total()
            out.write(f"{done:,} of {total:,} texts, {done / (now - started):,.0f} a second.")
            last = now
        yield outcome

"""What became of each text, for people and for the report."""

from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    path: str
    action: Action
    headline: str = ""
    slug: str = ""
    line: int | None = None
    message: str = ""

    def as_row(self) -> dict[str, Any]:
        """One line of the report: what is empty is left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", None)}

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if self.message else place


def summarise(counts: Counter[Action], *, dry_run: bool = False) -> str:
    """“24 created, 0 updated, 0 unchanged”, and the rarer outcomes where there are any."""
    always = (Action.CREATED, Action.UPDATED, Action.UNCHANGED)
    parts = [f"{counts[action]:,} {action}" for action in Action if action in always or counts[action]]
    return ", ".join(parts) + (" (nothing was written: a dry run)." if dry_run else ".")

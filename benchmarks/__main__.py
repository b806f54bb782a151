"""Runs all benchmarks and writes benchmarks/RESULTS.md: `make bench`, or `make bench QUICK=1` to try it.

    .venv/bin/python -m benchmarks [--quick] [--output FILE] [NAME …]

Each benchmark has a process of its own, as many of them set up Django for a database of their own. One that gives no
tables is shown as it speaks. One that fails says so in its place, and the others go on. With names, only those run;
RESULTS.md is written by a run of all, and not by a quick one, unless `--output` names a file.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.tables import Table, machine

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"


@dataclass(frozen=True)
class Part:
    """A module, the heading under which its results stand, and its arguments where it gives no tables."""

    name: str
    heading: str
    full: Sequence[str] = ()
    quick: Sequence[str] = ()


PARTS = [
    Part("page_cache", "Pages kept in memory"),
    Part("reading", "A whole site"),
    Part("storm", "After a purge"),
    Part("rendering", "Pages that are made", quick=["--rounds", "4"]),
    Part("scale", "A thousand articles, and a million"),
    Part("import_articles", "Importing", quick=["500"]),
    Part("popular_posts", "Counting reads"),
    Part("related_stories", "Related stories", quick=["1000", "--sample", "20"]),
    Part("desk", "The desk", quick=["500", "--runs", "1", "--only", "article"]),
    Part("saving_stories", "Saving"),
    Part("script_weight", "Script of the body's editor"),
]


@dataclass
class Outcome:
    part: Part
    text: str
    seconds: float
    has_failed: bool = False

    def as_markdown(self) -> str:
        return f"## {self.part.heading}\n\n{self.text.strip()}\n"


def run(part: Part, *, is_quick: bool) -> Outcome:
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks", "--child", part.name, *(["--quick"] if is_quick else [])]
    if not gives_tables(part.name):
        # Started as a file, as its own description says.
        command = [sys.executable, str(HERE / f"{part.name}.py"), *(part.quick if is_quick else part.full)]
    said = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own
    seconds = time.perf_counter() - started
    if said.returncode:
        return Outcome(part, f"It failed: see what `python -m benchmarks {part.name}` says.", seconds, has_failed=True)
    if not gives_tables(part.name):
        return Outcome(part, f"```\n{said.stdout.strip()}\n```", seconds)
    # Whatever else was said came before.
    tables = [Table(**table) for table in json.loads(said.stdout.strip().rpartition("\n")[2])]
    return Outcome(part, "\n".join(table.as_markdown() for table in tables), seconds)


def gives_tables(name: str) -> bool:
    """Told by its text: to import it may already be to set something up."""
    return "\ndef tables(" in (HERE / f"{name}.py").read_text(encoding="utf-8")


def run_child(name: str, *, is_quick: bool) -> None:
    tables = import_module(f"benchmarks.{name}").tables(is_quick=is_quick)
    found = json.dumps([asdict(table) for table in tables])
    sys.stdout.write(f"\n{found}\n")


def report(outcomes: list[Outcome], *, left_out: list[str], is_quick: bool) -> str:
    told = "\n".join(f"| {name} | {value} |" for name, value in machine())
    minutes = sum(outcome.seconds for outcome in outcomes) / 60
    head = (
        f"# What was measured\n\n`make bench` writes this file; this run took {minutes:.0f} minutes on"
        f" {datetime.now(UTC):%-d %B %Y}. Ratios come first: they hold elsewhere too. Absolute figures are this machine's.\n"
    )
    if left_out:
        head += f"\nNot part of this run: {', '.join(left_out)}.\n"
    if is_quick:
        head += "\n**A quick run: it shows that everything works, and no figure in it means anything.**\n"
    parts = "\n".join(outcome.as_markdown() for outcome in outcomes)
    return f"{head}\n## The machine\n\n| | |\n| --- | --- |\n{told}\n\n{parts}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    there = [part for part in PARTS if (HERE / f"{part.name}.py").exists()]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(part.name for part in there)}")
    parser.add_argument("--quick", action="store_true", help="less of everything: to try it, not to compare")
    parser.add_argument("--output", type=Path, help=f"where to write; a full run writes {RESULTS.name}")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        run_child(chosen.child, is_quick=chosen.quick)
        return 0
    if unknown := set(chosen.names) - {part.name for part in there}:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    output = chosen.output or (None if chosen.quick or chosen.names else RESULTS)
    wanted = [part for part in there if part.name in (chosen.names or [part.name])]
    outcomes: list[Outcome] = []
    for part in wanted:
        sys.stderr.write(f"{part.heading} …\n")
        outcomes.append(run(part, is_quick=chosen.quick))
        sys.stdout.write(f"{outcomes[-1].as_markdown()}\n")
        sys.stdout.flush()
        if output:
            # After each, so that whoever interrupts it after an hour has what was measured.
            left_out = [other.name for other in there if other not in [outcome.part for outcome in outcomes]]
            output.write_text(report(outcomes, left_out=left_out, is_quick=chosen.quick), encoding="utf-8")
    return 1 if any(outcome.has_failed for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())

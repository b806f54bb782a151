"""Tables of results: as text for whoever watches, as Markdown for RESULTS.md; and the machine that they come from."""

import argparse
import os
import platform
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path


@dataclass
class Table:
    """What was measured in one run. Ratios belong into the first columns: absolute figures are about one machine."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    # What a reader has to know to understand the figures; paragraphs are separated by empty lines.
    note: str = ""

    def as_text(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [self._line(row, widths) for row in (self.columns, *self.rows)]
        return "\n".join([self.title, *lines, *self.note.splitlines()]) + "\n"

    def as_markdown(self) -> str:
        cells = [[cell.replace("|", "\\|") for cell in row] for row in (self.columns, *self.rows)]
        rule = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = ["| " + " | ".join(row) + " |" for row in (cells[0], rule, *cells[1:])]
        return "\n\n".join([f"### {self.title}", "\n".join(lines), *([self.note] if self.note else [])]) + "\n"

    def _line(self, row: list[str], widths: list[int]) -> str:
        first, *others = zip(row, widths, strict=True)
        return "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in others)]).rstrip()


Tables = Callable[..., Iterable[Table]]


def run_alone(tables: Tables, about: str | None) -> None:
    """The command line that every benchmark has: `--quick`, and all tables as text."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less of everything: to try it, not to compare")
    for table in tables(is_quick=parser.parse_args().quick):
        sys.stdout.write(f"{table.as_text()}\n")


def machine() -> list[tuple[str, str]]:
    """What the absolute figures depend on."""
    versions = {name: version for name in ("django", "granian", "brotli") if (version := version_of(name))}
    python = f"{platform.python_version()} ({platform.python_compiler()}{', optimised' * is_optimised()})"
    return [
        ("Processor", f"{processor()}, {os.cpu_count()} in number"),
        ("Memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"),
        ("System", f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"),
        ("Load of the last 15 minutes, of all work", f"{os.getloadavg()[2]:.1f}"),
        ("Python", python),
        *((name.capitalize(), version) for name, version in versions.items()),
    ]


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def is_optimised() -> bool:
    """Whether Python was built with what it learned of its own runs, as distributions build it: a tenth or more faster."""

    return "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def version_of(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""

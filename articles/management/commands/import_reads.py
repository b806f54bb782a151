"""Takes counts that another system made, so that a site that moves here keeps its ranking."""

import csv
import io
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, cast

from django.core.management.base import BaseCommand, CommandError

from articles.management.progress import follow
from articles.models import Window
from articles.popularity.count_lines import MOST_READS, BadLine
from articles.popularity.history import Imported, ReadImport
from articles.popularity.standings import make_lists

STDIN: Final = "-"
REFUSED_SOME: Final = 1
USAGE: Final = 2
# The others are in the file that --unknown names.
UNKNOWN_TOLD: Final = 20


class Command(BaseCommand):
    help = "Import how often stories were read: a table of story (address or slug), day and reads. Running it again changes nothing."
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a table; - is standard input")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and write nothing")
        parser.add_argument("--unknown", metavar="FILE", help="write what belongs to no story here into this file")

    def handle(self, *, files: list[str], dry_run: bool, unknown: str | None, **options: Any) -> None:
        with ReadImport() as reads, ExitStack() as opened:
            streams = {name: opened.enter_context(_open(name)) for name in files}
            refused = sum(self._gather(name, stream, reads) for name, stream in streams.items())
            refused += self._tell_excesses(reads)
            self._tell_unknown(reads, unknown)
            done = reads.found() if dry_run else self._store(reads)
        verb = "would be imported" if dry_run else f"imported, {done.changed:,} numbers changed"
        self.stdout.write(f"Reads of {done.stories:,} stories on {done.days:,} days {verb}; {refused:,} lines refused.")
        if refused:
            sys.exit(REFUSED_SOME)

    def _gather(self, name: str, stream: io.BufferedReader, reads: ReadImport) -> int:
        refused = 0
        for line in follow(reads.gather(stream), label=f"lines of {name} read", out=self.stdout):
            if isinstance(line, BadLine):
                refused += 1
                self.stderr.write(f"{name}, line {line.number}: {line.message}")
        return refused

    def _store(self, reads: ReadImport) -> Imported:
        stories = days = changed = 0
        for batch in follow(reads.store(), label="batches stored", out=self.stdout):
            stories, days, changed = stories + batch.stories, days + batch.days, changed + batch.changed
        make_lists(*Window.values)
        return Imported(stories, days, changed)

    def _tell_excesses(self, reads: ReadImport) -> int:
        number = 0
        for number, each in enumerate(reads.excesses(), start=1):
            if number <= UNKNOWN_TOLD:
                said = f"{each.reads:,} reads of “{each.story}” on {each.day} in several lines"
                self.stderr.write(f"{said}: expected {MOST_READS:,} at the most.")
        return number

    def _tell_unknown(self, reads: ReadImport, path: str | None) -> None:
        number = total = 0
        for number, each in enumerate(reads.unknown(), start=1):
            total += each.reads
            if number <= UNKNOWN_TOLD:
                self.stderr.write(f"No story here: {each.story[:300]!r} ({each.lines:,} lines, {each.reads:,} reads)")
        if number:
            rest = f", {number - UNKNOWN_TOLD:,} of them not named here" if number > UNKNOWN_TOLD else ""
            self.stderr.write(f"{number:,} addresses belong to no story here{rest}: {total:,} reads were left out.")
        if path:
            _write_unknown(reads, path)


def _open(name: str) -> io.BufferedReader:
    if name == STDIN:
        # A process without a terminal may have closed standard input.
        return cast("io.BufferedReader", sys.stdin.buffer) if sys.stdin else io.BufferedReader(io.BytesIO())
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise CommandError(f"“{name}” cannot be read: {error.strerror}.", returncode=USAGE) from error


def _write_unknown(reads: ReadImport, path: str) -> None:
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("address", "lines", "reads"))
            writer.writerows((each.story, each.lines, each.reads) for each in reads.unknown())
    except OSError as error:
        raise CommandError(f"“{path}” cannot be written: {error.strerror}.", returncode=USAGE) from error

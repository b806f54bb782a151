"""Gives the counts back, in the form in which `import_reads` takes them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from articles.popularity.history import export_reads

STDOUT: Final = "-"
USAGE: Final = 2


class _Lines:
    """Standard output as `csv.writer` wants it: lines have their ends already."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, line: str) -> None:
        self._out.write(line, ending="")


class Command(BaseCommand):
    help = "Write how often each story was read on which day, as a table that import_reads takes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default=STDOUT, metavar="FILE", help="default: - for standard output")

    def handle(self, *, file: str, **options: Any) -> None:
        if file == STDOUT:
            export_reads(_Lines(self.stdout))
            return
        try:
            with Path(file).open("w", encoding="utf-8", newline="") as out:
                number = export_reads(out)
        except OSError as error:
            raise CommandError(f"“{file}” cannot be written: {error.strerror}.", returncode=USAGE) from error
        self.stdout.write(f"{number:,} lines written to {file}.")

"""Imports texts: files, folders, zip archives and standard input."""

import argparse
import io
import json
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.content.plain_text import clean_text
from articles.importers import formats, progress
from articles.importers.building import aware
from articles.importers.options import Options
from articles.importers.outcomes import Action, Outcome, summarise
from articles.importers.reading import STDIN, count_inputs
from articles.importers.running import import_paths
from articles.importers.toml_values import read_language, read_moment
from articles.management.progress import follow
from articles.models import Article, Section
from articles.related.suggestions import missing, relate_missing

REFUSED_SOME = 1
USAGE = 2
INTERRUPTED = 130


class Command(BaseCommand):
    help = "Import texts as articles. Running it again changes only what has changed."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a file, folder or zip archive; - is standard input"
        )
        parser.add_argument("--format", choices=formats.NAMES, default=formats.AUTO, help="default: auto")
        parser.add_argument("--section", metavar="SLUG", help="for texts that name none; default: their folder’s name")
        parser.add_argument("--author", type=_name(120), metavar="NAME", help="for texts without a byline")
        parser.add_argument(
            "--tag", type=_name(100), action="append", default=[], dest="tags", metavar="NAME", help="repeatable"
        )
        parser.add_argument(
            "--status", choices=Article.Status.values, default=Article.Status.PUBLISHED, help="default: published"
        )
        parser.add_argument(
            "--published-at", type=_moment, metavar="TIME", help="for texts without a date; default: the file’s own"
        )
        parser.add_argument("--language", type=_language, metavar="TAG", help=f"default: {settings.LANGUAGE_CODE}")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and write nothing")
        parser.add_argument("--report", metavar="FILE", help="write a JSON object a line for each text")
        parser.add_argument(
            "--no-suggest-tags", action="store_false", dest="suggest_tags", help="no tags from the text"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["paths"]
        for path in paths:
            if path != STDIN and not Path(path).exists() and not Path(path).is_symlink():
                raise CommandError(f"There is no “{path}”.", returncode=USAGE)
        chosen = self._read_options(options)
        counts: Counter[Action] = Counter()
        with ExitStack() as stack:
            report = stack.enter_context(_open_report(options["report"])) if options["report"] else None
            # Whoever starts it without a terminal may have closed standard input.
            stdin = sys.stdin.buffer if sys.stdin else io.BytesIO()
            outcomes = import_paths(paths, chosen, stdin)
            try:
                for outcome in self._follow(outcomes, count_inputs(paths, formats.suffixes_of(chosen.format))):
                    counts[outcome.action] += 1
                    if report:
                        report.write(json.dumps(outcome.as_row(), ensure_ascii=False) + "\n")
                    self._tell(outcome)
            except KeyboardInterrupt:
                self.stderr.write("Stopped. What was imported so far stays; the same command goes on from there.")
                sys.exit(INTERRUPTED)
        self.stdout.write(summarise(counts, dry_run=chosen.dry_run))
        if counts[Action.CREATED] or counts[Action.UPDATED]:
            self._relate(dry_run=chosen.dry_run)
        if counts[Action.REFUSED]:
            sys.exit(REFUSED_SOME)

    def _relate(self, *, dry_run: bool) -> None:
        """What the new stories lead to, and what leads to them."""
        if dry_run:
            return
        try:
            deque(
                follow(relate_missing(), total=missing().count(), label="stories compared", out=self.stdout), maxlen=0
            )
        except KeyboardInterrupt:
            self.stderr.write("Stopped. All is imported; `manage.py rebuild_related --only-missing` compares the rest.")
            sys.exit(INTERRUPTED)

    def _read_options(self, options: dict[str, Any]) -> Options:
        section = None
        if slug := options["section"]:
            section = Section.objects.filter(slug=slug).first()
            if section is None:
                known = ", ".join(Section.objects.values_list("slug", flat=True)) or "none yet"
                raise CommandError(f"There is no section “{slug}”; expected one of: {known}.", returncode=USAGE)
        return Options(
            format=options["format"],
            section=section,
            author=options["author"] or "",
            tags=tuple(options["tags"]),
            status=options["status"],
            published_at=aware(options["published_at"]),
            language=options["language"] or "",
            suggest_tags=options["suggest_tags"],
            dry_run=options["dry_run"],
        )

    def _follow(self, outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        if self.stdout.isatty():
            return progress.follow_on_terminal(outcomes, total=total, stream=sys.stdout)
        return progress.follow_in_lines(outcomes, total=total, out=self.stdout)

    def _tell(self, outcome: Outcome) -> None:
        """What a person should look at; the rest is in the report."""
        if outcome.action not in {Action.REFUSED, Action.CONFLICT, Action.SKIPPED} and not outcome.message:
            return
        if self.stdout.isatty() and self.stderr.isatty():
            sys.stderr.write(f"{outcome.action}: {outcome}\n")  # which the bar puts above itself
        else:
            self.stderr.write(f"{outcome.action}: {outcome}")


def _open_report(path: str) -> IO[str]:
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report “{path}” cannot be written: {error.strerror}.", returncode=USAGE) from error


def _name(max_length: int) -> Any:
    def read(value: str) -> str:
        name = " ".join(clean_text(value).split())
        if not 0 < len(name) <= max_length:
            raise argparse.ArgumentTypeError(f"expected 1 to {max_length} characters.")
        return name

    return read


def _moment(value: str) -> datetime:
    try:
        return read_moment(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _language(value: str) -> str:
    try:
        return read_language(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error

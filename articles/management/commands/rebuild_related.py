"""Computes anew which stories are related, as after a restored database or a change of the weights."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.management.progress import follow
from articles.models import Fingerprint
from articles.related.suggestions import missing, relate_missing

INTERRUPTED = 130


class Command(BaseCommand):
    help = "Compute anew what each story leads to. Readers have what was found before until then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only-missing",
            action="store_true",
            help="only for stories that wait for it; goes on where a run was stopped",
        )

    def handle(self, *, only_missing: bool, **options: Any) -> None:
        if not only_missing:
            Fingerprint.objects.all().delete()
        number = 0
        try:
            for _ in follow(relate_missing(), total=missing().count(), label="stories compared", out=self.stdout):
                number += 1
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What is done stays; --only-missing goes on from there.")
            sys.exit(INTERRUPTED)
        failed = missing().count()
        self.stdout.write(
            f"{number - failed:,} stories compared{f', {failed:,} failed: see the log' if failed else ''}."
        )

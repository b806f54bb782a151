"""Makes the renditions that stored pictures lack, as after media or a database were restored."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Image
from articles.pictures.storing import PictureRefused, restore_renditions


class Command(BaseCommand):
    help = "Make the renditions that stored pictures lack. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is missing, and write nothing")

        parser.add_argument(
            "--verify",
            action="store_true",
            help="open every file, and make again what cannot be decoded; it takes long",
        )

    def handle(self, *, dry_run: bool, verify: bool, **options: Any) -> None:
        files = pictures = failures = 0
        for image in Image.objects.order_by("pk").iterator(chunk_size=500):
            try:
                missing = restore_renditions(image, dry_run=dry_run, verify=verify)
            except (OSError, PictureRefused) as error:
                failures += 1
                self.stderr.write(f"Picture {image.pk} ({image.file.name}): {error}")
                continue
            pictures += 1
            files += missing
        verb = "missing" if dry_run else "made"
        self.stdout.write(f"{files} renditions {verb}; {pictures} pictures whole or mended, {failures} beyond repair.")
        if failures:
            raise CommandError("Some originals are missing or damaged: put them back and run this again.")

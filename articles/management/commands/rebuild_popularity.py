"""Computes from the counts all that follows from them: totals, what trends, and the popular lists."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.management.progress import follow
from articles.models import ReadTotal, Window
from articles.popularity.recounting import recount_all
from articles.popularity.standings import make_lists


class Command(BaseCommand):
    help = "Compute totals, trends and popular lists from the counts. Running it again changes nothing."

    def handle(self, **options: Any) -> None:
        known = ReadTotal.objects.count()
        stories = 0
        for number in follow(
            recount_all(), f"batches of stories counted ({known:,} stories were read)", out=self.stdout
        ):
            stories += number
        lines = make_lists(*Window.values)
        self.stdout.write(f"{stories:,} stories counted; {lines:,} lines of popular lists changed.")

"""Reads all texts into the index of words anew, as after a damaged file."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.search.backends import text_index


class Command(BaseCommand):
    help = "Build the index of the words of all stories anew. It follows every change by itself."

    def handle(self, **options: Any) -> None:
        text_index().ensure()
        text_index().rebuild()
        self.stdout.write("The index is built.")

"""What related stories cost: `python benchmarks/related_stories.py [NUMBER]`.

Fills an archive of 100,000 stories whose words and tags follow Zipf's law: the commonest tag stands on half of all stories,
and every hundredth story is a copy of another one. Prints how long the index takes to build, then what it costs to
compute a story's suggestions (in the middle, and in the worst of a hundred), how many statements that takes, and how many stories `rebuild_related`
compares in a second. Without DATABASE_URL on a new SQLite database; with one in a database that has no stories yet.
"""

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY, TAGS, SECTIONS = 80_000, 4_000, 10
WORDS, TAGS_OF_STORY = 150, 4
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "ou", "er", "an")]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BATCH = 1_000


class Archive:
    """The same stories each time. A story is about a subject, whose words and tags recur in it."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(7)  # noqa: S311 - the same rows each time
        self.number = number
        self.words = list({"".join(self.random.choices(SYLLABLES, k=3)) for _ in range(VOCABULARY)})
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        # So that the first tag stands on half of all stories.
        self.tags = list(range(TAGS))
        self.tag_weights = list(itertools.accumulate(1 / rank**0.9 for rank in range(1, TAGS + 1)))
        self.subjects = [self.random.choices(self.words, k=12) for _ in range(max(20, number // 25))]

    def stories(self) -> Iterator[tuple[dict[str, Any], set[int]]]:
        body = ""
        for number in range(self.number):
            subject = self.random.choice(self.subjects)
            if number % 100:
                told = self.random.choices(self.words, cum_weights=self.weights, k=WORDS) + subject * 2
                self.random.shuffle(told)
                body = " ".join(told)
            tags = set(self.random.choices(self.tags, cum_weights=self.tag_weights, k=TAGS_OF_STORY))
            if number % 2:
                tags.add(0)
            moment = NOW - timedelta(hours=self.number - number)
            yield (
                {
                    "headline": f"{' '.join(self.random.sample(subject, 3))} {number}".capitalize(),
                    "slug": f"story-{number}",
                    "body": f"<p>{body}</p>",
                    "language": "en",
                    "status": "published",
                    "published_at": moment,
                    "first_published_at": moment,
                    "section_id": self.random.randint(1, SECTIONS),
                },
                tags,
            )


def fill(number: int) -> None:
    from articles.content.sanitising import CleanHTML  # noqa: PLC0415 - only now on the path
    from articles.models import Article, Section, Tag, TaggedArticle  # noqa: PLC0415

    sections = [Section(name=f"Section {n}", slug=f"section-{n}", pk=n) for n in range(1, SECTIONS + 1)]
    Section.objects.bulk_create(sections)
    tags = Tag.objects.bulk_create([Tag(name=f"Tag {n}", slug=f"tag-{n}") for n in range(TAGS)], batch_size=BATCH)
    left = Archive(number).stories()
    while batch := list(itertools.islice(left, BATCH)):
        rows = [Article(**{**values, "body": CleanHTML(values["body"])}) for values, _ in batch]
        Article.objects.bulk_create(rows)
        pairs = ((row, tags[tag]) for row, (_, chosen) in zip(rows, batch, strict=True) for tag in chosen)
        TaggedArticle.objects.bulk_create(TaggedArticle(content_object=row, tag=tag) for row, tag in pairs)


def measure(keys: list[int]) -> tuple[list[float], list[int]]:
    """Milliseconds for each of the stories, and the number of statements."""
    from articles.related.suggestions import relate  # noqa: PLC0415 - only now on the path

    times, numbers, asked = [], [], []

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(1)
        return execute(*arguments)

    for key in keys:
        asked.clear()
        with connection.execute_wrapper(count):
            started = time.perf_counter()
            relate(key)
            times.append((time.perf_counter() - started) * 1000)
        numbers.append(len(asked))
    return times, numbers


def run(number: int, sample: int) -> None:
    django.setup()
    from articles.models import Article, NearDuplicate, Suggestion  # noqa: PLC0415 - only now on the path
    from articles.search.backends import text_index  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if Article.objects.exists():
        raise SystemExit("There are stories in this database already.")
    started = time.perf_counter()
    fill(number)
    say(f"{connection.vendor}, Django {django.get_version()}: {number:,} stories filled in and indexed", started)
    started = time.perf_counter()
    text_index().rebuild()
    say("index built anew", started)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As autovacuum would have done.
            cursor.execute("VACUUM ANALYZE")
    chosen = random.Random(3).sample(range(number), min(number, 2 * sample))  # noqa: S311 - the same each time
    all_keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    # What a process learns of common words, it learns in its first stories.
    first, _ = measure([all_keys[place] for place in chosen[:sample]])
    times, numbers = measure([all_keys[place] for place in chosen[sample:]])
    for label, walls in (("the first stories of a process", first), ("a story after these", times)):
        worst = sorted(walls)[int(len(walls) * 0.99)]
        sys.stdout.write(
            f"{label}: {statistics.median(walls):.1f} ms in the middle, {worst:.1f} ms in the worst of a hundred\n"
        )
    sys.stdout.write(f"statements: {statistics.median(numbers):.0f} in the middle, {max(numbers)} at most\n")
    sys.stdout.write(f"archive: {1000 / statistics.fmean(times):.0f} stories a second in one process\n")
    sys.stdout.write(
        f"found: {Suggestion.objects.count():,} suggestions, {NearDuplicate.objects.count():,} rows of twins\n"
    )


def say(what: str, started: float) -> None:
    sys.stdout.write(f"{what}: {time.perf_counter() - started:.0f} s\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=100_000, help="of stories")
    parser.add_argument("--sample", type=int, default=300, help="how many are computed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        os.environ |= {"DATA_DIR": scratch, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "false"}
        os.environ.pop("SITE_URL", None)
        sys.path.insert(0, str(ROOT))
        run(chosen.number, chosen.sample)


if __name__ == "__main__":
    main()

"""Whether popular lists tell the truth, and what they cost: `python -m benchmarks.popular_posts [READS]`.

Simulates a month of 2 million reads on 20,000 stories, the same each time: few stories are read often and most hardly
ever, new ones more than old ones, by day more than by night. Mixed in are crawlers with favourites of their own,
reloads, pages that browsers fetch ahead, and editors. Every one of them goes through the code that answers a beacon,
with the clock set to its moment. Gives for each window how many of the ten stories of the list are the true ten, and
whether in the true order, beside a counter that believes every beacon; the rows and bytes that are kept, and the time
that a read costs. Without DATABASE_URL on a new SQLite database.
"""

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.tables import Table

READS = 2_000_000
STORIES, SECTIONS, DAYS = 20_000, 8, 30
END = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
START = END.replace(hour=0, minute=0, second=0) - timedelta(days=DAYS - 1)
HOUR = timedelta(hours=1)
# Readers an hour of the day, as a newspaper's site has them.
HOURS = [2, 1, 1, 1, 2, 4, 8, 12, 13, 12, 11, 11, 13, 12, 11, 10, 11, 12, 13, 14, 14, 12, 8, 4]
# When, once a simulated day, all lists are made and old counts rolled up.
HOUR_OF_BEAT = 4
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
# For a hundred reads: how many beacons come that are none.
CRAWLED, RELOADED, FETCHED_AHEAD, STAFF = 30, 12, 8, 2
ORIGINS, WEIGHTS = ("direct", "site", "search", "social", "related", "popular"), (25, 20, 25, 15, 5, 10)


class Month:
    """What happened, as (story, moment, where from), and what beacons said of it."""

    def __init__(self, uids: list[str], published: list[datetime], reads: int) -> None:
        self.random = random.Random(11)  # noqa: S311 - the same month each time
        self.uids, self.published, self.reads = uids, published, reads
        self.ranks = list(range(len(uids)))
        self.random.shuffle(self.ranks)
        self.readers = itertools.count(1)
        # Crawlers read what nobody reads.
        self.crawled = self.random.choices(range(len(uids)), k=40)

    def hours(self) -> Iterator[tuple[datetime, list[int]]]:
        """Each hour with the stories that are read in it."""
        for number in range(DAYS * 24):
            begins = START + number * HOUR
            weights = list(itertools.accumulate(self._interest(story, begins) for story in range(len(self.uids))))
            share = HOURS[begins.hour] / sum(HOURS) / DAYS
            yield begins, self.random.choices(range(len(self.uids)), cum_weights=weights, k=round(self.reads * share))

    def _interest(self, story: int, at: datetime) -> float:
        """Zipf's law over the stories, each losing its readers as days go by and never all of them."""
        age = (at - self.published[story]).total_seconds() / 86_400
        return 0.0 if age < 0 else (1 / (self.ranks[story] + 1)) * (0.02 + 0.5 ** (age / 2))

    def beacons(self, story: int, at: datetime) -> Iterator[tuple[bool, dict[str, Any], datetime]]:
        """What arrives around one read, and whether it is one."""
        number = next(self.readers)
        chance = self.random.random
        said = {
            "article": self.uids[story], "origin": self.random.choices(ORIGINS, WEIGHTS)[0], "agent": READER,
            "address": f"2a01:{number >> 16:x}:{number & 0xFFFF:x}::1", "is_same_site": True,
            "is_prefetch": False, "is_staff": False,
        }  # fmt: skip
        yield True, said, at
        if chance() * 100 < RELOADED:
            yield False, said, at
        if chance() * 100 < FETCHED_AHEAD:
            yield False, {**said, "article": self._any(), "is_prefetch": True}, at
        if chance() * 100 < STAFF:
            yield False, {**said, "article": self._any(), "is_staff": True}, at
        if chance() * 100 < CRAWLED:
            favourite = self.uids[self.random.choice(self.crawled)]
            yield False, {**said, "article": favourite, "agent": CRAWLER}, at

    def _any(self) -> str:
        return self.uids[self.random.randrange(len(self.uids))]


class Truth:
    """All reads, kept one by one as no site could."""

    def __init__(self) -> None:
        self.read: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
        self.trend: Counter[str] = Counter()

    def add(self, said: dict[str, Any], at: datetime, *, weight: float, half_life: timedelta) -> None:
        self.read[said["article"]][at.replace(minute=0, second=0, microsecond=0)] += 1
        self.trend[said["article"]] += weight * 0.5 ** ((END - at) / half_life)  # type: ignore[assignment]

    def since(self, moment: datetime | None) -> Counter[str]:
        return Counter(
            {
                uid: sum(number for hour, number in hours.items() if moment is None or hour >= moment)
                for uid, hours in self.read.items()
            }
        )


def fill(stories: int) -> tuple[list[str], list[datetime]]:
    from articles.models import Article, Section  # noqa: PLC0415 - Django is set up by now

    chosen = random.Random(5)  # noqa: S311 - the same stories each time
    sections = Section.objects.bulk_create(
        Section(name=f"Section {n}", slug=f"section-{n}", position=n) for n in range(SECTIONS)
    )
    moments = sorted(END - timedelta(seconds=chosen.randrange(2 * 365 * 86_400)) for _ in range(stories))
    articles = Article.objects.bulk_create(
        (
            Article(headline=f"Story {n}", slug=f"story-{n}", section=chosen.choice(sections), status="published",
                    published_at=moment, first_published_at=moment)
            for n, moment in enumerate(moments)
        ),
        batch_size=500,
    )  # fmt: skip
    return [str(article.uid) for article in articles], moments


def run(reads: int, number: int) -> Iterator[Table]:
    import django  # noqa: PLC0415
    import time_machine  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from articles.conf import popular_origin_weight, trending_half_life  # noqa: PLC0415
    from articles.heartbeat import beat  # noqa: PLC0415
    from articles.popularity.counting import Beacon, count_beacon, flush_reads  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    month = Month(*fill(number), reads)
    truth, believed = Truth(), Counter[str]()
    beacons, spent, flushes, beats = 0, 0.0, [], []
    for begins, stories in month.hours():
        with time_machine.travel(begins + HOUR - timedelta(seconds=1), tick=False):
            moments = sorted(begins + month.random.random() * HOUR for _ in stories)
            arrived = [each for story, at in zip(stories, moments, strict=True) for each in month.beacons(story, at)]
            for is_read, said, at in arrived:
                believed[said["article"]] += 1
                if is_read:
                    weight = popular_origin_weight() if said["origin"] == "popular" else 1
                    truth.add(said, at, weight=weight, half_life=trending_half_life())
            told = [(Beacon(**said), at) for _, said, at in arrived]
            before = time.process_time_ns()
            for beacon, at in told:
                count_beacon(beacon, at=at)
            spent += time.process_time_ns() - before
            before = time.process_time_ns()
            flush_reads()
            flushes.append(time.process_time_ns() - before)
            if begins.hour == HOUR_OF_BEAT:
                before = time.process_time_ns()
                beat()
                beats.append(time.process_time_ns() - before)
        beacons += len(arrived)
    with time_machine.travel(END, tick=False):
        yield truth_of_lists(month, truth, believed)
    table = Table("What counting costs", ["", ""])
    table.rows = [
        ["beacons", f"{beacons:,}"],
        ["of them of a story and hour", f"{sum(map(len, truth.read.values())):,}"],
        ["µs of processor a beacon", f"{spent / beacons / 1000:.1f}"],
        ["ms of processor a flush of an hour, median", f"{statistics.median(flushes) / 1e6:.0f}"],
        ["ms of processor a heartbeat, median", f"{statistics.median(beats) / 1e6:.0f}"],
        ["ms of processor a heartbeat, slowest", f"{max(beats) / 1e6:.0f}"],
    ]
    yield table
    yield sizes()


def truth_of_lists(month: Month, truth: Truth, believed: Counter[str]) -> Table:
    from django.core.management import call_command  # noqa: PLC0415

    from articles.management.commands import rebuild_popularity  # noqa: PLC0415
    from articles.models import Scope, Standing, Window  # noqa: PLC0415
    from articles.popularity.windows import window_start  # noqa: PLC0415

    call_command(rebuild_popularity.Command(), verbosity=0)
    table = Table(
        "Whether popular lists tell the truth", ["", "right of 10", "in the true order", "a counter of every beacon"]
    )
    newest = {uid: number for number, uid in enumerate(month.uids)}
    for window in Window:
        scores = truth.trend if window == Window.TRENDING else truth.since(window_start(window, END))
        ten = sorted(scores, key=lambda uid: (-scores[uid], -newest[uid]))[:10]
        naive = [uid for uid, _ in believed.most_common(10)]
        shown = [
            str(uid)
            for uid in Standing.objects.filter(window=window, scope=Scope.SITE, scope_id=0)
            .order_by("position")
            .values_list("article__uid", flat=True)[:10]
        ]
        figures = [f"{len(set(ten) & set(shown))}", "yes" if shown == ten else "no", f"{len(set(ten) & set(naive))}"]
        table.rows.append([str(window.label), *figures])
    return table


def sizes() -> Table:
    from django.db import connection  # noqa: PLC0415

    from articles.models import ReadCount, ReadTotal, RefusedReads, Standing  # noqa: PLC0415

    rows = Table("What is kept of them", ["", "rows", "MB with indexes"])
    for model in (ReadCount, ReadTotal, RefusedReads, Standing):
        table = model._meta.db_table  # noqa: SLF001 - Django's own way to the name
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = %s)",
                    [table],
                )
            else:
                cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            size = cursor.fetchone()[0]
        rows.rows.append([table, f"{model.objects.count():,}", f"{size / 1e6:.1f}"])
    return rows


def tables(*, is_quick: bool) -> Iterator[Table]:
    yield from run_on_new_database(*((5_000, 200) if is_quick else (READS, STORIES)))


def run_on_new_database(reads: int, stories: int) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="newsroom.settings")
        yield from run(reads, stories)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reads", nargs="?", type=int, default=READS)
    for table in run_on_new_database(parser.parse_args().reads, STORIES):
        sys.stdout.write(f"{table.as_text()}\n")


if __name__ == "__main__":
    main()

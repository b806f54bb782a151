"""What a larger archive costs: `python -m benchmarks.scale FOLDER [NUMBER ...]`, by default 1,000, 100,000 and 1,000,000 stories.

Asks every kind of page, past every cache, and the desk, of archives of each size (`archives.py` builds those that are
not there), and prints medians in milliseconds, and each as a multiple of the smallest archive's. The sizes take turns
with each question, so that what else the machine does falls on all of them. With DATABASE_URL on PostgreSQL.

A line of the table is a line of LINES.
"""

import argparse
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.archives import COMMON, RARE, ROOT, SIZES, UNCOMMON, ensure_archive
from benchmarks.tables import Table

PAGES_DEEP = 1_000
# What a process learns, it learns in its first answers.
WARM_UP = 4
RUNS = 15
# The most that a line may cost: as a multiple of what it costs the smallest archive, or in milliseconds.
PAGE, SEARCH, LIST, PUBLISHING = {"times": 1.5}, {"times": 3.0}, {"milliseconds": 300.0}, {"milliseconds": 100.0}


class Site:
    """What can be asked of one archive, by one reader and one editor."""

    def __init__(self) -> None:
        from articles.models import Article  # noqa: PLC0415 - Django is set up by now

        self.random = random.Random(3)  # noqa: S311 - the same questions each time
        self.articles = Article.objects
        self.size = self.articles.count()
        self.chief = apps.get_model("auth.User").objects.get(username="chief")
        self.reader, self.editor = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
        self.editor.force_login(self.chief)
        self.number = 0

    def processor_seconds(self) -> float:
        """Of this process, and of the server's that answers it, where that is on the same machine."""
        if self.backend is None:
            return time.process_time()
        user, system = self.backend.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @cached_property
    def backend(self) -> Path | None:
        if connection.vendor != "postgresql":
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            path = Path("/proc", str(cursor.fetchone()[0]), "stat")
        return path if path.exists() else None

    def get(self, address: str, status: int = 200) -> None:
        self._ask(self.reader, address, status)

    def desk(self, address: str) -> None:
        self._ask(self.editor, reverse("admin:articles_article_changelist") + address, 200)

    @staticmethod
    def _ask(client: Client, address: str, status: int) -> None:
        found = client.get(address).status_code
        if found != status:
            raise SystemExit(f"{address} answered {found}.")

    @cached_property
    def some(self) -> list[Any]:
        """Public stories from all over the archive."""
        keys = self.random.choices(range(1, self.size), k=400)
        return list(self.articles.published().filter(pk__in=keys).only("slug", "first_published_at", "published_at"))

    def any(self) -> Any:
        return self.random.choice(self.some)

    def page(self, address: str, **among: Any) -> str:
        """The address of the thousandth page of a list, or of the last one that is full."""
        rows = self.articles.published().filter(**among).order_by("-published_at", "-pk")
        place = min(PAGES_DEEP * 12, max(0, rows.count() - 20))
        deep = rows.only("published_at")[place]
        return f"{address}?before={int(deep.published_at.timestamp() * 1_000_000)}-{deep.pk}"

    @cached_property
    def deep_section(self) -> str:
        return self.page("/section/section-1/", section__slug="section-1")

    @cached_property
    def deep_tag(self) -> str:
        return self.page("/tag/tag-1/", tagged__tag__slug="tag-1")

    def popular(self) -> None:
        from articles.popularity.leaderboards import popular_posts  # noqa: PLC0415

        popular_posts(10, scope="section", scope_id=1)

    def related(self) -> None:
        from articles.related.stories import stories_beside  # noqa: PLC0415

        stories_beside(self.any().pk)

    def similar(self) -> None:
        from articles.search.similar import similar_texts  # noqa: PLC0415

        similar_texts(self.articles.get(pk=self.any().pk))

    def change_form(self) -> None:
        address = reverse("admin:articles_article_change", args=[self.any().pk])
        self._ask(self.editor, address, 200)

    def choose(self, term: str) -> None:
        self._ask(self.editor, reverse("admin:articles_article_story_choices") + f"?term={term}", 200)

    def draft(self) -> Any:
        """A story as an editor has it before it is published; its words are those of another one."""
        self.number += 1
        of = self.articles.get(pk=self.any().pk)
        row = self.articles.create(
            headline=f"{of.headline} again {self.number}", slug=f"again-{time.time_ns()}", dek=of.dek, body=of.body,
            section_id=of.section_id, created_by=self.chief, status="approved",
        )  # fmt: skip
        apps.get_model("articles.Byline").objects.create(article=row, author_id=1)
        tagged = apps.get_model("articles.TaggedArticle").objects
        tagged.bulk_create(tagged.model(content_object=row, tag_id=tag) for tag in (1, 2, 50, 1_000))
        return row

    def publish(self, row: Any) -> None:
        """The verb with all that follows from it, what is computed after the transaction included."""
        from articles.editorial.publishing import publish_article  # noqa: PLC0415

        publish_article(row, by=self.chief)

    def save(self, row: Any) -> None:
        from articles.editorial.revisions import keep_revision  # noqa: PLC0415
        from articles.editorial.writing import write_article  # noqa: PLC0415

        row.dek = f"Changed for the {self.number}th time."
        write_article(row, by=self.chief, changed=["dek"])
        keep_revision(row, by=self.chief)


@dataclass(frozen=True)
class Line:
    name: str
    ask: Callable[..., None]
    most: dict[str, float] = field(default_factory=dict)
    # What is made before each question, and deleted after it.
    given: Callable[[Site], Any] | None = None


LINES = (
    Line("article", lambda site: site.get(site.any().get_absolute_url()), PAGE),
    Line("front page", lambda site: site.get("/"), PAGE),
    Line("section", lambda site: site.get("/section/section-1/"), PAGE),
    Line("section, 1,000 pages deep", lambda site: site.get(site.deep_section), PAGE),
    Line("tag on a tenth of all", lambda site: site.get("/tag/tag-1/"), PAGE),
    Line("the same, 1,000 pages deep", lambda site: site.get(site.deep_tag), PAGE),
    Line("author", lambda site: site.get("/author/author-1/"), PAGE),
    Line("source", lambda site: site.get("/source/source-1/"), PAGE),
    Line("month", lambda site: site.get("/2026/10/"), PAGE),
    Line("year", lambda site: site.get("/2026/"), PAGE),
    Line("archive", lambda site: site.get("/archive/"), PAGE),
    Line("corrections", lambda site: site.get("/corrections/"), PAGE),
    Line("popular list, read", lambda site: site.popular(), PAGE),
    Line("related stories, read", lambda site: site.related(), PAGE),
    Line("no such story", lambda site: site.get("/2016/05/never-written/", 404), PAGE),
    Line("former address", lambda site: site.get("/2016/05/former-1/", 301), PAGE),
    Line("similar texts", lambda site: site.similar(), SEARCH),
    Line("desk: stories", lambda site: site.desk(""), LIST),
    Line("desk: page 20", lambda site: site.desk("?p=20"), LIST),
    Line("desk: drafts", lambda site: site.desk("?status__exact=draft"), LIST),
    Line("desk: in review", lambda site: site.desk("?status__exact=in_review"), LIST),
    Line("desk: of a section", lambda site: site.desk("?section__id__exact=3"), LIST),
    Line("desk: opinion, approved", lambda site: site.desk("?story_type__exact=opinion&status__exact=approved"), LIST),
    Line("desk: changed since", lambda site: site.desk("?modified_at__gte=2026-01-01+00:00:00%2B00:00"), LIST),
    Line("desk: a year", lambda site: site.desk("?published_at__year=2024"), LIST),
    Line("desk: withdrawn of a year", lambda site: site.desk("?published_at__year=2024&status__exact=withdrawn"), LIST),
    Line("desk: a month", lambda site: site.desk("?published_at__year=2024&published_at__month=5"), LIST),
    Line("desk: by date", lambda site: site.desk("?o=5"), LIST),
    Line("desk: search, common", lambda site: site.desk(f"?q={COMMON}"), LIST),
    Line("desk: search, uncommon", lambda site: site.desk(f"?q={UNCOMMON}"), LIST),
    Line("desk: search, rare", lambda site: site.desk(f"?q={RARE}"), LIST),
    Line("desk: search, two words", lambda site: site.desk(f"?q={COMMON}+{site.size // 2}"), LIST),
    Line("desk: search, short", lambda site: site.desk("?q=ba"), LIST),
    Line("desk: search, nothing", lambda site: site.desk("?q=xyzzyxyzzy"), LIST),
    Line("desk: search among drafts", lambda site: site.desk(f"?q={COMMON}&status__exact=draft"), LIST),
    Line("desk: choose a story", lambda site: site.choose(COMMON), LIST),
    Line("desk: form of a story", lambda site: site.change_form(), LIST),
    Line("save a story", lambda site, row: site.save(row), PUBLISHING, Site.draft),
    Line("publish a story", lambda site, row: site.publish(row), PUBLISHING, Site.draft),
)


def measure(site: Site, line: Line, runs: int) -> dict[str, float]:
    """Milliseconds: the median of the time that passed, and on average what processors did, the database's too."""
    walls: list[float] = []
    processor = 0.0
    for run in range(runs + WARM_UP):
        given = [line.given(site)] if line.given else []
        started, before = time.perf_counter(), site.processor_seconds()
        line.ask(site, *given)
        if run >= WARM_UP:
            walls.append((time.perf_counter() - started) * 1000)
            processor += (site.processor_seconds() - before) * 1000
        for row in given:
            row.delete()
    return {"time": statistics.median(walls), "processor": processor / runs}


def answer_here() -> None:
    """Answers each name of a line on standard input with its figures."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - the environment comes first

    from articles.page_cache.schedule import SCHEDULE  # noqa: PLC0415

    # As in a server: the moments at which pages change by themselves are known from one page to the next.
    SCHEDULE.is_followed = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    logging.disable()
    site, lines = Site(), {line.name: line for line in LINES}
    for question in sys.stdin:
        asked = json.loads(question)
        sys.stdout.write(json.dumps(measure(site, lines[asked["name"]], asked["runs"])) + "\n")
        sys.stdout.flush()


class Measured:
    """A process that has the archive of one size as its site."""

    def __init__(self, folder: Path, number: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale", "--here"], env=ensure_archive(folder, number),
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, line: Line, runs: int) -> dict[str, float]:
        assert self.process.stdin  # noqa: S101 - for the checker of types
        assert self.process.stdout  # noqa: S101
        self.process.stdin.write(json.dumps({"name": line.name, "runs": runs}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{line.name}: no answer.")
        found: dict[str, float] = json.loads(answer)
        return found

    def end(self) -> None:
        self.process.communicate()


def row_of(line: Line, figures: list[dict[str, float]], by: str) -> list[str]:
    """A row of the table; what does not hold is said in bold."""
    costs = [each[by] for each in figures]
    ratio = costs[-1] / costs[0]
    fails = ratio > line.most.get("times", ratio) or costs[-1] > line.most.get("milliseconds", costs[-1])
    most = f"{line.most['times']:g} ×" if "times" in line.most else f"{line.most['milliseconds']:g} ms"
    return [line.name, f"**{ratio:.2f}**" if fails else f"{ratio:.2f}", most, *(f"{cost:.1f}" for cost in costs)]


def heads(numbers: list[int]) -> list[str]:
    return ["", f"{numbers[-1]:,} : {numbers[0]:,}", "at most", *(f"ms, {number:,}" for number in numbers)]


def rows(folder: Path, numbers: list[int], *, runs: int, only: str = "", by: str = "time") -> Iterator[list[str]]:
    sites = [Measured(folder, number) for number in numbers]
    for line in LINES:
        if any(each in line.name for each in only.split(",")):
            yield row_of(line, [site.ask(line, runs) for site in sites], by)
    for site in sites:
        site.end()


def tables(*, is_quick: bool) -> Iterator[Table]:
    numbers = list(SIZES[:1] if is_quick else SIZES)
    table = Table(f"Past every cache, on {'PostgreSQL' if is_on_postgresql() else 'SQLite'}", heads(numbers))
    table.rows += rows(ROOT / "var" / "archives", numbers, runs=2 if is_quick else RUNS)
    table.note = "Medians. A figure in bold does not hold what stands beside it."
    yield table


def is_on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "var" / "archives")
    parser.add_argument("numbers", type=int, nargs="*", default=SIZES)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument(
        "--only", default="", help="lines that have this, or one of these with commas between, in their name"
    )
    parser.add_argument(
        "--by", choices=("time", "processor"), default="time", help="what is measured; processor where others work too"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        answer_here()
        return
    numbers = list(chosen.numbers or SIZES)
    sys.stdout.write(f"| {' | '.join(heads(numbers))} |\n|---|{'---:|' * (len(numbers) + 2)}\n")
    for row in rows(chosen.folder.resolve(), numbers, runs=chosen.runs, only=chosen.only, by=chosen.by):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

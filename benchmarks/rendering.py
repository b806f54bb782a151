"""What a page costs that is not cached: `python benchmarks/rendering.py [--rounds 40] [--profile FAMILY]`.

Fetches a page of each family of the seeds' site through the whole of Django, without a server around it, and prints
processor time (medians), queries and bytes. With DATA_DIR, the site that lies there is measured instead of a new one.
With --profile, the functions in which the pages of one family spend their time.
"""

import argparse
import cProfile
import io
import logging
import os
import pstats
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WARMING_ROUNDS = 3
MOST_STORIES = 40
PROFILED_FUNCTIONS = 45

Application = Callable[..., Any]


def addresses() -> dict[str, list[str]]:
    """Of each family of pages those that are fetched in turn."""
    from django.contrib.flatpages.models import FlatPage  # noqa: PLC0415 - Django is set up by now
    from django.db.models import Count  # noqa: PLC0415

    from articles.models import Article, Author, Section, Source, Tag  # noqa: PLC0415

    def busiest(rows: Any, stories: str) -> list[str]:
        return [row.get_absolute_url() for row in rows.objects.annotate(n=Count(stories)).order_by("-n", "pk")[:1]]

    stories = list(Article.objects.published().newest_first()[:MOST_STORIES])
    newest = stories[0].published_at
    found = {
        "article": [story.get_absolute_url() for story in stories],
        "front page": ["/"],
        "section": busiest(Section, "articles"),
        "tag": busiest(Tag, "items"),
        "author": busiest(Author, "bylines"),
        "source": busiest(Source, "citations"),
        "year": [f"/{newest:%Y}/"],
        "month": [f"/{newest:%Y/%m}/"],
        "archive": ["/archive/"],
        "corrections": ["/corrections/"],
        "flat page": list(FlatPage.objects.values_list("url", flat=True)[:1]),
        "missing page": ["/2026/07/never-written/"],
    }
    return {family: paths for family, paths in found.items() if paths}


def fetch(application: Application, path: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
    }  # fmt: skip
    answer = application(environ, lambda *_: None)
    try:
        return b"".join(answer)
    finally:
        answer.close()


def count_queries(fetch_page: Callable[[], Any]) -> int:
    from django.db import connection  # noqa: PLC0415

    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        # Whether the connection still lives is asked once a request, not of the site's data.
        asked.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        fetch_page()
    return len(asked)


def measure(application: Application, families: dict[str, list[str]], rounds: int) -> None:
    times: dict[str, list[float]] = {family: [] for family in families}
    for number in range(WARMING_ROUNDS + rounds):
        # Each family in turn, so that whatever else the machine does falls upon all of them.
        for family, paths in families.items():
            path = paths[number % len(paths)]
            began = time.process_time_ns()
            fetch(application, path)
            if number >= WARMING_ROUNDS:
                times[family].append((time.process_time_ns() - began) / 1e6)
    sys.stdout.write(f"{'ms':>7} {'queries':>8} {'bytes':>8}\n")
    for family, paths in families.items():
        queries = max(count_queries(lambda path=path: fetch(application, path)) for path in paths)  # type: ignore[misc]
        size = statistics.median(len(fetch(application, path)) for path in paths)
        sys.stdout.write(f"{statistics.median(times[family]):7.2f} {queries:8} {size:8,.0f}  {family}\n")


def profile(application: Application, paths: list[str], rounds: int) -> None:
    for path in paths:
        fetch(application, path)
    profiler = cProfile.Profile()
    with profiler:
        for number in range(rounds):
            fetch(application, paths[number % len(paths)])
    pstats.Stats(profiler).sort_stats("tottime").print_stats(PROFILED_FUNCTIONS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--profile", metavar="FAMILY")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_new = "DATA_DIR" not in os.environ
        os.environ.setdefault("DATA_DIR", folder)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "false"}
        os.environ.pop("SITE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django  # noqa: PLC0415 - the environment comes first

        django.setup()
        logging.disable()
        from django.core.management import call_command  # noqa: PLC0415
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

        if is_new:
            call_command("migrate", verbosity=0)
            call_command("open_newsroom", stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - closed with the process
            call_command("collectstatic", interactive=False, verbosity=0)
        from articles.page_cache.schedule import SCHEDULE  # noqa: PLC0415

        # As in a server: the moments at which pages change by themselves are known from one page to the next.
        SCHEDULE.is_followed = True
        application, families = get_wsgi_application(), addresses()
        if chosen.profile:
            profile(application, families[chosen.profile], chosen.rounds)
        else:
            measure(application, families, chosen.rounds)


if __name__ == "__main__":
    main()

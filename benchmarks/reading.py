"""What a site serves: its own pages under load, what a first visit loads, how soon a story is there, memory a worker.

    .venv/bin/python -m benchmarks.reading [--quick]

Opens a new site with the seeds, as `make run` does, with two workers. A page is asked for as readers do, and, where
the server keeps pages, also with the cookie of a session, which passes by what is kept: so it is made each time. Beside
it stand a constant and a bare Django view, from the same server in the same run.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from benchmarks.load import ACCEPTED, Load, answer_of, ask, tool
from benchmarks.page_cache import PATH
from benchmarks.script_weight import browser_path
from benchmarks.serving import ROOT, Server, free_port, granian, running
from benchmarks.tables import Table, run_alone

WORKERS = 2
# No session has this key: the server looks for it, finds none, and makes the page as for everybody.
PASSING_BY = {"Cookie": "sessionid=0123456789abcdef0123456789abcdef"}
STORIES_TO_PUBLISH = 5
SECONDS_BETWEEN = 2
FIND_STORY = (
    "from articles.models import Article;"
    "print(Article.objects.published().order_by('-word_count').first().get_absolute_url())"
)
# Publishes as an editor does, in a process that is none of the server's, and says when the transaction was over.
PUBLISH = """
import time
from django.contrib.auth import get_user_model
from articles.editorial.publishing import publish_article
from articles.models import Article, Author, Byline, Section
by, section = get_user_model().objects.filter(is_superuser=True).first(), Section.objects.first()
for number in range({stories}):
    text = f"Number {{number}} was seen at the harbour."
    story = Article.objects.create(
        headline=f"Watched story {{number}}", slug=f"watched-{{number}}", dek=text, body=f"<p>{{text}}</p>", section=section,
        created_by=by,
    )
    Byline.objects.create(article=story, author=Author.objects.first())
    publish_article(story, by=by)
    print(time.time(), flush=True)
    time.sleep({seconds})
"""


@dataclass
class Site:
    server: Server
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        return command(self.environment, *arguments)

    @property
    def has_cache(self) -> bool:
        return "cache-status" in answer_of(f"{self.server.address}/")[1]


def command(environment: dict[str, str], *arguments: str) -> str:
    said = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise SystemExit(f"{arguments[0]} failed: {said.stderr}")
    return said.stdout.strip()


@contextmanager
def opened() -> Iterator[Site]:
    """A new site, and its server."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        environment = {
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": scratch,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "WEB_WORKERS": str(WORKERS),
        }
        with running([sys.executable, "manage.py", "serve", "--port", str(port)], port, environment) as server:
            yield Site(server, environment)


# Under load -----------------------------------------------------------------------------------------------------------


def loads(site: Site, story: str, *, seconds: float) -> Table:
    table = Table(
        "Pages of the site under load",
        ["", "of the constant", "times a bare view", "requests a second", "p50 ms", "p99 ms", "errors"],
    )
    found: dict[str, Load] = {}
    with ExitStack() as stack:
        for what, name in (("constant", "constant"), ("bare Django view", "Django")):
            environment = {"SERVED": name}
            server = stack.enter_context(granian("benchmarks.page_cache:application", environment=environment))
            found[what] = ask(server.address + PATH, seconds=seconds)
        for what, path in (("story", story), ("front page", "/")):
            address = site.server.address + path
            answer_of(address, {"Accept-Encoding": ACCEPTED})
            if site.has_cache:
                found[f"{what}, kept"] = ask(address, seconds=seconds)
                tag = answer_of(address, {"Accept-Encoding": ACCEPTED})[1].get("etag", "")
                found[f"{what}, 304"] = ask(address, seconds=seconds, fields={"If-None-Match": tag})
            found[f"{what}, made each time"] = ask(address, seconds=seconds, fields=PASSING_BY)
    constant, bare = found["constant"].rate, found["bare Django view"].rate
    for what, load in found.items():
        ratios = [f"{load.rate / constant:.2%}", f"{load.rate / bare:.3f}"]
        figures = [f"{load.rate:,.0f}", f"{load.median:.2f}", f"{load.p99:.2f}", f"{load.errors}"]
        table.rows.append([what, *ratios, *figures])
    table.note = f"Load: {tool()}, 64 connections, on the machine that serves; {WORKERS} workers."
    return table


def memory(site: Site) -> Table:
    sizes = site.server.memory()
    table = Table("Memory after that load", ["", "megabytes"])
    table.rows = [[f"worker {number}", f"{size:.0f}"] for number, size in enumerate(sizes, 1)]
    table.note = "What a worker has to itself, and its part of what it shares with others."
    return table


# A visit --------------------------------------------------------------------------------------------------------------


def visits(site: Site, story: str) -> Table:
    table = Table("What a visit loads, in Chromium", ["", "requests", "bytes", "of them content"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--disable-gpu", "--no-sandbox"])
        for what, path in (("front page", "/"), ("story", story)):
            for label, numbers in zip(
                ("first visit", "again"), visit(browser, site.server.address + path), strict=True
            ):
                table.rows.append([f"{what}, {label}", *(f"{number:,}" for number in numbers)])
        browser.close()
    table.note = (
        "Bytes as they come over the wire, header fields among them. What the browser has already is no request."
    )
    return table


def visit(browser: Browser, address: str) -> Iterator[tuple[int, int, int]]:
    """Of a first and of a second visit: requests, bytes, bytes of content."""
    context = browser.new_context()
    for _ in range(2):
        page = context.new_page()
        sizes: dict[str, int] = {}
        heads: dict[str, int] = {}
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", lambda told, heads=heads: note_head(heads, told))
        session.on("Network.loadingFinished", lambda told, sizes=sizes: note_size(sizes, told))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.close()
        sent = {request: size for request, size in sizes.items() if size and request in heads}
        yield len(sent), sum(sent.values()), sum(size - heads[request] for request, size in sent.items())
    context.close()


def note_head(heads: dict[str, int], told: dict) -> None:
    response = told["response"]
    if not (response.get("fromDiskCache") or response["url"].startswith("data:")):
        heads[told["requestId"]] = int(response["encodedDataLength"])


def note_size(sizes: dict[str, int], told: dict) -> None:
    sizes[told["requestId"]] = int(told["encodedDataLength"])


# How soon a story is there --------------------------------------------------------------------------------------------


class Watch:
    """Asks for a page again and again, and notes when each headline was seen there first."""

    def __init__(self, address: str, stories: int) -> None:
        self.address = address
        self.seen: dict[int, float] = {}
        self.missing = set(range(stories))
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while self.missing and not self.is_over.is_set():
            try:
                _, _, content = answer_of(self.address)
            except OSError:  # refused just now, or the server has ended
                content = b""
            now = time.time()
            for number in [each for each in self.missing if f"Watched story {each}".encode() in content]:
                self.seen[number] = now
                self.missing.discard(number)
            time.sleep(0.005)


def delays(site: Site, *, stories: int) -> Table:
    """From the end of the transaction in another process until the front page shows the story."""
    watch = Watch(f"{site.server.address}/", stories)
    watch.thread.start()
    said = site.run("shell", "--verbosity", "0", "--command", PUBLISH.format(stories=stories, seconds=SECONDS_BETWEEN))
    watch.thread.join(timeout=10)
    watch.is_over.set()
    moments = [float(line) for line in said.splitlines() if line.replace(".", "", 1).isdigit()]
    found = sorted(
        (watch.seen[number] - moment) * 1000 for number, moment in enumerate(moments) if number in watch.seen
    )
    table = Table("From publishing to the front page", ["", "milliseconds"])
    table.rows = [["median", f"{found[len(found) // 2]:.0f}"], ["slowest", f"{found[-1]:.0f}"]]
    table.rows.append(["stories that never came", f"{stories - len(found)}"])
    table.note = "Published in a process that is none of the server's. The page was asked for all the while" + (
        ", and so was kept." if site.has_cache else "; the server keeps none."
    )
    return table


def tables(*, is_quick: bool) -> Iterator[Table]:
    with opened() as site:
        story = site.run("shell", "--verbosity", "0", "--command", FIND_STORY).splitlines()[-1]
        yield visits(site, story)
        yield delays(site, stories=2 if is_quick else STORIES_TO_PUBLISH)
        yield loads(site, story, seconds=1 if is_quick else 3)
        yield memory(site)


if __name__ == "__main__":
    run_alone(tables, __doc__)

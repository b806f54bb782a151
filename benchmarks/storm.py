"""A storm after everything was purged: 500 clients ask for 200 pages at once.

    .venv/bin/python -m benchmarks.storm [--quick]

Every page takes a while to make. What counts is how often each was made: once in each process, and that no client saw
an error. The servers learn of the purge as the site's processes do, from a place that they share: here a file.
"""

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from articles.page_cache.addresses import Origins
from articles.page_cache.wrapper import PageCache
from benchmarks.serving import Server, granian
from benchmarks.tables import Table, run_alone

CLIENTS, PAGES = 500, 200
SECONDS_TO_MAKE = 0.01
FIELDS = [("Content-Type", "text/html"), ("Cache-Control", "s-maxage=3600"), ("Cache-Query", "")]

# What is served -------------------------------------------------------------------------------------------------------


def slow_pages(log: Path) -> WSGIApplication:
    """Notes what it makes, a line each, with the process."""

    def application(environ, start_response):
        time.sleep(SECONDS_TO_MAKE)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {environ['PATH_INFO']}\n")
        start_response("200 OK", FIELDS)
        return [f"<p>The page {environ['PATH_INFO']}</p>".encode() * 50]

    return application


def purged_by(mark: Path, cache: PageCache) -> WSGIApplication:
    """Purges everything, once in each process, when a file has changed."""
    known, lock = mark.stat().st_mtime_ns, Lock()

    def application(environ, start_response):
        nonlocal known
        now = mark.stat().st_mtime_ns
        with lock:
            if now != known:
                known = now
                cache.purge_all()
        return cache(environ, start_response)

    return application


if "STORM" in os.environ:
    folder = Path(os.environ["STORM"])
    cache = PageCache(slow_pages(folder / "made"), origins=Origins([os.environ["SERVED_AT"]]), cookies=["sessionid"])
    application = purged_by(folder / "mark", cache)

# Who asks -------------------------------------------------------------------------------------------------------------


@dataclass
class Storm:
    """What came of it."""

    walls: list[float] = field(default_factory=list)
    errors: int = 0

    async def ask(self, address: str, paths: list[str]) -> None:
        """As one client does, over one connection."""
        parts = urlsplit(address)
        try:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            for path in paths:
                started = time.perf_counter()
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.partition(b":")[2]) for line in head.split(b"\r\n") if b"content-length" in line)
                await reader.readexactly(length)
                self.errors += not head.startswith(b"HTTP/1.1 200")
                self.walls.append((time.perf_counter() - started) * 1000)
            writer.close()
        except (OSError, asyncio.IncompleteReadError, StopIteration):
            self.errors += 1

    async def rage(self, address: str, clients: int, pages: int) -> None:
        paths = [f"/page/{number}/" for number in range(pages)]
        chosen = random.Random(7)  # noqa: S311 - the same storm each time
        await asyncio.gather(*(self.ask(address, chosen.sample(paths, pages)) for _ in range(clients)))


def measure(server: Server, folder: Path, *, clients: int, pages: int) -> tuple[Storm, Counter[int]]:
    """The second storm; the first one fills the caches. How many pages were made how often in one process."""
    asyncio.run(Storm().rage(server.address, clients, pages))
    (folder / "made").unlink()
    (folder / "mark").touch()
    storm = Storm()
    asyncio.run(storm.rage(server.address, clients, pages))
    made = Counter(line for line in (folder / "made").read_text(encoding="utf-8").splitlines() if "/page/" in line)
    return storm, Counter(made.values())


def tables(*, is_quick: bool) -> Iterator[Table]:
    clients, pages = (100, 50) if is_quick else (CLIENTS, PAGES)
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        folder = Path(scratch)
        (folder / "mark").touch()
        with granian("benchmarks.storm:application", environment={"STORM": scratch}) as server:
            storm, times = measure(server, folder, clients=clients, pages=pages)
    table = Table("A storm after a purge of everything", ["", ""])
    walls = sorted(storm.walls)
    rows = {
        "clients, pages, processes": f"{clients}, {pages}, 2",
        "pages made once in a process": f"{times[1]}",
        "pages made more than once in a process": f"{sum(times.values()) - times[1]}",
        "answers": f"{len(walls):,}",
        "errors": f"{storm.errors}",
        "p50 ms": f"{walls[len(walls) // 2]:.0f}",
        "slowest ms": f"{walls[-1]:.0f}",
    }
    table.rows += [[what, figure] for what, figure in rows.items()]
    table.note = f"Each page takes {SECONDS_TO_MAKE * 1000:.0f} ms to make. Each client asks for all of them, in an order of its own."
    yield table


if __name__ == "__main__":
    run_alone(tables, __doc__)

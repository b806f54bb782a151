"""What a page costs that is kept in memory: requests a second and latencies, beside a constant from the same server.

    .venv/bin/python benchmarks/page_cache.py [--seconds 3] [--rounds 3]

Four applications are served by granian with two workers each, and asked in turn by wrk, which has to be installed: a
constant with the very bytes and fields that the cache sends; the cache in front of an application that answers at once;
the cache in front of a Django view; and that view alone, without middleware. The page has some 20 kB, and is sent in
brotli. What counts are the ratios: the load comes from the machine that serves. Of several rounds the best is shown,
which is the one that other work on the machine disturbed least.

What a call of the cache costs in itself is measured without a server besides, HEAD among it: wrk waits for content there.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import timeit
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

ROOT = Path(__file__).resolve().parent.parent
# The servers import this file with the root of the project on their path; run as a script, it needs it as well.
sys.path.insert(0, str(ROOT))

from articles.page_cache.addresses import Origins  # noqa: E402
from articles.page_cache.codings import compress_brotli  # noqa: E402
from articles.page_cache.wrapper import PageCache  # noqa: E402

WORKERS = 2
ACCEPTED = "gzip, deflate, br, zstd"
SENTENCES = [
    f"<p>On day {day} the cranes of the harbour moved {day * day % 97} boxes, said the pilots.</p>"
    for day in range(240)
]
PAGE = "\n".join(["<!doctype html><title>The harbour</title>", *SENTENCES]).encode()
FIELDS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "public, max-age=0, s-maxage=3600, stale-while-revalidate=60, stale-if-error=86400"),
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]
FOR_THE_CACHE = [("Cache-Query", ""), ("Cache-Tag", "article:1, section:harbour, list:front")]
FOR_READERS = [
    ("Date", "Sun, 22 Nov 2026 10:00:00 GMT"),
    ("Vary", "Accept-Encoding"),
    ("Content-Encoding", "br"),
    ("ETag", '"0123456789abcdef01234567-br"'),
    ("Age", "12"),
    ("Cache-Status", "Newsroom; hit; ttl=3588"),
]

# What is served -------------------------------------------------------------------------------------------------------


def constant() -> WSGIApplication:
    content = compress_brotli(PAGE)
    fields = [*FIELDS, *FOR_READERS, ("Content-Length", str(len(content)))]

    def application(environ, start_response):
        start_response("200 OK", fields)
        return [content]

    return application


def at_once(environ, start_response):
    start_response("200 OK", [*FIELDS, *FOR_THE_CACHE])
    return [PAGE]


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE, headers=dict([*FIELDS, *FOR_THE_CACHE]))


urlpatterns = [path("harbour/", view)]


def django_view() -> WSGIApplication:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of no use", MIDDLEWARE=[])  # noqa: S106 - it signs nothing
    return get_wsgi_application()


def cached(application: WSGIApplication) -> WSGIApplication:
    return PageCache(application, origins=Origins([os.environ["SERVED_AT"]]), cookies=["sessionid"])


APPLICATIONS = {
    "constant": constant,
    "cache": lambda: cached(at_once),
    "cache before Django": lambda: cached(django_view()),
    "Django": django_view,
}
# Set for the servers alone.
if "SERVED" in os.environ:
    application = APPLICATIONS[os.environ["SERVED"]]()

# Who asks -------------------------------------------------------------------------------------------------------------


@contextmanager
def serving(name: str) -> Iterator[str]:
    """The address of an application, served as `make run` serves the site."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "benchmarks.page_cache:application"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "4", "--backpressure", "1024"]
    environ = os.environ | {"SERVED": name, "SERVED_AT": address}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--no-ws", "--log-level", "error"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            until_it_answers(f"{address}/harbour/", server)
            yield address
        finally:
            server.terminate()
            server.wait()


def until_it_answers(address: str, server: subprocess.Popen) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address).close()  # noqa: S310 - our own server
        except OSError:
            if server.poll() is not None:
                sys.exit("The server did not start.")
            time.sleep(0.1)
        else:
            return
    sys.exit("The server does not answer.")


@dataclass
class Load:
    """What is asked of one application, in which way."""

    what: str
    application: str
    has_tag: bool = False
    clients: int = 64


LOADS = [
    Load("constant", "constant"),
    Load("kept page", "cache"),
    Load("kept page of a Django view", "cache before Django"),
    Load("kept page, 304", "cache", has_tag=True),
    Load("constant, 1,000 clients", "constant", clients=1000),
    Load("kept page, 1,000 clients", "cache", clients=1000),
    Load("bare Django view", "Django"),
]


@dataclass
class Result:
    rate: float
    median: float
    p99: float
    errors: int


def ask(load: Load, address: str, seconds: int) -> Result:
    target = f"{address}/harbour/"
    fields = ["-H", f"Accept-Encoding: {ACCEPTED}"]
    if load.has_tag:
        request = urllib.request.Request(target, headers={"Accept-Encoding": ACCEPTED})  # noqa: S310 - our own server
        with urllib.request.urlopen(request) as response:  # noqa: S310
            fields += ["-H", f"If-None-Match: {response.headers['ETag']}"]
    command = ["wrk", "-t1", f"-c{load.clients}", f"-d{seconds}", "--latency", *fields, target]
    return result_of(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603


def result_of(said: str) -> Result:
    # "Socket errors: connect 0, read 0, write 0, timeout 0" and "Non-2xx or 3xx responses: 5", where there are any.
    troubles = [line for line in said.splitlines() if "errors:" in line or "Non-2xx" in line]
    errors = sum(int(number) for line in troubles for number in re.findall(r"\b\d+\b", line.partition(":")[2]))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    latency = {percent: milliseconds(found) for percent, found in re.findall(r"^ +(50|99)% +(\S+)", said, re.MULTILINE)}
    return Result(float(rate[1]) if rate else 0, latency["50"], latency["99"], errors)


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def run(seconds: int, rounds: int) -> None:
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(serving(name)) for name in APPLICATIONS}
        results: dict[str, list[Result]] = {load.what: [] for load in LOADS}
        # Each in turn, so that whatever else the machine does falls upon all of them.
        for _ in range(rounds):
            for load in LOADS:
                results[load.what].append(ask(load, addresses[load.application], seconds))
    best = {what: max(found, key=lambda result: result.rate) for what, found in results.items()}
    sys.stdout.write(f"{'requests/s':>11} {'of constant':>11} {'p50 ms':>7} {'p99 ms':>7} {'errors':>7}\n")
    for load in LOADS:
        found = best[load.what]
        base = best["constant, 1,000 clients" if load.clients == 1000 else "constant"]
        errors = sum(one.errors for one in results[load.what])
        numbers = f"{found.rate:11,.0f} {found.rate / base.rate:11.0%} {found.median:7.2f} {found.p99:7.2f} {errors:7}"
        sys.stdout.write(f"{numbers}  {load.what}\n")


def time_calls() -> None:
    """Microseconds of a single call, without a server around it."""
    os.environ["SERVED_AT"] = "http://127.0.0.1"
    application = APPLICATIONS["cache"]()
    environ = {
        **os.environ,
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/harbour/",
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": ACCEPTED,
        "wsgi.url_scheme": "http",
    }
    started: dict[str, str] = {}
    application(environ, lambda status, fields: started.update(fields))
    sys.stdout.write("µs a call\n")
    for what, more in {
        "kept page": {},
        "kept page, HEAD": {"REQUEST_METHOD": "HEAD"},
        "kept page, 304": {"HTTP_IF_NONE_MATCH": started["ETag"]},
        "kept page, cookie of somebody else": {"HTTP_COOKIE": "_ga=1"},
        "kept page, parameter that it does not know": {"QUERY_STRING": "utm_source=letter"},
    }.items():
        asked = environ | more
        times = timeit.repeat(lambda asked=asked: application(asked, lambda *_: None), number=20_000, repeat=5)
        sys.stdout.write(f"{min(times) / 20_000 * 1e6:9.2f}  {what}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3, help="for each load in each round")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    time_calls()
    if not shutil.which("wrk"):
        sys.stdout.write(
            "Not measured further: this needs the load tool wrk (Debian and macOS have a package of that name).\n"
        )
        return
    run(chosen.seconds, chosen.rounds)


if __name__ == "__main__":
    main()

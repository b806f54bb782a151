"""What a page costs that is kept in memory, beside a constant from the same server, a bare Django view, and nginx.

    .venv/bin/python -m benchmarks.page_cache [--quick]

Served by granian with two workers each, and asked in turn: a constant with the very bytes and fields that the cache
sends; the cache in front of an application that answers at once; the cache in front of a Django view; that view alone,
without middleware. Where nginx is installed, it keeps the same bytes in a cache of its own: once as distributions set
it, with its log, and once without a log and with open files kept.

What counts are the ratios: the load comes from the machine that serves. Of several rounds the best is shown, which other
work on the machine disturbed least. What a request costs the server's processors is the truer measure, as it does not
depend on what the client takes for itself.
"""

import os
import random
import timeit
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from articles.page_cache.addresses import Origins
from articles.page_cache.codings import compress_brotli
from articles.page_cache.wrapper import PageCache
from benchmarks.load import ACCEPTED, Load, answer_of, ask, ask_by_threads, tool
from benchmarks.serving import Server, granian, has_nginx, nginx
from benchmarks.tables import Table, run_alone

PATH = "/harbour/"
BYTES = 30_000
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "ou", "er", "an")]


def story() -> bytes:
    """As long as the page of a story, and as hard to compress: words follow Zipf's law."""
    chosen = random.Random(7)  # noqa: S311 - the same page each time
    words = ["".join(chosen.choices(SYLLABLES, k=chosen.choice((1, 2, 2, 3)))) for _ in range(4_000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    parts = ["<!doctype html><title>The harbour</title>"]
    while sum(map(len, parts)) < BYTES:
        parts.append(f"<p>{' '.join(chosen.choices(words, weights, k=60))}.</p>")
    return "\n".join(parts).encode()


PAGE = story()
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

MANY = 1000


@dataclass
class Question:
    """What is asked of one server, in which way, and beside which other question it is set."""

    what: str
    server: str
    beside: str = "constant"
    clients: int = 64
    has_tag: bool = False
    method: str = "GET"
    answers: list[tuple[Load, float | None]] = field(default_factory=list)

    def ask(self, server: Server, seconds: float) -> None:
        fields = {"Accept-Encoding": ACCEPTED}
        if self.has_tag:
            fields["If-None-Match"] = answer_of(server.address + PATH, fields)[1]["etag"]
        before = server.processor_seconds()
        load = self._ask(server.address + PATH, fields, seconds)
        after = server.processor_seconds()
        cost = None if before is None or after is None else (after - before) / max(load.requests, 1) * 1e6
        self.answers.append((load, cost))

    def _ask(self, address: str, fields: dict[str, str], seconds: float) -> Load:
        if self.method == "GET" and not self.what.endswith(BY_THREADS):
            return ask(address, clients=self.clients, seconds=seconds, fields=fields)
        return ask_by_threads(address, clients=8, seconds=seconds, fields=fields, method=self.method)

    @property
    def best(self) -> Load:
        return max((load for load, _ in self.answers), key=lambda load: load.rate)

    @property
    def cost(self) -> float | None:
        return min((cost for _, cost in self.answers if cost is not None), default=None)

    @property
    def errors(self) -> int:
        return sum(load.errors for load, _ in self.answers)


# wrk waits for content after HEAD, so that threads ask for it, and for the GET to which it is compared.
BY_THREADS = "by threads"


def questions() -> list[Question]:
    asked = [
        Question("constant", "constant"),
        Question("kept page", "cache"),
        Question("kept page of a Django view", "cache before Django"),
        Question("kept page, 304", "cache", has_tag=True),
        Question("bare Django view", "Django"),
    ]
    if has_nginx():
        asked += [Question("nginx, with a log", "nginx"), Question("nginx, tuned", "tuned nginx")]
    thousand = f"constant, {MANY:,} clients"
    asked += [
        Question(thousand, "constant", beside=thousand, clients=MANY),
        Question(f"kept page, {MANY:,} clients", "cache", beside=thousand, clients=MANY),
    ]
    few = f"kept page, {BY_THREADS}"
    return [*asked, Question(few, "cache", beside=few), Question("kept page, HEAD", "cache", beside=few, method="HEAD")]


def loads(*, seconds: float, rounds: int) -> Table:
    asked = questions()
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(granian("benchmarks.page_cache:application", environment={"SERVED": name}))
            for name in APPLICATIONS
        }
        if has_nginx():
            servers["nginx"] = stack.enter_context(nginx(servers["constant"], is_tuned=False))
            servers["tuned nginx"] = stack.enter_context(nginx(servers["constant"], is_tuned=True))
        # Each in turn, so that whatever else the machine does falls upon all of them.
        for _ in range(rounds):
            for question in asked:
                question.ask(servers[question.server], seconds)
    return table_of(asked)


def table_of(asked: list[Question]) -> Table:
    by_name = {question.what: question for question in asked}
    columns = ["", "requests, of the constant", "processor, of the constant", "requests a second", "µs of processor"]
    table = Table("Kept pages under load", [*columns, "p50 ms", "p99 ms", "errors"], note=note_on(by_name))
    for question in asked:
        load, base = question.best, by_name[question.beside]
        spent = "" if question.cost is None or not base.cost else f"{question.cost / base.cost:.0%}"
        cost = "" if question.cost is None else f"{question.cost:.1f}"
        figures = [f"{load.rate / base.best.rate:.0%}", spent, f"{load.rate:,.0f}", cost]
        table.rows.append([question.what, *figures, f"{load.median:.2f}", f"{load.p99:.2f}", f"{question.errors}"])
    return table


def note_on(asked: dict[str, Question]) -> str:
    kept, bare = asked["kept page"], asked["bare Django view"]
    told = [
        f"Load: {tool()}, on the machine that serves. The page has {len(PAGE):,} bytes,"
        f" {len(compress_brotli(PAGE)):,} in brotli.",
        f"A kept page is answered {kept.best.rate / bare.best.rate:.1f} times as often as a bare Django view;"
        f" its p99 is {kept.best.p99 / kept.best.median:.1f} times its p50.",
    ]
    for name in ("nginx, with a log", "nginx, tuned"):
        if name in asked and kept.cost and asked[name].cost:
            rate, cost = kept.best.rate / asked[name].best.rate, kept.cost / asked[name].cost
            told.append(f"Beside “{name}”: {rate:.0%} of the requests, {cost:.0%} of the processor.")
    if not has_nginx():
        told.append("nginx is not installed here.")
    head = asked["kept page, HEAD"]
    if head.cost and (get := asked[head.beside].cost):
        told.append(f"HEAD costs {head.cost / get:.0%} of what GET costs.")
    return " ".join(told)


def calls(*, number: int) -> Table:
    """Microseconds of a single call, without a server around it."""
    os.environ["SERVED_AT"] = "http://127.0.0.1"
    application = APPLICATIONS["cache"]()
    environ = {
        **os.environ,
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": ACCEPTED,
        "wsgi.url_scheme": "http",
    }
    started: dict[str, str] = {}
    application(environ, lambda status, fields: started.update(fields))
    table = Table("A call of the cache, without a server", ["", "of a kept page", "µs"])
    first = 0.0
    for what, more in {
        "kept page": {},
        "kept page, HEAD": {"REQUEST_METHOD": "HEAD"},
        "kept page, 304": {"HTTP_IF_NONE_MATCH": started["ETag"]},
        "kept page, cookie of somebody else": {"HTTP_COOKIE": "_ga=1"},
        "kept page, parameter that it does not know": {"QUERY_STRING": "utm_source=letter"},
    }.items():
        asked = environ | more
        times = timeit.repeat(lambda asked=asked: application(asked, lambda *_: None), number=number, repeat=5)
        spent = min(times) / number * 1e6
        first = first or spent
        table.rows.append([what, f"{spent / first:.0%}", f"{spent:.2f}"])
    return table


def tables(*, is_quick: bool) -> Iterator[Table]:
    yield calls(number=2_000 if is_quick else 20_000)
    # Many short ones: other work leaves some of them alone.
    yield loads(seconds=1, rounds=1 if is_quick else 10)


if __name__ == "__main__":
    run_alone(tables, __doc__)

"""A small site behind a cache, with a clock that stands still, for tests."""

import io
from collections import Counter
from dataclasses import dataclass, field

from articles.page_cache.addresses import Origins
from articles.page_cache.wrapper import PageCache

ORIGIN = "https://example.org"
NOON = 1_790_000_000.0
FRESH = ("Cache-Control", "s-maxage=60")
HTML = ("Content-Type", "text/html; charset=utf-8")
TEXT = b"<p>The cranes of the harbour stood still.</p>" * 40


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def go_on(self, seconds):
        self.now += seconds


@dataclass
class Reply:
    status: int
    lines: list
    body: bytes

    def __getitem__(self, name):
        """A field's value; its lines joined, None where there is none."""
        lines = [value for key, value in self.lines if key.lower() == name.lower()]
        return ", ".join(lines) if lines else None

    @property
    def own_status(self):
        """What Cache-Status says after the name of the cache."""
        return self["Cache-Status"].removeprefix("Newsroom; ")


@dataclass
class Site:
    """An application whose pages are plain functions of their environment: (status, fields, content)."""

    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    closed: int = 0

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        page = self.pages[environ["PATH_INFO"]]
        status, fields, content = page(environ) if callable(page) else page
        if isinstance(status, Exception):
            raise status
        has_type = any(name == "Content-Type" for name, _ in fields)
        start_response(status, [*fields] if has_type else [HTML, *fields])
        return Body(self, content) if isinstance(content, bytes) else content

    @property
    def renderings(self):
        return Counter(environ["PATH_INFO"] for environ in self.asked)


class Body:
    """Content as Django gives it: whole, and to be closed."""

    streaming = False

    def __init__(self, site, content):
        self.site = site
        self.content = content

    def __iter__(self):
        return iter([self.content])

    def close(self):
        self.site.closed += 1


def page(*fields, content=TEXT, status="200 OK"):
    return status, list(fields), content


class Reader:
    """Asks the cache in front of a site. Names of request fields are as in Python: ``if_none_match=…``."""

    def __init__(self, pages=None, **options):
        self.site = Site(dict(pages or {}))
        self.clock = Clock()
        options = {"origins": Origins([ORIGIN]), "cookies": ["sessionid", "csrftoken"], "patience": 5} | options
        self.cache = PageCache(self.site, clock=self.clock, **options)

    def get(self, address="/", *, method="GET", host="example.org", scheme="https", prefix="", body=b"", **fields):
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": prefix,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.version": (1, 0),
        }
        if body:
            environ["CONTENT_LENGTH"] = str(len(body))
        environ |= {f"HTTP_{name.upper()}": value for name, value in fields.items()}
        return ask(self.cache, environ)

    def head(self, address="/", **fields):
        return self.get(address, method="HEAD", **fields)

    @property
    def asked(self):
        """How often the application was asked."""
        return len(self.site.asked)

    def occupancy(self):
        return self.cache.store.occupancy()


def ask(application, environ):
    started = []

    def start_response(status, fields, exc_info=None):
        started.append((int(status[:3]), list(fields)))
        # As some servers do: what an answer was given must be its own.
        fields.clear()

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, fields = started[-1]
    return Reply(status, fields, body)

"""Asking the application: what it answered, whole where it gave the whole, and otherwise as it comes."""

import io
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from types import TracebackType
from typing import Any, Self
from wsgiref.types import WSGIApplication, WSGIEnvironment

from articles.page_cache.fields import Headers

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

# What an application is asked for a page that anybody may get does not depend on what one reader has already.
CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)
# Other words for the address, the method or the reader, which are no part of what a page is kept under.
CONTRADICTIONS = (
    "HTTP_COOKIE",
    "HTTP_FORWARDED",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_HTTP_METHOD_OVERRIDE",
    "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REWRITE_URL",
)


class Answer:
    """An application's answer. Whoever does not give its chunks to a server must ``close()`` it."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status = ""
        self.headers: Headers = []
        # What the application wrote by the callable that start_response() gives, an old way that few servers know.
        self._written: deque[bytes] = deque()
        self.chunks: Iterable[bytes] = application(environ, self._start)
        if self._written or not (self.status or self.is_whole):
            self.chunks = Stream(self.chunks, self._written)

    def _start(self, status: str, headers: Headers, exc_info: ExcInfo | None = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = status, list(headers)
        return self._written.append

    @property
    def code(self) -> int:
        return int(self.status[:3])

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there already, so that reading it waits for nothing.

        True of Django's plain responses, which say that they do not stream, and of lists.
        """
        return isinstance(self.chunks, list | tuple) or getattr(self.chunks, "streaming", None) is False

    def read(self) -> bytes:
        """The content of a whole answer, which is closed then."""
        try:
            return b"".join(self.chunks)
        finally:
            self.close()

    def close(self) -> None:
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()


class Stream:
    """Chunks of which the first was asked for already: an application may begin to answer only then (PEP 3333)."""

    def __init__(self, chunks: Iterable[bytes], written: deque[bytes]) -> None:
        self._chunks = chunks
        self._iterator = iter(chunks)
        self._ready = written
        if not written:
            self._ready.extend(islice(self._iterator, 1))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return self._ready.popleft() if self._ready else next(self._iterator)

    def close(self) -> None:
        close = getattr(self._chunks, "close", None)
        if close is not None:
            close()


def environ_for(environ: WSGIEnvironment, *, host: str, query: str) -> WSGIEnvironment:
    """The environment in which a page is made that anybody may get.

    Its address is there in the one spelling that the store knows. Conditions, content and cookies are not: a request
    with a cookie that the application knows has passed the cache by. So nothing that one reader sends there can reach
    another.
    """
    dropped = {*CONDITIONS, *CONTRADICTIONS, "wsgi.file_wrapper"}
    shared: dict[str, Any] = {name: value for name, value in environ.items() if name not in dropped}
    return shared | {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": host,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": "0",
        "wsgi.input": io.BytesIO(),
    }

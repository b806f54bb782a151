"""Asking the application: what it answered, whole where it gave the whole, and otherwise as it comes."""

import io
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

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
        # What the application wrote by the callable that start_response() gives, an old way.
        self._written: list[bytes] = []
        self.chunks: Iterable[bytes] = application(environ, self._start)
        if not self.status and not self.is_whole:
            # An iterator may begin to answer when its first chunk is asked for.
            self.chunks = Begun(self.chunks)

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
        return not self._written and (
            isinstance(self.chunks, list | tuple) or getattr(self.chunks, "streaming", None) is False
        )

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

    def pass_on(self, start_response: StartResponse, headers: Headers) -> Iterable[bytes]:
        """Hands the answer to the server as it is, but for the header fields."""
        write = start_response(self.status, headers)
        for chunk in self._written:
            write(chunk)
        return self.chunks


class Begun:
    """An iterator whose first chunk was asked for already."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._iterator = iter(chunks)
        self._first = list(self._next())

    def _next(self) -> Iterable[bytes]:
        for chunk in self._iterator:
            return [chunk]
        return []

    def __iter__(self) -> "Begun":
        return self

    def __next__(self) -> bytes:
        return self._first.pop() if self._first else next(self._iterator)

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

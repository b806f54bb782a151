"""One request to another machine: with a timeout, TLS verified, no redirect followed, little of the answer read."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, Any, Final

# For connecting, and for each part of the answer.
SECONDS: Final = 5.0
# More than any answer that is looked at.
MOST_READ: Final = 65_536
SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True)
class Outgoing:
    """A request. Its fields may hold a secret, and are not shown where it is."""

    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reply:
    """What came back. ``wish`` is Retry-After, in seconds from now."""

    status: int
    content: bytes = b""
    wish: float | None = None


class Unreachable(Exception):
    """There was no answer; says why, in words that hold no secret."""


class _StayWhereYouAre(urllib.request.HTTPRedirectHandler):
    """A token goes where the settings say, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def send(outgoing: Outgoing, *, seconds: float = SECONDS) -> Reply:
    """Raises Unreachable; any answer, an error as well, is a Reply."""
    if not outgoing.url.startswith(SCHEMES):
        raise Unreachable("The address is neither http nor https.")
    request = urllib.request.Request(  # noqa: S310 - looked at above
        outgoing.url, data=outgoing.content, headers=dict(outgoing.fields), method=outgoing.method
    )
    try:
        with urllib.request.build_opener(_StayWhereYouAre).open(request, timeout=seconds) as answer:
            return _reply(answer.status, answer.headers, answer)
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error.code, error.headers, error)
    except urllib.error.URLError as error:
        raise Unreachable(_reason(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_reason(error)) from error


def _reply(status: int, fields: Message, answer: IO[bytes]) -> Reply:
    try:
        content = answer.read(MOST_READ)
    except (OSError, http.client.HTTPException):
        # What it did is said by its status.
        content = b""
    return Reply(status, content, wish_of(fields.get("Retry-After")))


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "No answer in time."
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"No connection: {words}."


def wish_of(text: str | None) -> float | None:
    """RFC 9110 §10.2.3: seconds, or a date; None for anything else."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        # Nobody waits for as long as a longer number says.
        return float(text[:9])
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except ValueError:
        return None

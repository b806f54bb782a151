"""What every CDN can be asked for, whatever its requests look like: to forget pages by their tags, or all of them."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Protocol

from articles.outbox.sending import Outgoing, Reply
from articles.page_cache.tag_fields import TagField


class Target(Protocol):
    """A cache in front of the site that can be told what has changed."""

    @property
    def name(self) -> str:
        """Which one it is, for its row and for people: no secret."""

    @property
    def tag_field(self) -> TagField: ...

    def forget(self, tags: Sequence[str]) -> Iterator[Outgoing]:
        """The requests that purge these tags, each with as many as one may have."""

    def forget_all(self) -> Outgoing: ...

    def objection(self, reply: Reply) -> str:
        """Why a request was not obeyed; empty where it was."""


def json_request(url: str, fields: dict[str, str], value: object) -> Outgoing:
    content = json.dumps(value).encode()
    return Outgoing(url, fields={**fields, "Content-Type": "application/json"}, content=content)


def json_object(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def portions(names: Sequence[str], number: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), number):
        yield names[start : start + number]


def said(reply: Reply, words: object, secrets: Collection[str] = ()) -> str:
    """A status and what was said with it, without a secret that the other side may have repeated."""
    text = " ".join(str(words or "").split())
    for secret in secrets:
        text = text.replace(secret, "…")
    return f"{reply.status} {text}".strip()[:200]

"""Cloudflare: a zone's pages, by `Cache-Tag`.

https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags/
https://developers.cloudflare.com/api/resources/cache/methods/purge/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from articles.outbox.sending import Outgoing, Reply
from articles.page_cache.cdn.base import json_object, json_request, portions, said
from articles.page_cache.tag_fields import TagField

API: Final = "https://api.cloudflare.com/client/v4"
# “Max operations per request”, on every plan but for single addresses (how-to/purge-cache, of July 2026).
MOST_TAGS: Final = 100
# “The aggregate Cache-Tag HTTP header cannot exceed 16 KB”; some 1,000 tags. Several fields are allowed.
MOST_BYTES: Final = 16_000
FIELD: Final = TagField("Cache-Tag", ",", 8_000, MOST_BYTES)


@dataclass(frozen=True)
class Cloudflare:
    """A zone, and a token that may purge it (permission “Zone: Cache Purge”). On every plan, purging by tag too."""

    zone: str
    token: str = field(repr=False)
    api: str = API
    tag_field: TagField = FIELD

    @property
    def name(self) -> str:
        return f"Cloudflare, zone {self.zone}"

    def forget(self, tags: Sequence[str]) -> Iterator[Outgoing]:
        for portion in portions(tags, MOST_TAGS):
            yield self._request({"tags": list(portion)})

    def forget_all(self) -> Outgoing:
        return self._request({"purge_everything": True})

    def _request(self, value: dict[str, object]) -> Outgoing:
        url = f"{self.api}/zones/{self.zone}/purge_cache"
        return json_request(url, {"Authorization": f"Bearer {self.token}"}, value)

    def objection(self, reply: Reply) -> str:
        """“success” is in the answer: a status of 200 alone may be that of a proxy on the way."""
        told = json_object(reply)
        if reply.status == 200 and told.get("success") is True:
            return ""
        errors = told.get("errors")
        first = errors[0] if isinstance(errors, list) and errors else None
        return said(reply, first.get("message") if isinstance(first, dict) else "", [self.token])

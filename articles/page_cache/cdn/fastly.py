"""Fastly: a service's pages, by `Surrogate-Key`.

https://www.fastly.com/documentation/reference/api/purging/
https://www.fastly.com/documentation/reference/http/http-headers/Surrogate-Key/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from articles.outbox.sending import Outgoing, Reply
from articles.page_cache.cdn.base import json_object, json_request, portions, said
from articles.page_cache.tag_fields import TagField

API: Final = "https://api.fastly.com"
# “Up to 256 surrogate keys can be purged in one batch request” (reference/api/purging, bulk-purge-tag). They may stand
# in the field Surrogate-Key of the request or in its body: a body has no limit that long slugs would reach.
MOST_KEYS: Final = 256
# “reference/http/http-headers/Surrogate-Key”: 16,384 bytes of a field; keys beyond are ignored. 1,024 of a key.
MOST_BYTES: Final = 16_000
FIELD: Final = TagField("Surrogate-Key", " ", MOST_BYTES, MOST_BYTES)


@dataclass(frozen=True)
class Fastly:
    """A service, and a token with the scopes purge_select and purge_all.

    Purges are hard ones: a soft one keeps the page to stand in for errors, and a withdrawn story with it.
    """

    service: str
    token: str = field(repr=False)
    api: str = API
    tag_field: TagField = FIELD

    @property
    def name(self) -> str:
        return f"Fastly, service {self.service}"

    @property
    def _fields(self) -> dict[str, str]:
        return {"Fastly-Key": self.token, "Accept": "application/json"}

    def forget(self, tags: Sequence[str]) -> Iterator[Outgoing]:
        for portion in portions(tags, MOST_KEYS):
            url = f"{self.api}/service/{self.service}/purge"
            yield json_request(url, self._fields, {"surrogate_keys": list(portion)})

    def forget_all(self) -> Outgoing:
        return Outgoing(f"{self.api}/service/{self.service}/purge_all", fields=self._fields, content=b"")

    def objection(self, reply: Reply) -> str:
        if reply.status == 200:
            return ""
        told = json_object(reply)
        return said(reply, told.get("detail") or told.get("msg"), [self.token])

"""Varnish, by the keys of its module xkey. docs/cdn.md has the VCL that answers these requests.

https://github.com/varnish/varnish-modules/blob/master/src/vmod_xkey.vcc
https://varnish-cache.org/docs/trunk/reference/varnishd.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from articles.outbox.sending import Outgoing, Reply
from articles.page_cache.cdn.base import said
from articles.page_cache.tag_fields import TagField, joined

# varnishd, http_req_hdr_len and http_resp_hdr_len: 8 kB a field, its name included; http_resp_size: 32 kB of all.
MOST_OF_A_LINE: Final = 7_000
MOST_BYTES: Final = 21_000
FIELD: Final = TagField("xkey", " ", MOST_OF_A_LINE, MOST_BYTES)


@dataclass(frozen=True)
class Varnish:
    """One server of them, at the address where it listens to the site. Whom it obeys, its VCL says."""

    url: str
    tag_field: TagField = FIELD

    @property
    def name(self) -> str:
        return f"Varnish, {self.url}"

    def forget(self, tags: Sequence[str]) -> Iterator[Outgoing]:
        for keys in joined(tags, " ", MOST_OF_A_LINE):
            yield Outgoing(f"{self.url}/", method="PURGE", fields={"xkey-purge": keys})

    def forget_all(self) -> Outgoing:
        return Outgoing(f"{self.url}/", method="PURGE", fields={"purge-everything": "1"})

    def objection(self, reply: Reply) -> str:
        """The words are asked for as well: any server that does not know the method may answer 200."""
        is_obeyed = reply.status == 200 and b"Purged" in reply.content
        return "" if is_obeyed else said(reply, "" if reply.status != 200 else "Its VCL knows no purge.")

"""What is kept of an answer: its bytes in each coding that was asked for, with header fields that are ready to leave."""

from collections.abc import Collection, Hashable
from threading import Lock
from typing import Final

from django.utils.http import http_date

from articles.page_cache.addresses import Address, Key
from articles.page_cache.codings import COMPRESSORS, IDENTITY, is_compressible, preferences
from articles.page_cache.fields import Headers, field, moment, names_in, parse_directives, without
from articles.page_cache.lifetimes import Lifetime
from articles.page_cache.validators import is_entity_tag, is_unchanged, strong_tag, tag_for_coding

# What Python's objects around a page take besides its text: measured, rounded up.
OVERHEAD: Final = 5_000
OVERHEAD_OF_CODING: Final = 2_500
OVERHEAD_OF_TAG: Final = 250
# Browsers send one of a few; an entry remembers no more.
MOST_CHOICES: Final = 8
LONGEST_CHOICE: Final = 100
OVERHEAD_OF_SIGNPOST: Final = 1_000

# RFC 9110 §15.4.5 asks for these in a 304; the others are about what the reader has already.
KEPT_IN_304: Final = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary", "cache-tag"}
)
NOT_MODIFIED: Final = "304 Not Modified"
# Written anew for each coding or each answer.
OWN_FIELDS: Final = ("age", "content-length", "date", "etag", "vary")


class Item:
    """Something in the store: under a key, with tags by which it is purged, and a size in bytes."""

    __slots__ = ("key", "size", "tags")

    def __init__(self, key: Key, tags: Collection[str], size: int) -> None:
        self.key = key
        # Everything about one path is found by the path as well, which is no text and so is nobody's tag.
        self.tags: frozenset[Hashable] = frozenset({*tags, key[:2]})
        text = sum(len(part) for part in key) + sum(len(tag) + OVERHEAD_OF_TAG for tag in tags)
        self.size = size + 2 * text

    @property
    def address(self) -> Address:
        return self.key[0], self.key[1]


class Signpost(Item):
    """Names that lead to the right entry: the parameters that a page knows, or the fields that it varies by."""

    __slots__ = ("names",)

    def __init__(self, key: Key, names: Collection[str], tags: Collection[str]) -> None:
        self.names = tuple(sorted(names))
        super().__init__(key, tags, OVERHEAD_OF_SIGNPOST + sum(len(name) + 60 for name in self.names))


class Representation:
    """One coding of an entry's content, with the header fields of a whole answer and of a 304."""

    __slots__ = ("content", "hit", "modified", "not_modified_fields", "tag", "whole_fields")

    def __init__(self, content: bytes, fields: Headers, tag: str | None, modified: int | None) -> None:
        self.content = content
        self.tag = tag
        self.modified = modified
        self.whole_fields = [*fields, ("Content-Length", str(len(content)))]
        self.not_modified_fields = [line for line in fields if line[0].lower() in KEPT_IN_304]
        # An age, and all fields of a fresh hit of that age: whole, and of a 304.
        self.hit: tuple[int | None, Headers, Headers] = (None, [], [])

    def renew_hit(self, age: int, seconds_left: int, cache: str) -> None:
        """Writes the fields of a fresh hit: needed once a second, while the age is another one."""
        status = f"{cache}; hit; ttl={seconds_left}"
        whole = self.fields(age, status, is_unchanged=False)
        self.hit = (age, whole, self.fields(age, status, is_unchanged=True))

    def fields(self, age: int, status: str, *, is_unchanged: bool) -> Headers:
        fields = self.not_modified_fields if is_unchanged else self.whole_fields
        return [*fields, ("Age", str(max(age, 0))), ("Cache-Status", status)]

    def is_unchanged(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        if if_none_match == self.tag is not None:
            return True
        return self.tag is not None and is_unchanged(
            self.tag, self.modified, if_none_match=if_none_match, if_modified_since=if_modified_since
        )


class Entry(Item):
    """An answer that is kept. Its moments are in seconds since 1970."""

    __slots__ = (
        "_common",
        "_content",
        "_has_validators",
        "_is_compressible",
        "_lock",
        "_modified",
        "_tag",
        "born_at",
        "chosen",
        "dies_at",
        "fresh_until",
        "kept_for_errors_until",
        "representations",
        "retry_at",
        "revalidated_until",
        "status",
    )

    def __init__(
        self, key: Key, tags: Collection[str], *, status: str, headers: Headers, content: bytes, lifetime: Lifetime
    ) -> None:
        self.status = status
        self.born_at = lifetime.born_at
        self.fresh_until = lifetime.fresh_until
        self.revalidated_until = lifetime.revalidated_until
        self.kept_for_errors_until = lifetime.kept_for_errors_until
        self.dies_at = lifetime.dies_at
        # After the application failed, stale content is served without asking it until then.
        self.retry_at = 0.0
        self._lock = Lock()
        self._content = content
        # RFC 9110 §13.2.1: conditions are about answers that succeed.
        self._has_validators = status.startswith("200")
        self._tag = entity_tag(headers, content) if self._has_validators else field(headers, "etag")
        self._modified = moment(field(headers, "last-modified"))
        self._common = common_fields(headers, self.born_at)
        may_transform = "no-transform" not in parse_directives(field(headers, "cache-control"))
        self._is_compressible = may_transform and is_compressible(field(headers, "content-type"), len(content))
        plain = self._represent(content, IDENTITY)
        # None where a coding makes nothing smaller.
        self.representations: dict[str, Representation | None] = {IDENTITY: plain}
        # By Accept-Encoding as it was sent: what most requests need.
        self.chosen: dict[str | None, Representation] = {}
        text = sum(len(name) + len(value) + 120 for name, value in self._common)
        super().__init__(key, tags, OVERHEAD + len(content) + len(status) + text)

    def representation(self, accept_encoding: str | None) -> Representation | None:
        """The one that a reader prefers; None where it is still to be made, by ``compress()``."""
        found = self._choose(accept_encoding)
        if found is not None and len(self.chosen) < MOST_CHOICES and len(accept_encoding or "") <= LONGEST_CHOICE:
            self.chosen[accept_encoding] = found
        return found

    def _choose(self, accept_encoding: str | None) -> Representation | None:
        if self._is_compressible:
            for coding in preferences(accept_encoding):
                if coding not in self.representations:
                    return None
                if found := self.representations[coding]:
                    return found
        return self.representations[IDENTITY]

    def compress(self, accept_encoding: str | None) -> int:
        """Makes what a reader prefers; the bytes by which the entry has grown."""
        grown = 0
        with self._lock:
            while self._choose(accept_encoding) is None:
                coding = next(one for one in preferences(accept_encoding) if one not in self.representations)
                content = COMPRESSORS[coding](self._content)
                is_smaller = len(content) < len(self._content)
                self.representations[coding] = self._represent(content, coding) if is_smaller else None
                grown += len(content) + OVERHEAD_OF_CODING if is_smaller else 0
        return grown

    def outdate(self, at: float) -> None:
        """From a moment on it is served for errors alone."""
        self.fresh_until = min(self.fresh_until, at)
        self.revalidated_until = min(self.revalidated_until, at)

    def age(self, now: float) -> int:
        return int(now - self.born_at)

    def may_be_revalidated(self, now: float) -> bool:
        """Whether it may be served once more while a new one is made (RFC 5861 §3)."""
        return now < self.revalidated_until

    def may_stand_in(self, now: float) -> bool:
        """Whether it may be served because the application failed (RFC 5861 §4)."""
        return now < self.kept_for_errors_until

    def _represent(self, content: bytes, coding: str) -> Representation:
        fields, tag = self._common, self._tag
        if coding != IDENTITY:
            fields = [*fields, ("Content-Encoding", coding)]
            tag = tag and tag_for_coding(tag, coding)
        if tag:
            fields = [*fields, ("ETag", tag)]
        if not self._has_validators:
            tag = None
        return Representation(content, fields, tag, self._modified)


def entity_tag(headers: Headers, content: bytes) -> str:
    given = field(headers, "etag")
    return given if given and is_entity_tag(given) else strong_tag(content)


def common_fields(headers: Headers, born_at: float) -> Headers:
    """The fields that all codings share, with a date, and with Accept-Encoding among what the answer varies by."""
    varied = field(headers, "vary")
    if "accept-encoding" not in names_in(varied):
        varied = f"{varied}, Accept-Encoding" if varied else "Accept-Encoding"
    date = field(headers, "date") or http_date(born_at)
    return [*without(headers, OWN_FIELDS), ("Date", date), ("Vary", varied or "")]

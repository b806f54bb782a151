"""From an answer of the application to an entry of the store, or to the reason why there is none."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from wsgiref.types import WSGIEnvironment

from articles.page_cache.addresses import Address, canonical_query, variation_key
from articles.page_cache.answers import Answer
from articles.page_cache.entries import Entry, Signpost
from articles.page_cache.fields import Headers, field, members, unquoted, whole_number, without
from articles.page_cache.lifetimes import (
    FRESH_UNTIL_FIELD,
    QUERY_FIELD,
    TAG_FIELD,
    TARGETED_FIELD,
    UNTIL_FIELD,
    NotStorable,
    ends,
    lifetime_of,
    require_storable,
    shorten,
    variations,
)
from articles.page_cache.store import Rendering, Store
from articles.page_cache.tag_fields import TagField

OWN_FIELDS = frozenset({QUERY_FIELD, UNTIL_FIELD, FRESH_UNTIL_FIELD, TARGETED_FIELD})
OWN_FIELDS_AND_TAGS = OWN_FIELDS | {TAG_FIELD}


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that the application has just given."""

    answer: Answer
    asked_at: float
    address: Address
    # The query with which it was asked, and the rest of the request.
    query: str
    environ: WSGIEnvironment
    rendering: Rendering

    @property
    def known_parameters(self) -> frozenset[str] | None:
        """The parameters that a page says it knows; None where it says nothing, so that it may know any."""
        text = field(self.answer.headers, QUERY_FIELD)
        return None if text is None else frozenset(unquoted(name) for name in members(text) if name)

    def is_answer_to(self, query: str) -> bool:
        """Whether somebody who asked with this query would have got the same."""
        known = self.known_parameters
        return query == self.query or (known is not None and canonical_query(query, known) == self.query)


class Keeper:
    """Decides what is kept, and puts it into the store."""

    def __init__(
        self, store: Store, *, max_content: int, tag_fields: Collection[TagField], clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._max_content = max_content
        self._tag_fields = tag_fields
        self._clock = clock

    def keep(self, made: Made) -> Entry:
        """The entry for an answer, which is in the store unless it was purged meanwhile. Raises NotStorable."""
        answer = made.answer
        require_storable(answer.code, answer.headers)
        names = variations(answer.headers)
        lifetime = lifetime_of(answer.headers, asked_at=made.asked_at, answered_at=self._clock())
        tags = tags_of(answer.headers)
        self._require_bounded(answer)
        self._learn_parameters(made, tags)
        key = (*made.address, self._own_query(made))
        variation = variation_key(made.environ, names)
        if variation is None:
            raise NotStorable("vary")
        content, headers = self._read(answer), self.clean(answer.headers)
        entry = Entry(key + variation, tags, status=answer.status, headers=headers, content=content, lifetime=lifetime)
        if names:
            self._store.put(Signpost(key, names, tags), made.rendering)
        if not self._store.put(entry, made.rendering) and entry.size > self._store.max_bytes:
            raise NotStorable("too-large")
        return entry

    def clean(self, headers: Headers) -> Headers:
        """The fields without those that are meant for this cache, and with lifetimes that end when the answer does."""
        if not any(name.lower() in OWN_FIELDS_AND_TAGS for name, _ in headers):
            return headers
        now = self._clock()
        try:
            dies_at, stale_at = ends(headers)
        except NotStorable:
            dies_at = stale_at = now
        if stale_at != math.inf:
            headers = shorten(headers, now=now, stale_at=stale_at, dies_at=dies_at)
        return self._told_outwards(headers, now)

    def _told_outwards(self, headers: Headers, now: float) -> Headers:
        """Tags as the caches in front want them. Where one cannot hear of all, nobody there keeps the page."""
        tags = tags_of(headers)
        headers = without(headers, OWN_FIELDS_AND_TAGS)
        told = [tag_field.lines(tags) for tag_field in self._tag_fields]
        if None in told:
            headers = shorten(headers, now=now, stale_at=now, dies_at=now)
        return [*headers, *(line for lines in told for line in lines or ())]

    def _require_bounded(self, answer: Answer) -> None:
        if not answer.is_whole:
            raise NotStorable("streamed")
        if (whole_number(field(answer.headers, "content-length")) or 0) > self._max_content:
            raise NotStorable("too-large")

    def _own_query(self, made: Made) -> str:
        """The query under which an answer belongs. What was asked with more than the page knows belongs nowhere."""
        known = made.known_parameters
        if made.query and (known is None or canonical_query(made.query, known) != made.query):
            raise NotStorable("query")
        return made.query

    def _learn_parameters(self, made: Made, tags: frozenset[str]) -> None:
        known = made.known_parameters
        found = self._store.get(made.address)
        if known is None:
            if found is not None:
                self._store.discard(found)
            return
        signpost = Signpost(made.address, known, tags)
        if not isinstance(found, Signpost) or (found.names, found.tags) != (signpost.names, signpost.tags):
            self._store.put(signpost, made.rendering)

    def _read(self, answer: Answer) -> bytes:
        content = answer.read()
        # What was read is what goes out, whether it is kept or not.
        answer.chunks = [content]
        declared = field(answer.headers, "content-length")
        if len(content) > self._max_content:
            raise NotStorable("too-large")
        if declared is not None and declared.strip() != str(len(content)):
            raise NotStorable("content-length")
        return content


def tags_of(headers: Headers) -> frozenset[str]:
    return frozenset(tag for tag in members(field(headers, TAG_FIELD) or "") if tag)

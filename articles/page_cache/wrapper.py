"""The cache itself: a WSGI application in front of another one. docs/page-cache.md says how to use it, and why it is so."""

import logging
import math
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from articles.page_cache.addresses import Address, Key, OriginOf, canonical_query, host_of, variation_key
from articles.page_cache.answers import Answer, environ_for
from articles.page_cache.entries import NOT_MODIFIED, Entry, Representation, Signpost
from articles.page_cache.fields import parse_directives
from articles.page_cache.flights import Flight, Flights, Outcome
from articles.page_cache.keeping import Keeper, Made
from articles.page_cache.lifetimes import NotStorable
from articles.page_cache.refreshing import Refresher
from articles.page_cache.store import Store
from articles.page_cache.tag_fields import TagField

logger = logging.getLogger(__name__)

MEBIBYTE: Final = 2**20
# RFC 5861 §4: what counts as an error of the application.
ERRORS: Final = frozenset({500, 502, 503, 504})
# RFC 9110 §9.2.1.
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# After a failure, the application is left alone for so long where stale content can stand in.
SECONDS_TO_RETRY: Final = 2
# How often an answer may turn out to be about another query than the one asked for.
MOST_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """A request that the cache may answer, and to whom the answer goes."""

    environ: WSGIEnvironment
    start_response: StartResponse
    address: Address
    query: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to a question is kept: its key, the query in the form in which the page knows it, the answer."""

    key: Key
    query: str
    entry: Entry | None
    # Why nothing can be kept there, if so.
    objection: str = ""


class PageCache:
    """Answers what it can from memory, asks the application for the rest, and keeps of its answers what it may.

    ``origins``: the origin that a request names, or None where the site does not answer under it.
    ``cookies``: all that the application reads; a request that has one passes by, and the application hears of no other.
    ``skipped``: beginnings of paths that pass by.
    ``max_bytes``: of everything that is kept. ``max_content``: of a single answer.
    ``patience``: the seconds for which a request waits for another one that makes the same page.
    ``tag_fields``: the fields in which caches in front of this one are told the tags; without any, nobody hears them.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        origins: OriginOf,
        cookies: Collection[str],
        skipped: Collection[str] = (),
        max_bytes: int = 64 * MEBIBYTE,
        max_content: int = 2 * MEBIBYTE,
        patience: float = 10,
        tag_fields: Collection[TagField] = (),
        name: str = "Newsroom",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.application = application
        self.store = Store(max_bytes)
        self.name = name
        self._origin_of = origins
        self._cookies = tuple(cookies)
        self._skipped = tuple(skipped)
        self._patience = patience
        self._clock = clock
        self._keeper = Keeper(self.store, max_content=max_content, tag_fields=tag_fields, clock=clock)
        self._flights = Flights(time.monotonic)
        self._refresher = Refresher()
        # Until then somebody vouches that no purge was missed; what is kept is stale from then on.
        self._vouched_until = math.inf

    def purge(self, tags: Iterable[str]) -> int:
        """Removes every page that has one of these tags, and keeps out those that are being made now; how many went."""
        return self.store.purge(tags)

    def outdate(self, tags: Iterable[str]) -> int:
        """As `purge`, but what goes may still stand in for an error (RFC 5861 §4): it is only no longer the newest."""
        return self.store.outdate(tags, at=self._clock())

    def purge_all(self) -> int:
        return self.store.purge_all()

    def vouch(self, until: float) -> None:
        """Says that all purges have arrived and will until a moment, in seconds since 1970, unless it is said anew.

        Nobody has to. Who does and stops, for the log of purges is out of reach, makes all that is kept stale: it is
        served, marked as what it is, while the application is asked, and if that fails too.
        """
        self._vouched_until = until

    def close(self) -> None:
        """Waits for what is made anew in the background."""
        self._refresher.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The common request, for a page that is there and fresh, ends here: little is done for it, and nothing parsed."""
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return self._pass_other_method(environ, start_response)
        if "HTTP_COOKIE" in environ and self._has_known_cookie(environ["HTTP_COOKIE"]):
            return self._pass(environ, start_response, "fwd=bypass; detail=cookie")
        if "HTTP_AUTHORIZATION" in environ:
            return self._pass(environ, start_response, "fwd=bypass; detail=authorization")
        origin = self._origin_of(environ)
        if origin is None:
            return self._pass(environ, start_response, "fwd=bypass; detail=host")
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        entry = self.store.peek((origin, path, query))
        if isinstance(entry, Entry):
            now = self._clock()
            if now < entry.fresh_until and now < self._vouched_until:
                return self._serve_fresh(entry, environ, start_response, now)
        return self._answer(Question(environ, start_response, (origin, path), query))

    # What is there ---------------------------------------------------------------------------------------------------

    def _serve_fresh(
        self, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse, now: float
    ) -> Iterable[bytes]:
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        representation = entry.chosen.get(accepted) or self._represent(entry, accepted)
        age = int(now - entry.born_at)
        if representation.hit[0] != age:
            # That it is used is noted once a second.
            self.store.get(entry.key)
            representation.renew_hit(age, math.floor(entry.fresh_until - now), self.name)
        # A server may do with the list of fields as it likes (PEP 3333): each answer has its own.
        _, fields, fields_if_unchanged = representation.hit
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and has_reader(
            environ, representation
        ):
            start_response(NOT_MODIFIED, fields_if_unchanged.copy())
            return []
        start_response(entry.status, fields.copy())
        # A list of one is what servers send fastest.
        return [representation.content] if environ["REQUEST_METHOD"] == "GET" else []

    def _is_fresh(self, entry: Entry, now: float) -> bool:
        return now < min(entry.fresh_until, self._vouched_until)

    def _seconds_left(self, entry: Entry, now: float) -> int:
        """How long it is fresh; less than nothing for what is stale."""
        return math.floor(min(entry.fresh_until, self._vouched_until) - now)

    def _represent(self, entry: Entry, accepted: str | None) -> Representation:
        """The coding that a reader prefers, made now if nobody asked for it before."""
        while (found := entry.representation(accepted)) is None:
            self.store.grow(entry, entry.compress(accepted))
        return found

    def _serve(
        self, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse, now: float, said: str
    ) -> Iterable[bytes]:
        """Anything but a fresh hit; ``said`` is for Cache-Status."""
        representation = self._represent(entry, environ.get("HTTP_ACCEPT_ENCODING"))
        is_unchanged = has_reader(environ, representation)
        fields = representation.fields(entry.age(now), f"{self.name}; {said}", is_unchanged=is_unchanged)
        start_response(NOT_MODIFIED if is_unchanged else entry.status, fields)
        return [] if is_unchanged or environ["REQUEST_METHOD"] == "HEAD" else [representation.content]

    def _serve_to(self, question: Question, entry: Entry, said: str) -> Iterable[bytes]:
        return self._serve(entry, question.environ, question.start_response, self._clock(), said)

    def _stand_in(self, question: Question, entry: Entry | None, said: str) -> Iterable[bytes] | None:
        """What is kept for the case that the application fails, if it is still good for that (RFC 5861 §4).

        What was purged while somebody waited is not: a story that was withdrawn is gone, whatever fails.
        """
        now = self._clock()
        if entry is None or not entry.may_stand_in(now) or not self.store.holds(entry):
            return None
        detail = f"ttl={self._seconds_left(entry, now)}; detail=stale-if-error"
        return self._serve(entry, question.environ, question.start_response, now, f"{said}; {detail}")

    def _stand_in_after_failure(self, question: Question, entry: Entry | None, said: str) -> Iterable[bytes] | None:
        if entry is not None:
            entry.retry_at = self._clock() + SECONDS_TO_RETRY
        return self._stand_in(question, entry, said)

    # What is not, or no longer ---------------------------------------------------------------------------------------

    def _answer(self, question: Question) -> Iterable[bytes]:
        deadline = time.monotonic() + self._patience
        has_waited = False
        for _ in range(MOST_TRIES):
            place = self._find(question)
            answer = self._answer_from(question, place, has_waited=has_waited)
            if answer is None:
                answer = self._answer_apart(question, place)
            if answer is not None:
                return answer
            flight, leads = self._flights.board(place.key)
            if leads:
                answer = self._lead(question, place, flight)
                if answer is not None:
                    return answer
            elif not flight.wait(deadline - time.monotonic()) or flight.outcome is not Outcome.LOOK_AGAIN:
                break
            else:
                has_waited = True
        answer = self._stand_in_after_failure(question, place.entry, "fwd=stale; collapsed")
        return self._pass_question(question, f"fwd={absence(place.entry)}") if answer is None else answer

    def _find(self, question: Question) -> Place:
        query = question.query
        if query:
            parameters = self.store.get(question.address)
            if isinstance(parameters, Signpost):
                known = canonical_query(query, parameters.names)
                if known is None:
                    return Place((*question.address, query), query, None, objection="query")
                query = known
        key: Key = (*question.address, query)
        found = self.store.get(key)
        if isinstance(found, Signpost):
            variation = variation_key(question.environ, found.names)
            if variation is None:
                return Place(key, query, None, objection="vary")
            key += variation
            found = self.store.get(key)
        return Place(key, query, found if isinstance(found, Entry) else None)

    def _answer_from(self, question: Question, place: Place, *, has_waited: bool) -> Iterable[bytes] | None:
        """The answer from what is there, fresh or stale, if that is allowed to be served."""
        entry, now = place.entry, self._clock()
        if entry is None:
            return None
        if self._is_fresh(entry, now):
            if has_waited:
                return self._serve_to(question, entry, "fwd=uri-miss; collapsed")
            return self._serve_fresh(entry, question.environ, question.start_response, now)
        if entry.may_be_revalidated(now):
            self._refresh(question, place, entry)
            left = self._seconds_left(entry, now)
            return self._serve_to(question, entry, f"hit; ttl={left}; detail=stale-while-revalidate")
        if now < entry.retry_at:
            return self._stand_in(question, entry, "hit")
        if not entry.may_stand_in(now):
            self.store.discard(entry)
        return None

    def _answer_apart(self, question: Question, place: Place) -> Iterable[bytes] | None:
        """The answer to a request for which nothing is kept, if it is such a request."""
        directives = parse_directives(question.environ.get("HTTP_CACHE_CONTROL"))
        if "only-if-cached" in directives:
            return self._refuse(question)
        objection = place.objection or peculiarity(question.environ)
        if not objection and "no-store" in directives:
            objection = "no-store"
        if not objection and question.address[1].startswith(self._skipped):
            objection = "path"
        if objection:
            return self._pass_question(question, f"fwd=bypass; detail={objection}")
        if self._flights.goes_alone(place.key):
            return self._pass_question(question, "fwd=uri-miss; detail=not-storable")
        return None

    def _refuse(self, question: Question) -> Iterable[bytes]:
        """RFC 9111 §5.2.1.7."""
        status = f"{self.name}; detail=only-if-cached"
        fields = [("Cache-Control", "no-store"), ("Content-Length", "0"), ("Cache-Status", status)]
        question.start_response("504 Gateway Timeout", fields)
        return []

    # Asking the application ------------------------------------------------------------------------------------------

    def _lead(self, question: Question, place: Place, flight: Flight) -> Iterable[bytes] | None:
        """Makes the page for which others wait; None where it is there already, or is about another query."""
        outcome = Outcome.FAILED
        try:
            # It may have arrived between looking and boarding.
            now_there = self._find(question)
            if now_there.entry is not None and self._is_fresh(now_there.entry, self._clock()):
                outcome = Outcome.LOOK_AGAIN
                return None
            made, entry, reason = self._make(question.address, place, self._environ_for(question, place))
            outcome = outcome_of(made, entry, reason)
        except Exception:
            if place.entry is None or not place.entry.may_stand_in(self._clock()):
                raise
            logger.exception("A page could not be made; what was kept of it is served.")
            made, entry, reason = None, None, "exception"
        finally:
            self._flights.land(place.key, flight, outcome)
        return self._hand_over(question, place, made, entry, reason)

    def _make(self, address: Address, place: Place, environ: WSGIEnvironment) -> tuple[Made, Entry | None, str]:
        """Asks the application, and keeps what it says if that may be kept; otherwise says why not."""
        rendering = self.store.begin(address)
        try:
            asked_at = self._clock()
            answer = Answer(self.application, environ)
            made = Made(answer, asked_at, address, place.query, environ, rendering)
            try:
                return made, self._keeper.keep(made), ""
            except NotStorable as refusal:
                self._forget(place, made)
                return made, None, str(refusal)
        finally:
            self.store.end(rendering)

    def _forget(self, place: Place, made: Made) -> None:
        """What was kept is outdated by an answer that cannot be kept, unless that is an error."""
        if place.entry is not None and made.answer.code not in ERRORS:
            self.store.discard(place.entry)

    def _hand_over(
        self, question: Question, place: Place, made: Made | None, entry: Entry | None, reason: str
    ) -> Iterable[bytes] | None:
        forward = absence(place.entry)
        if made is None or made.answer.code in ERRORS:
            status = "" if made is None else f"; fwd-status={made.answer.code}"
            answer = self._stand_in_after_failure(question, place.entry, f"fwd={forward}{status}")
            if answer is not None:
                if made is not None:
                    made.answer.close()
                return answer
        if made is None:
            return self._pass_question(question, f"fwd={forward}")
        if not made.is_answer_to(question.query):
            made.answer.close()
            return None
        if entry is not None:
            return self._serve_to(question, entry, f"fwd={forward}" + "; stored" * self.store.holds(entry))
        return self._pass_on(question.environ, question.start_response, made.answer, f"fwd={forward}; detail={reason}")

    def _refresh(self, question: Question, place: Place, entry: Entry) -> None:
        """Lets the background make a page anew, unless somebody does already, or the application failed just now."""
        if self._clock() < entry.retry_at:
            return
        flight, leads = self._flights.board(place.key)
        if leads:
            environ = self._environ_for(question, place)
            task = partial(self._make_anew, question.address, place, entry, environ, flight)
            if not self._refresher.submit(task):
                self._flights.land(place.key, flight, Outcome.FAILED)

    def _make_anew(
        self, address: Address, place: Place, entry: Entry, environ: WSGIEnvironment, flight: Flight
    ) -> None:
        outcome = Outcome.FAILED
        try:
            made, kept, reason = self._make(address, place, environ)
            outcome = outcome_of(made, kept, reason)
            if kept is None:
                made.answer.close()
        finally:
            if outcome is Outcome.FAILED:
                entry.retry_at = self._clock() + SECONDS_TO_RETRY
            self._flights.land(place.key, flight, outcome)

    def _environ_for(self, question: Question, place: Place) -> WSGIEnvironment:
        return environ_for(question.environ, host=host_of(question.address[0]), query=place.query)

    # Passing by ------------------------------------------------------------------------------------------------------

    def _pass_question(self, question: Question, said: str) -> Iterable[bytes]:
        return self._pass(question.environ, question.start_response, said)

    def _pass(self, environ: WSGIEnvironment, start_response: StartResponse, said: str) -> Iterable[bytes]:
        """Asks the application just what was asked, and keeps nothing."""
        return self._pass_on(environ, start_response, Answer(self.application, environ), said)

    def _pass_on(
        self, environ: WSGIEnvironment, start_response: StartResponse, answer: Answer, said: str
    ) -> Iterable[bytes]:
        headers = [*self._keeper.clean(answer.headers), ("Cache-Status", f"{self.name}; {said}")]
        start_response(answer.status, headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.close()
            return []
        return answer.chunks

    def _pass_other_method(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """RFC 9111 §4.4: a change that succeeds outdates what is kept of its address."""
        answer = Answer(self.application, environ)
        if environ["REQUEST_METHOD"] not in SAFE_METHODS and 200 <= answer.code < 400:
            origin = self._origin_of(environ)
            if origin is not None:
                self.store.purge_address((origin, environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")))
        return self._pass_on(environ, start_response, answer, "fwd=method")

    def _has_known_cookie(self, cookies: str) -> bool:
        """Whether one of the names is there in any spelling; one that only looks like it passes by as well."""
        return any(name in cookies for name in self._cookies)


def peculiarity(environ: WSGIEnvironment) -> str:
    """What makes a request one that only the application can answer where nothing is kept."""
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in environ:
        return "content"
    if "HTTP_RANGE" in environ:
        return "range"
    if "HTTP_IF_MATCH" in environ or "HTTP_IF_UNMODIFIED_SINCE" in environ:
        return "condition"
    return ""


def has_reader(environ: WSGIEnvironment, representation: Representation) -> bool:
    """Whether the reader has this very content already."""
    return representation.is_unchanged(environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE"))


def absence(entry: Entry | None) -> str:
    """Why a request goes on to the application, in the words of RFC 9211 §2.2."""
    return "uri-miss" if entry is None else "stale"


def outcome_of(made: Made, entry: Entry | None, reason: str) -> Outcome:
    if made.answer.code in ERRORS:
        return Outcome.FAILED
    # What could not be kept for its query alone has told which parameters the page knows: others may find it now.
    has_told = reason == "query" and made.known_parameters is not None
    return Outcome.LOOK_AGAIN if entry is not None or has_told else Outcome.ASK_ALONE

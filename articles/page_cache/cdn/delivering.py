"""Telling one cache in front of the site what the purge log has had since: at least once, and again when it has settled."""

import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import CdnDelivery
from articles.outbox.retrying import seconds_before
from articles.outbox.sending import Outgoing, Reply, Unreachable, send
from articles.page_cache.cdn.base import Target
from articles.page_cache.purge_log import Place, PurgeLog
from articles.page_cache.tag_fields import outward
from articles.page_cache.tags import EVERYTHING, GONE

logger = logging.getLogger(__name__)

# A process of ours may have answered the CDN just after the purge there from what it had in memory, for it reads the log
# itself once a second, or with a page whose making had begun before the change. What was purged is purged once more
# when each has read the log, and again when no page takes any longer.
SECONDS_TO_REPEAT: Final = (1.5, 6.0)
# Beyond that, all pages go: it is one request, and what it costs the site is little more.
MOST_TAGS: Final = 500
# Longer than all requests of a round take; whoever begins after it may tell the same again, which harms nobody.
LEASE: Final = timedelta(seconds=60)
# What a CDN answers to a request that it will never obey.
NEVER: Final = frozenset({400, 413, 414, 422, 431})


class Undelivered(Exception):
    """A CDN was not told; ``reply`` is what it said to that, if anything."""

    def __init__(self, why: str, reply: Reply | None = None) -> None:
        super().__init__(why)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Work:
    """What a CDN has to be told now: what is new in the log up to ``place``, and what is told again."""

    new: frozenset[str]
    again: frozenset[str]
    place: Place
    # What is to be told again later: [the second at which, [tags]].
    later: list[tuple[float, list[str]]]

    @property
    def tags(self) -> frozenset[str]:
        return self.new | self.again


def deliver_purges(target: Target) -> int:
    """Tells a CDN what it does not know yet; how many tags that were, 0 where nothing is due or somebody else does it.

    Idle, it is two look-ups by key. While a request is under way, no transaction is open.
    """
    delivery, _ = CdnDelivery.objects.get_or_create(target=target.name)
    if not is_due(delivery) or not find_work(delivery).tags:
        return 0
    lease, now = secrets.token_hex(16), timezone.now()
    if not CdnDelivery.objects.take(delivery, lease=lease, at=now, until=now + LEASE):
        return 0
    # Somebody may have done it in between.
    delivery.refresh_from_db()
    work = find_work(delivery)
    try:
        if work.tags:
            tell(target, work.tags)
    except Undelivered as failure:
        note_failure(delivery, failure)
        return 0
    note_success(delivery, work)
    return len(work.tags)


def is_due(delivery: CdnDelivery) -> bool:
    return delivery.due_at is None or delivery.due_at <= timezone.now()


def find_work(delivery: CdnDelivery) -> Work:
    """What the log has for a CDN. One that is new here may keep pages of which nobody knows: they all go."""
    place = (
        None if delivery.last is None else Place(delivery.last, {int(pk): at for pk, at in delivery.missing.items()})
    )
    log = PurgeLog(getattr(settings, "READER_DATABASE", DEFAULT_DB_ALIAS), place=place, clock=time.time)
    # Nothing stands in at a CDN: what is gone is purged like all else.
    new, now = frozenset(tag.removeprefix(GONE) for tag in log.read()), time.time()
    due = frozenset(tag for at, tags in delivery.repeats if at <= now for tag in tags)
    later = [(at, tags) for at, tags in delivery.repeats if at > now]
    return Work(new, due, log.place or Place(0, {}), later)


def tell(target: Target, tags: frozenset[str]) -> None:
    """Raises Undelivered. Where a CDN refuses a list of tags for what it is, it forgets everything instead."""
    try:
        for outgoing in requests_for(target, tags):
            ask(target, outgoing)
    except Undelivered as refusal:
        if refusal.reply is None or refusal.reply.status not in NEVER:
            raise
        logger.warning("%s refused to purge by tags (%s): everything is purged there.", target.name, refusal)
        ask(target, target.forget_all())


def requests_for(target: Target, tags: frozenset[str]) -> Iterator[Outgoing]:
    if EVERYTHING in tags or len(tags) > MOST_TAGS:
        yield target.forget_all()
    else:
        yield from target.forget(sorted({outward(tag) for tag in tags}))


def ask(target: Target, outgoing: Outgoing) -> None:
    try:
        reply = send(outgoing)
    except Unreachable as error:
        raise Undelivered(str(error)) from error
    if objection := target.objection(reply):
        raise Undelivered(objection, reply)


def note_success(delivery: CdnDelivery, work: Work) -> None:
    """Whoever has lost the lease meanwhile notes nothing: the same is told once more."""
    now = timezone.now()
    new = sorted(work.new)
    repeats = [(now.timestamp() + seconds, new) for seconds in SECONDS_TO_REPEAT if new]
    _held(delivery).update(
        last=work.place.last,
        missing={str(pk): at for pk, at in work.place.missing.items()},
        repeats=[*work.later, *repeats],
        delivered_at=now,
        failures=0,
        failing_since=None,
        due_at=None,
        last_error="",
        lease="",
        leased_until=None,
    )
    if delivery.failures:
        logger.info("%s is told of changes again.", delivery.target)


def note_failure(delivery: CdnDelivery, failure: Undelivered) -> None:
    """The place in the log stays: what comes meanwhile is told together, when it works again."""
    now, failures = timezone.now(), delivery.failures + 1
    seconds = seconds_before(failures, wish=failure.reply.wish if failure.reply else None)
    _held(delivery).update(
        failures=failures,
        failing_since=delivery.failing_since or now,
        due_at=now + timedelta(seconds=seconds),
        last_error=str(failure)[:300],
        lease="",
        leased_until=None,
    )
    logger.warning("%s could not be told what has changed (%s); again in %.0f s.", delivery.target, failure, seconds)


def _held(delivery: CdnDelivery) -> QuerySet[CdnDelivery]:
    return CdnDelivery.objects.filter(pk=delivery.pk, lease=delivery.lease)

"""Counting reads: a beacon is refused for the first reason that holds, or counted; either goes into the buffer."""

import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from articles.conf import popular_origin_weight, trending_half_life
from articles.models.reads import Origin, Refusal
from articles.popularity.buffer import Tally
from articles.popularity.crawlers import LONGEST_AGENT, is_crawler
from articles.popularity.flushing import BUFFER, flush_reads, start_flusher
from articles.popularity.ranking import trend_of
from articles.popularity.readers import is_flood, salt_of_day, was_here
from articles.popularity.windows import day_of, hour_of

__all__ = ["Beacon", "count_beacon", "flush_reads"]

logger = logging.getLogger(__name__)

# What a beacon may say: reads that another system counted come by other ways.
ORIGINS: Final = frozenset(Origin.values) - {Origin.IMPORTED.value}
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECONDS_BETWEEN_COMPLAINTS: Final = 60


@dataclass(frozen=True)
class Beacon:
    """What a page reported, and what its request tells; the address and the name of the browser are kept nowhere."""

    article: str
    origin: str
    agent: str
    address: str
    is_same_site: bool
    is_prefetch: bool = False
    is_staff: bool = False


def count_beacon(beacon: Beacon, *, at: datetime | None = None) -> Refusal | None:
    """Counts a read, and gives None; or counts why it is none, and gives that.

    Asks no database: whether there is such a story, and whether readers see it, is looked at when reads are stored.
    """
    now = at or timezone.now()
    refusal = first_refusal(beacon, now) or add_read(beacon, now)
    if refusal:
        add_refusal(beacon, refusal, now)
    start_flusher()
    return refusal


def first_refusal(beacon: Beacon, at: datetime) -> Refusal | None:
    """The cheap reasons first, those that ask the cache last."""
    if not beacon.is_same_site:
        return Refusal.FOREIGN
    if beacon.is_prefetch:
        return Refusal.PREFETCH
    if is_crawler(beacon.agent[:LONGEST_AGENT]):
        return Refusal.CRAWLER
    if beacon.is_staff:
        return Refusal.STAFF
    if not UID.fullmatch(beacon.article) or beacon.origin not in ORIGINS:
        return Refusal.UNKNOWN
    return refusal_by_cache(beacon, at)


def refusal_by_cache(beacon: Beacon, at: datetime) -> Refusal | None:
    """Without a cache nobody can tell a reader from a reload: better no number than a wrong one."""
    try:
        salt = salt_of_day(at)
        if is_flood(salt, beacon.address, at=at):
            return Refusal.FLOOD
        if was_here(salt, beacon.address, beacon.agent[:LONGEST_AGENT], beacon.article):
            return Refusal.REPEATED
    except Exception:
        if COMPLAINTS.is_due():
            logger.exception("Reads are not counted: the cache is away.")
        return Refusal.UNCHECKED
    return None


def add_read(beacon: Beacon, at: datetime) -> Refusal | None:
    weight = popular_origin_weight() if beacon.origin == Origin.POPULAR else 1
    trend = trend_of(weight, at, half_life=trending_half_life())
    key = (beacon.article, hour_of(at), beacon.origin)

    def add(tally: Tally) -> Refusal | None:
        if not tally.add_reads(key):
            return Refusal.FLOOD
        tally.add_trend(beacon.article, trend)
        return None

    return BUFFER.change(add)


def add_refusal(beacon: Beacon, refusal: Refusal, at: datetime) -> None:
    """With the story that the beacon names, whether there is such a one or not."""
    uid = beacon.article if UID.fullmatch(beacon.article) else None
    key = (uid, day_of(at), refusal.value)
    BUFFER.change(lambda tally: tally.add_refused(key))


class Pace:
    """Lets one in a while through, however many come."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._closed_until = 0.0

    def is_due(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._closed_until:
                return False
            self._closed_until = now + self._seconds
            return True


COMPLAINTS: Final = Pace(SECONDS_BETWEEN_COMPLAINTS)

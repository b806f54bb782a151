"""What changes for readers by itself, and when: stories appear and expire, pictures lose their rights, a day ends."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from articles.conf import page_seconds
from articles.models import Article, Correction, Image
from articles.models.json_rows import JSONRows
from articles.page_cache import tags as names
from articles.page_cache.affected_pages import before_readers, shown_of

# For how long a reading holds where every change is heard of.
READING_HOLDS: Final = timedelta(minutes=30)
# For so long, and a day more, pages stand in for a database that is away: what ends meanwhile ends with it.
ENDS_AHEAD: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Moment:
    """Pages with one of these tags are outdated from then on, in seconds since 1970; after an end nobody may see them."""

    at: float
    tags: frozenset[str]
    is_end: bool = False


class Schedule:
    """The moments to come. They are kept only while somebody says when to forget them: `is_followed`."""

    def __init__(self) -> None:
        self.is_followed = False
        self._lock = Lock()
        self._kept: tuple[Moment, ...] | None = None
        self._holds_until = -math.inf
        self._edition = 0

    def forget(self) -> None:
        """To be called when anything has changed, before pages are purged for it."""
        with self._lock:
            self._kept = None
            self._edition += 1

    def lifetime_of(self, tags: frozenset[str], *, now: datetime) -> tuple[float, float]:
        """When a page with these tags is outdated and when it ends, in seconds since 1970; infinite for never."""
        concerned = [each for each in self._moments(now) if not each.tags.isdisjoint(tags)]
        return (
            min((each.at for each in concerned), default=math.inf),
            min((each.at for each in concerned if each.is_end), default=math.inf),
        )

    def _moments(self, now: datetime) -> tuple[Moment, ...]:
        kept, edition = self._kept, self._edition
        if self.is_followed and kept is not None and now.timestamp() < self._holds_until:
            return kept
        found = tuple(read_moments(now))
        with self._lock:
            # What was forgotten meanwhile may be older than what it was forgotten for.
            if self.is_followed and edition == self._edition:
                self._kept = found
                # What comes next to a story depends on what has appeared by then.
                first = min((each.at for each in found), default=math.inf)
                self._holds_until = min(first, (now + READING_HOLDS).timestamp())
        return found


SCHEDULE: Final = Schedule()
lifetime_of = SCHEDULE.lifetime_of


def read_moments(now: datetime) -> Iterator[Moment]:
    """One query, and one more where something appears or expires soon; both by indexes."""
    today = timezone.localdate(now)
    # The day stands at the head of every page.
    yield Moment(midnight(today + timedelta(days=1)), frozenset([names.SITE]))
    coming = _coming(now, today)
    for row in coming["expiring"]:
        yield Moment(_moment_of(row["at"]), frozenset([names.article(row["pk"])]), is_end=True)
    for row in coming["pictures"]:
        shown = frozenset([names.tag_of(Image(pk=row["pk"])), names.named(UUID(row["uid"]))])
        yield Moment(midnight(date.fromisoformat(row["on"])), shown, is_end=True)
    for row in coming["corrections"]:
        yield Moment(_moment_of(row["at"]), frozenset([names.CORRECTIONS]))
    for row in coming["updates"]:
        # Whoever opens its page lets it take effect; all else follows from that.
        yield Moment(_moment_of(row["at"]), frozenset([names.address(row["slug"])]))
    yield from _appearances(coming["stories"], now)


def _appearances(rows: list[dict[str, Any]], now: datetime) -> Iterator[Moment]:
    """What stories will be in, or are in no longer, at each of their times that is near."""
    shown: dict[int, set[str]] = {}
    for tag, pk in shown_of(Article, [row["pk"] for row in rows]):
        shown.setdefault(pk, set()).add(tag)
    for row in rows:
        for name in ("published_at", "embargoed_until", "expires_at"):
            if row[name] and now.timestamp() < (at := _moment_of(row[name])) <= (now + _ahead()).timestamp():
                yield Moment(at, frozenset(shown.get(row["pk"], ())))


def _coming(now: datetime, today: date) -> dict[str, list[dict[str, Any]]]:
    """All of it in one row, as JSON has it."""
    parts = {
        "stories": JSONRows(_changing_soon(now), "pk", "published_at", "embargoed_until", "expires_at"),
        "expiring": JSONRows(
            _between(_released(), "expires_at", now, ENDS_AHEAD),
            "pk",
            at=F("expires_at"),
        ),
        "pictures": JSONRows(
            Image.objects.filter(rights_expire_on__gt=today, rights_expire_on__lte=today + ENDS_AHEAD).order_by(),
            "pk",
            "uid",
            on=F("rights_expire_on"),
        ),
        "corrections": JSONRows(
            _between(Correction.objects.filter(before_readers("article__")), "corrected_at", now, _ahead()),
            at=F("corrected_at"),
        ),
        "updates": JSONRows(
            _between(Article.objects.exclude(scheduled_move=""), "takes_effect_at", now, _ahead()),
            at=F("takes_effect_at"),
            slug=F("replaces__slug"),
        ),
    }
    # The site's row is the one to ask: it is always there, and it is one.
    values = Site.objects.filter(pk=settings.SITE_ID).values_list(*parts.values()).first()
    return dict(zip(parts, values or [[] for _ in parts], strict=True))


def _changing_soon(now: datetime) -> QuerySet[Article]:
    """By a union, so that each time is looked for in its own index."""
    times = ("published_at", "embargoed_until", "expires_at")
    first, *others = (_between(_released(), name, now, _ahead()).values("pk") for name in times)
    return Article.objects.filter(pk__in=first.union(*others)).order_by()


def _released() -> QuerySet[Article]:
    return Article.objects.filter(before_readers())


def _between(rows: QuerySet[Any], name: str, now: datetime, ahead: timedelta) -> QuerySet[Any]:
    return rows.filter(Q(**{f"{name}__gt": now, f"{name}__lte": now + ahead})).order_by()


def _ahead() -> timedelta:
    """No page is fresh for longer: later moments are asked for when it is made anew."""
    return timedelta(seconds=page_seconds()) + READING_HOLDS


def midnight(day: date) -> float:
    """When a day begins in the site's zone, in seconds since 1970."""
    return timezone.make_aware(datetime.combine(day, time.min)).timestamp()


def _moment_of(text: str) -> float:
    moment = datetime.fromisoformat(text)
    # SQLite stores UTC without saying so.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

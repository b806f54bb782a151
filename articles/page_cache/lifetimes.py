"""What of an answer may be kept, and for how long: RFC 9111 §3 and §4.2, RFC 5861, RFC 9213, and a moment of our own."""

import math
from dataclasses import dataclass

from django.utils.http import http_date

from articles.page_cache.fields import (
    Directives,
    Headers,
    duration,
    field,
    members,
    moment,
    names_in,
    parse_directives,
    whole_number,
)

# Words from the application to this cache, which nobody else hears.
QUERY_FIELD = "cache-query"
UNTIL_FIELD = "cache-until"
FRESH_UNTIL_FIELD = "cache-fresh-until"
TAG_FIELD = "cache-tag"
# RFC 9213: Cache-Control for this cache alone; what stands here goes before Cache-Control.
TARGETED_FIELD = "page-cache-control"

KEPT_STATUSES = frozenset({200, 301, 308, 404, 410})
PROHIBITIONS = ("no-store", "private", "no-cache")
# Fields of the connection or of an exchange with one reader: an answer that has one is for nobody else.
PRIVATE_FIELDS = (
    "set-cookie",
    "set-cookie2",
    "content-encoding",
    "content-range",
    "connection",
    "proxy-authenticate",
    "www-authenticate",
    "authentication-info",
    "transfer-encoding",
    "trailer",
    "upgrade",
)
PRIVATE_VARIATIONS = frozenset({"*", "cookie", "authorization"})
MOST_VARIATIONS = 4


class NotStorable(Exception):
    """An answer is not to be kept; the argument says why, in a word for Cache-Status."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Moments, in seconds since 1970. ``dies_at`` is hard: from then on it is served in no case.

    ``stale_at`` is when it is known to be outdated: from then on it stands in for errors, and for nothing else.
    """

    born_at: float
    fresh_until: float
    revalidated_until: float
    kept_for_errors_until: float
    dies_at: float
    stale_at: float


def variations(headers: Headers) -> tuple[str, ...]:
    """The request fields that an answer depends on, in lower case, but Accept-Encoding, which this cache sees to."""
    names = set(names_in(field(headers, "vary")))
    if names & PRIVATE_VARIATIONS or len(names) > MOST_VARIATIONS:
        raise NotStorable("vary")
    return tuple(sorted(names - {"accept-encoding"}))


def require_storable(status: int, headers: Headers) -> None:
    """Raises NotStorable for what may never be kept, however long it says that it is fresh."""
    if status not in KEPT_STATUSES:
        raise NotStorable("status")
    for name, _ in headers:
        if name.lower() in PRIVATE_FIELDS:
            raise NotStorable(name.lower())
    for name in ("cache-control", TARGETED_FIELD):
        directives = parse_directives(field(headers, name))
        for prohibition in PROHIBITIONS:
            if prohibition in directives:
                raise NotStorable(prohibition)


def lifetime_of(headers: Headers, *, asked_at: float, answered_at: float) -> Lifetime:
    """How long an answer that is storable otherwise may be kept. Raises NotStorable where it is not fresh at all."""
    targeted = parse_directives(field(headers, TARGETED_FIELD))
    directives = targeted or parse_directives(field(headers, "cache-control"))
    born_at = birth(headers, asked_at=asked_at, answered_at=answered_at)
    dies_at, stale_at = ends(headers)
    fresh_until = min(born_at + freshness(directives, headers, asked_at, is_targeted=bool(targeted)), stale_at)
    if fresh_until <= answered_at:
        raise NotStorable("not-fresh")
    may_be_stale = not directives.keys() & {"must-revalidate", "proxy-revalidate"}
    revalidated = fresh_until + (duration(directives, "stale-while-revalidate") or 0) * may_be_stale
    on_error = fresh_until + (duration(directives, "stale-if-error") or 0) * may_be_stale
    return Lifetime(born_at, fresh_until, min(revalidated, stale_at), min(on_error, dies_at), dies_at, stale_at)


def birth(headers: Headers, *, asked_at: float, answered_at: float) -> float:
    """When the answer was made, for its age (RFC 9111 §4.2.3): when it was asked for, unless it says that it is older."""
    age = whole_number(field(headers, "age")) or 0
    date = moment(field(headers, "date"))
    # A date has whole seconds; one within the second in which the question was put is no age.
    apparent = answered_at if date is None or date >= math.floor(asked_at) else date
    return min(asked_at - age, apparent)


def freshness(directives: Directives, headers: Headers, asked_at: float, *, is_targeted: bool) -> int:
    """Seconds, by the first that is there of s-maxage, max-age and Expires (RFC 9111 §4.2.1). Never guessed."""
    for name in ("s-maxage", "max-age"):
        if (seconds := duration(directives, name)) is not None:
            return seconds
    if is_targeted:
        raise NotStorable("no-lifetime")
    expires = field(headers, "expires")
    if expires is None:
        raise NotStorable("no-lifetime")
    # What is no date, "0" above all, is in the past (RFC 9111 §5.3).
    return max((moment(expires) or 0) - (moment(field(headers, "date")) or math.floor(asked_at)), 0)


def ends(headers: Headers) -> tuple[float, float]:
    """When an answer dies and when it is stale, as far as it says so: the second is never after the first."""
    dies_at = until(headers, UNTIL_FIELD)
    return dies_at, min(dies_at, until(headers, FRESH_UNTIL_FIELD))


def until(headers: Headers, name: str) -> float:
    """The moment that a field gives, in seconds since 1970; without it, never."""
    text = field(headers, name)
    if text is None:
        return math.inf
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise NotStorable(name)
    return found


def shorten(headers: Headers, *, now: float, stale_at: float, dies_at: float) -> Headers:
    """The fields with lifetimes that end at these moments for browsers and CDNs as well."""
    fresh, whole = seconds_until(stale_at, now), seconds_until(dies_at, now)
    return [(name, shorter(name.lower(), value, now, fresh=fresh, whole=whole)) for name, value in headers]


def seconds_until(moment: float, now: float) -> float:
    """Whole seconds; without end for what never comes."""
    return math.inf if moment == math.inf else max(math.floor(moment - now), 0)


def shorter(name: str, value: str, now: float, *, fresh: float, whole: float) -> str:
    if name == "cache-control":
        return shorter_directives(value, fresh=fresh, whole=whole)
    if name == "expires" and (moment(value) or 0) > now + fresh:
        return http_date(now + fresh)
    return value


def shorter_directives(text: str, *, fresh: float, whole: float) -> str:
    directives = parse_directives(text)
    ages = [seconds for name in ("max-age", "s-maxage") if (seconds := duration(directives, name)) is not None]
    # Stale use begins where freshness ends, for whom it ends last.
    longest = min(max(ages, default=fresh), fresh)
    limits = {
        "max-age": fresh,
        "s-maxage": fresh,
        "stale-while-revalidate": max(fresh - longest, 0) if fresh < math.inf else fresh,
        "stale-if-error": max(whole - longest, 0) if whole < math.inf else whole,
    }
    parts = []
    for member in members(text):
        name = member.partition("=")[0].strip(" \t").lower()
        seconds = duration(directives, name) if name in limits else None
        parts.append(member if seconds is None else f"{name}={min(seconds, limits[name]):.0f}")
    return ", ".join(parts)

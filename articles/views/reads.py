"""Where pages report that they are read."""

from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from articles.popularity.counting import Beacon, count_beacon

# Two words and an identifier: what is longer comes from no page of this site.
MOST_BYTES: Final = 1024
MOST_FIELDS: Final = 8
PREFETCHING: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@csrf_exempt
def count_read(request: HttpRequest) -> HttpResponse:
    """Says the same to everybody, whatever became of it. Looks nobody up, and asks no database."""
    if request.method == "POST":
        count_beacon(beacon_of(request))
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def beacon_of(request: HttpRequest) -> Beacon:
    words = words_of(request)
    return Beacon(
        article=words.get("article", ""),
        origin=words.get("from", ""),
        agent=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        is_same_site=is_same_site(request),
        is_prefetch=any("pre" in request.headers.get(name, "").lower() for name in PREFETCHING),
        # Readers have no cookies: whoever has a session works here, or did until it ended.
        is_staff=settings.SESSION_COOKIE_NAME in request.COOKIES,
    )


def words_of(request: HttpRequest) -> dict[str, str]:
    """What the body says; nothing, where it is too long or no form."""
    with suppress(OSError, ValueError):
        body = request.read(MOST_BYTES + 1)
        if len(body) <= MOST_BYTES:
            return dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
    return {}


def is_same_site(request: HttpRequest) -> bool:
    """Browsers say where a request comes from, in one header over https and in another over plain http."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    with suppress(ValueError):
        return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    return False

"""What a view says of its page: what it shows, and for how long it is kept, in the header fields that caches obey."""

import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.conf import cdn_seconds, page_seconds
from articles.models import Article
from articles.page_cache.lifetimes import (
    FRESH_UNTIL_FIELD,
    KEPT_STATUSES,
    QUERY_FIELD,
    TAG_FIELD,
    TARGETED_FIELD,
    UNTIL_FIELD,
)
from articles.page_cache.schedule import lifetime_of
from articles.page_cache.tags import SITE, tag_of

View = Callable[..., HttpResponse]

# Purges are exact; after a page's time is over, one reader more gets it while it is made anew.
SECONDS_OF_GRACE: Final = 60
# For as long as the database is away, everything that anybody has seen is still there.
SECONDS_WITHOUT_DATABASE: Final = 7 * 86_400


class Shown:
    """The names of all that a page asked about, whether it found it and showed it or not."""

    def __init__(self) -> None:
        self.tags = {SITE}

    def note(self, *tags: str) -> None:
        self.tags.update(tags)

    def note_rows(self, rows: Iterable[Model | None]) -> None:
        self.tags.update(tag_of(row) for row in rows if row)

    def note_cards(self, stories: Iterable[Article | None]) -> None:
        """Stories that came `for_cards`, or with section and picture: all that lists show of them."""
        for story in filter(None, stories):
            self.note_rows([story, story.section, story.lead_image])
            if hasattr(story, "author_rows"):
                self.note_rows(story.card_authors)


def shown_on(request: HttpRequest) -> Shown:
    """The one record of a request, whoever asks first."""
    return vars(request).setdefault("newsroom_shown", Shown())  # type: ignore[no-any-return]


def kept(*parameters: str) -> Callable[[View], View]:
    """A page for readers, kept until something that it shows changes; ``parameters`` are those of a query that it knows.

    What the view has said of caches itself, as of a story that is not public, stands.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def keep(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code in KEPT_STATUSES and not response.has_header("Cache-Control"):
                tell_caches(request, response, parameters)
            return response

        return keep

    return decorate


def tell_caches(request: HttpRequest, response: HttpResponse, parameters: Iterable[str]) -> None:
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        # Whoever works here sees each change at once, and nothing that was made for them is another one's.
        response["Cache-Control"] = "private, no-cache"
        return
    tags = shown_on(request).tags
    stale_at, dies_at = lifetime_of(frozenset(tags), now=timezone.now())
    # Browsers ask each time, and mostly hear that nothing has changed.
    response["Cache-Control"] = for_others(cdn_seconds())
    response[TARGETED_FIELD] = stale_terms(f"max-age={page_seconds()}")
    for name, moment in ((FRESH_UNTIL_FIELD, stale_at), (UNTIL_FIELD, dies_at)):
        if moment < math.inf:
            response[name] = f"{moment:.3f}"
    response[QUERY_FIELD] = ", ".join(parameters)
    response[TAG_FIELD] = ", ".join(sorted(tags))


def for_others(seconds: int) -> str:
    """Cache-Control for browsers, and for a CDN where one is told of purges.

    Without stale-while-revalidate, by which browsers would show what they have once more before they ask.
    """
    return f"max-age=0, s-maxage={seconds}, stale-if-error={SECONDS_WITHOUT_DATABASE}" if seconds else "max-age=0"


def stale_terms(freshness: str) -> str:
    return f"{freshness}, stale-while-revalidate={SECONDS_OF_GRACE}, stale-if-error={SECONDS_WITHOUT_DATABASE}"

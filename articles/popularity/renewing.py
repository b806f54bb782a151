"""Making the popular lists again when their time has come, and only where they would be others."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Count, Sum
from django.utils import timezone

from articles.models import Duty, ReadTotal, Scope
from articles.popularity.standings import make_lists
from articles.popularity.windows import hour_of

# A site has some of these; of the others it has thousands, whose lists change little from minute to minute.
LARGE: Final = (Scope.SITE, Scope.SECTION)
SMALL: Final = (Scope.TAG, Scope.AUTHOR)


def renew_lists(*windows: str, scopes: Collection[Scope], at: datetime | None = None) -> int:
    """Makes the lists of windows anew unless nothing was counted since the last time; how many lines changed."""
    now = at or timezone.now()
    state = state_of_counts(now)
    return sum(_renew(window, scopes, state, now) for window in windows)


def _renew(window: str, scopes: Collection[Scope], state: str, at: datetime) -> int:
    name = f"lists of {window}: {', '.join(scopes)}"
    if Duty.objects.is_done(name, basis=state):
        return 0
    changed = make_lists(window, scopes=scopes, at=at)
    Duty.objects.mark_done(name, basis=state)
    return changed


def state_of_counts(at: datetime) -> str:
    """Another one after each read, import and recount. And each hour: what was read long ago leaves the lists, and
    stories change without being read."""
    sums = ReadTotal.objects.aggregate(stories=Count("pk"), reads=Sum("reads"), trend=Sum("trend"))
    return f"{hour_of(at):%Y-%m-%dT%H}: {sums['stories']} {sums['reads']} {sums['trend']!r}"

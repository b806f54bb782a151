"""When pages change by themselves."""

import math
from datetime import datetime, time, timedelta

from django.utils import timezone


def lifetime_of(tags: frozenset[str], *, now: datetime) -> tuple[float, float]:
    """When a page with these tags is outdated and when it ends, in seconds since 1970; infinite for never."""
    midnight = datetime.combine(timezone.localdate(now) + timedelta(days=1), time.min)
    return timezone.make_aware(midnight).timestamp(), math.inf

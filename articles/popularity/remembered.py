"""Sums of what is over, kept in the cache: counted again where they are gone, or where the cache is away."""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.cache import cache
from django.utils import timezone

logger = logging.getLogger(__name__)

KEPT_FOR: Final = timedelta(days=2)
# Part of every name: with another one, all that was kept is forgotten.
EDITION: Final = "read-sums:edition"


def recall(names: Iterable[str]) -> dict[str, Any]:
    """What is known of these, by name; as plain as JSON has it."""
    try:
        prefix = _prefix()
        keys = {prefix + name: name for name in names}
        return {keys[key]: value for key, value in cache.get_many(keys).items()}
    except Exception:
        logger.warning("The cache is away: all sums of reads are counted.", exc_info=True)
        return {}


def remember(values: Mapping[str, Any]) -> None:
    if not values:
        return
    try:
        prefix = _prefix()
        cache.set_many({prefix + name: value for name, value in values.items()}, KEPT_FOR.total_seconds())
    except Exception:
        logger.warning("The cache is away: sums of reads are not remembered.", exc_info=True)


def forget_read_sums() -> None:
    """For whoever changes the counts of days that are over, as an import of counts does."""
    try:
        cache.set(EDITION, timezone.now().isoformat(), None)
    except Exception:
        logger.warning("The cache is away: sums of reads may be two days old.", exc_info=True)


def _prefix() -> str:
    return f"read-sums:{cache.get(EDITION, '')}:{timezone.get_default_timezone_name()}:"

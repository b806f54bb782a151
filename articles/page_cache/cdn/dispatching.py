"""The threads that tell the caches in front of the site what has changed: one each, so that none waits for another."""

import logging
import random
import threading
from typing import Final

from django.db import close_old_connections, connections

from articles.page_cache.cdn.base import Target
from articles.page_cache.cdn.delivering import deliver_purges
from articles.page_cache.cdn.targets import targets

logger = logging.getLogger(__name__)

# Between two looks into the log: what comes within it is told together.
SECONDS: Final = 0.5


def start_dispatchers(stop: threading.Event | None = None) -> list[threading.Thread]:
    """None where no cache is configured. Several processes may have them: one of all tells a cache at a time.

    They end when they are told to, or with their process: what they were about to tell is told by another one.
    """
    stop = stop or threading.Event()
    threads = [
        threading.Thread(target=_tell_until, args=(target, stop), name=f"purges: {target.name}", daemon=True)
        for target in targets()
    ]
    for thread in threads:
        thread.start()
    return threads


def deliver_everywhere() -> int:
    """Once, to every cache that is configured; how many tags were told."""
    return sum(deliver_purges(target) for target in targets())


def _tell_until(target: Target, stop: threading.Event) -> None:
    # Processes that start together look one after the other.
    stop.wait(random.random() * SECONDS)  # noqa: S311 - no secret
    is_well = True
    try:
        while not stop.wait(SECONDS):
            is_well = _tell_and_survive(target, was_well=is_well)
    finally:
        connections.close_all()


def _tell_and_survive(target: Target, *, was_well: bool) -> bool:
    """One look that nothing stops: a database that is away comes back, and is complained of once."""
    try:
        close_old_connections()
        deliver_purges(target)
    except Exception:
        if was_well:
            logger.exception("%s cannot be told what has changed.", target.name)
        connections.close_all()
        return False
    return True

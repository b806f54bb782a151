"""Following the purge log: what one process changes for readers, every process drops within a second."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connections

from articles.page_cache.purge_log import PurgeLog
from articles.page_cache.schedule import SCHEDULE
from articles.page_cache.tags import EVERYTHING, GONE
from articles.page_cache.wrapper import PageCache

logger = logging.getLogger(__name__)

SECONDS_BETWEEN: Final = 1.0
# A reading counts for so long: when the log stays out of reach, all that is kept is marked as stale from then on.
SECONDS_OF_TRUST: Final = 5.0


class Follower:
    """Reads the log for one cache, and vouches for what is kept for as long as it can read it."""

    def __init__(self, cache: PageCache, log: PurgeLog, *, clock: Callable[[], float] = time.time) -> None:
        self._cache = cache
        self._log = log
        self._clock = clock
        self._stop = threading.Event()
        self._is_cut_off = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follows in a thread that ends with its process at the latest."""
        SCHEDULE.is_followed = True
        self._thread = threading.Thread(target=self._run, name="purges", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        SCHEDULE.is_followed = False
        SCHEDULE.forget()
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """Purges what the log has named since the last look. Raises whatever the database raises."""
        # From before the question: what is recorded during it is found by the next one.
        asked_at = self._clock()
        tags = self._log.read()
        if tags:
            SCHEDULE.forget()
        if EVERYTHING in tags:
            self._cache.purge_all()
        elif tags:
            # Only what is gone may not even stand in while the database is away.
            self._cache.outdate(tag for tag in tags if not tag.startswith(GONE))
            self._cache.purge(tag.removeprefix(GONE) for tag in tags if tag.startswith(GONE))
        self._cache.vouch(asked_at + SECONDS_OF_TRUST)

    def look_and_survive(self) -> None:
        """A database that is away comes back; until then nobody vouches for what is kept."""
        try:
            close_old_connections()
            self.look()
        except Exception:
            if not self._is_cut_off:
                logger.exception("The purge log cannot be read. Pages are served as they were, marked as stale.")
            self._is_cut_off = True
            connections.close_all()
        else:
            if self._is_cut_off:
                logger.warning("The purge log can be read again.")
            self._is_cut_off = False

    def _run(self) -> None:
        while True:
            self.look_and_survive()
            if self._stop.wait(SECONDS_BETWEEN):
                connections.close_all()
                return


def follow_purges(cache: PageCache) -> Follower:
    """Begins to follow, for a cache that is still empty."""
    cache.vouch(0)
    follower = Follower(cache, PurgeLog(using=getattr(settings, "READER_DATABASE", "default")))
    follower.start()
    return follower

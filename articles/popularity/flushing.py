"""Writing what was counted: every few seconds by a thread of each process, and once more when the process ends."""

import logging
import os
import threading
from multiprocessing.util import Finalize
from typing import Final

from django.db import IntegrityError, close_old_connections, connection

from articles.conf import read_flush_seconds
from articles.popularity.buffer import Buffer
from articles.popularity.storing import store_tally

logger = logging.getLogger(__name__)

BUFFER: Final = Buffer()


def flush_reads() -> int:
    """Stores what this process has counted since the last time; gives the number of reads that were stored.

    Where that fails, everything is back in the buffer and the error goes on to whoever called.
    """
    # One at a time: the last one, when the process ends, waits for one that is under way.
    with FLUSHER.flushing:
        tally = BUFFER.take()
        if not tally:
            return 0
        try:
            try:
                return store_tally(tally)
            except IntegrityError:
                # A story was deleted between the question and the answer: asked again, it is unknown.
                return store_tally(tally)
        except BaseException:
            BUFFER.put_back(tally)
            raise


class Flusher:
    """The thread; one in each process that counts anything, however the process came about."""

    def __init__(self) -> None:
        self._start_afresh()
        # No thread lives on in a child, and a lock may have been held.
        os.register_at_fork(after_in_child=self._start_afresh)

    def _start_afresh(self) -> None:
        self.flushing = threading.Lock()
        self._starting = threading.Lock()
        self._stop = threading.Event()

    def start(self, seconds: float) -> None:
        # Whoever gets the lock starts the thread, and nobody gives it back.
        if not self._starting.acquire(blocking=False):
            return
        threading.Thread(target=self._run, args=(seconds, self._stop), name="reads", daemon=True).start()
        # Runs where atexit does, and also in processes that multiprocessing forked, as servers' workers are.
        Finalize(None, self.finish, exitpriority=100)

    def finish(self) -> None:
        self._stop.set()
        flush_and_survive()

    def _run(self, seconds: float, stop: threading.Event) -> None:
        while not stop.wait(seconds):
            if flush_and_survive() == 0:
                # Nobody reads just now: the connection is for others.
                connection.close()


def flush_and_survive() -> int | None:
    """What cannot be stored now is kept for the next time; None where that happened."""
    try:
        close_old_connections()
        return flush_reads()
    except Exception:
        logger.exception("Reads could not be stored. They are kept, and tried again.")
        connection.close()
        return None


FLUSHER: Final = Flusher()


def start_flusher() -> None:
    """Begins with the first beacon of a process; not at all where the setting says so."""
    seconds = read_flush_seconds()
    if seconds:
        FLUSHER.start(seconds)

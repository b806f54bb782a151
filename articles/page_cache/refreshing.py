"""One thread that makes pages anew while readers get what there was."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

logger = logging.getLogger(__name__)

# Beyond this many pages in wait, the rest is made when the next reader comes.
LONGEST_QUEUE: Final = 1_000

Task = Callable[[], None]


class Refresher:
    """Does tasks one after the other. Its thread starts with the first, so that a server may fork before."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def submit(self, task: Task) -> bool:
        """Whether there was room for the task."""
        with self._lock:
            if self._tasks.qsize() >= LONGEST_QUEUE:
                return False
            if self._thread is None:
                self._thread = Thread(target=self._work, name="page-cache", daemon=True)
                self._thread.start()
        self._tasks.put(task)
        return True

    def stop(self) -> None:
        """Waits until all tasks are done, and ends the thread; the next task starts another one."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._tasks.put(None)
            thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:
                logger.exception("A page could not be made anew.")

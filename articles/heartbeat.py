"""The heartbeat: what happens by itself when its time has come. Each effect can be run at any time, by anybody, twice."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import close_old_connections, connection

from articles.conf import heartbeat_seconds
from articles.editorial.working_copies import publish_due_updates

logger = logging.getLogger(__name__)

# What is done, as a sentence that begins with a number → the verb that does it.
EFFECTS: Final[dict[str, Callable[[], int]]] = {"scheduled updates published": publish_due_updates}


def beat() -> dict[str, int]:
    """Runs every effect once; how much each did. Raises what an effect raises."""
    return {name: effect() for name, effect in EFFECTS.items()}


def start_heartbeat(stop: threading.Event | None = None) -> threading.Thread | None:
    """Beats until it is told to stop, in a thread that ends with its process at the latest; none where the setting says so.

    Several processes may do so at once: each effect takes its rows under a lock and looks again.
    """
    seconds = heartbeat_seconds()
    if not seconds:
        return None
    thread = threading.Thread(
        target=_beat_until, args=(seconds, stop or threading.Event()), name="heartbeat", daemon=True
    )
    thread.start()
    return thread


def _beat_until(seconds: float, stop: threading.Event) -> None:
    while not stop.wait(seconds):
        beat_and_survive()


def beat_and_survive() -> None:
    """One beat that nothing stops: a database that is away comes back."""
    try:
        close_old_connections()
        beat()
    except Exception:
        logger.exception("The heartbeat missed a beat.")
        connection.close()

"""The heartbeat: what happens by itself when its time has come. Each effect can be run at any time, by anybody, twice."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import OperationalError, close_old_connections, connection

from articles.conf import heartbeat_seconds
from articles.editorial.working_copies import publish_due_updates
from articles.models import Duty, Window
from articles.page_cache.cdn.dispatching import start_dispatchers
from articles.page_cache.purge_log import prune_purges
from articles.popularity.recounting import renew_trends
from articles.popularity.renewing import LARGE, SMALL, renew_lists
from articles.popularity.roll_up import roll_up_reads

logger = logging.getLogger(__name__)

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Effect:
    """A verb that says how much it did; with ``every``, one process of all does it that often, else each at each beat."""

    verb: Callable[[], int]
    every: timedelta | None = None


# What is done, as a sentence that begins with a number → how.
EFFECTS: Final[dict[str, Effect]] = {
    "scheduled updates published": Effect(publish_due_updates),
    # The shorter a window, the sooner a list of it is out of date.
    "lines changed in what trends and in lists of the day": Effect(
        partial(renew_lists, Window.TRENDING, Window.DAY, scopes=LARGE), every=MINUTE
    ),
    "lines changed in lists of the week": Effect(partial(renew_lists, Window.WEEK, scopes=LARGE), every=5 * MINUTE),
    "lines changed in lists of the month": Effect(partial(renew_lists, Window.MONTH, scopes=LARGE), every=15 * MINUTE),
    "lines changed in lists of the year": Effect(partial(renew_lists, Window.YEAR, scopes=LARGE), every=60 * MINUTE),
    "lines changed in lists of all time": Effect(
        partial(renew_lists, Window.ALL_TIME, scopes=LARGE), every=10 * MINUTE
    ),
    "lines changed in new lists of tags and authors": Effect(
        partial(renew_lists, Window.TRENDING, Window.DAY, scopes=SMALL), every=15 * MINUTE
    ),
    "lines changed in a week’s lists of tags and authors": Effect(
        partial(renew_lists, Window.WEEK, scopes=SMALL), every=30 * MINUTE
    ),
    # Days pass before they differ.
    "lines changed in long lists of tags and authors": Effect(
        partial(renew_lists, Window.MONTH, Window.YEAR, Window.ALL_TIME, scopes=SMALL), every=180 * MINUTE
    ),
    "stories whose trend was computed anew": Effect(renew_trends, every=5 * MINUTE),
    "rows of old counts rolled up": Effect(roll_up_reads, every=60 * MINUTE),
    "old lines of the purge log forgotten": Effect(prune_purges, every=60 * MINUTE),
}


def beat() -> dict[str, int]:
    """Runs what is due; how much each did. What fails is raised, together, when all others have had their turn.

    Where the database is away, OperationalError is raised at once: the others would find the same.
    """
    done: dict[str, int] = {}
    failures: list[Exception] = []
    for name, effect in EFFECTS.items():
        try:
            if effect.every is None or Duty.objects.take(name, every=effect.every):
                done[name] = effect.verb()
        except Exception as failure:
            if isinstance(failure, OperationalError) and not connection.is_usable():
                raise
            failures.append(failure)
    if failures:
        raise ExceptionGroup("Parts of the heartbeat failed.", failures)
    return done


def start_heartbeat(stop: threading.Event | None = None) -> threading.Thread | None:
    """Beats until it is told to stop, in a thread that ends with its process at the latest; none where the setting says so.

    Several processes may do so at once: each effect takes its rows under a lock and looks again. Caches in front of the
    site are told of changes by threads of their own, which wait for other machines.
    """
    seconds = heartbeat_seconds()
    if not seconds:
        return None
    stop = stop or threading.Event()
    thread = threading.Thread(target=_beat_until, args=(seconds, stop), name="heartbeat", daemon=True)
    thread.start()
    start_dispatchers(stop)
    return thread


def _beat_until(seconds: float, stop: threading.Event) -> None:
    while not stop.wait(seconds):
        beat_and_survive()


def beat_and_survive() -> None:
    """One beat that nothing stops: a database that is away comes back."""
    try:
        close_old_connections()
        beat()
    except OperationalError as failure:
        # In a line, for it is said at each beat.
        logger.error("The heartbeat missed a beat: %s", str(failure).strip().partition("\n")[0])  # noqa: TRY400
        connection.close()
    except Exception:
        logger.exception("The heartbeat missed a beat.")
        connection.close()

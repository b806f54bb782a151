"""What happens by itself when its time has come, run from outside the web server."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.conf import cdns, heartbeat_seconds
from articles.heartbeat import beat, beat_and_survive
from articles.page_cache.cdn.dispatching import deliver_everywhere, start_dispatchers


class Command(BaseCommand):
    help = "Publish what was scheduled. Needed only where the web server’s own heartbeat is switched off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="beat once and end, as for cron")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            done = beat()
            if cdns():
                done["tags purged at CDNs"] = deliver_everywhere()
            self.stdout.write("; ".join(f"{number} {name}" for name, number in done.items()) + ".")
            return
        seconds = heartbeat_seconds() or 5
        stop = threading.Event()
        # As the first process of a container it would hear nothing of a signal that it does not handle.
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        self.stdout.write(f"A beat every {seconds:g} seconds. Ctrl-C stops it.")
        self.stdout.flush()
        start_dispatchers(stop)
        while not stop.is_set():
            beat_and_survive()
            stop.wait(seconds)

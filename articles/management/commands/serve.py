"""Opens the newsroom: prepares what is missing, says where it is, and becomes the web server."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import locks
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.urls import reverse

# Connections that the kernel holds until a worker takes them; it may be set to hold fewer.
BACKLOG = 2048
# A worker that is told to stop while it starts may never hear it; without a limit the server would wait for ever.
SECONDS_TO_STOP = 10


class Command(BaseCommand):
    help = "Prepare the database, the static files and a first account, then serve the site with granian."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=port_number, default=8000, help="the port to listen on")
        parser.add_argument(
            "--prepared", action="store_true", help="prepare nothing: another job has, as where many servers start"
        )

    def handle(self, *args: Any, host: str, port: int, prepared: bool, **options: Any) -> None:
        require_free(host, port)
        if not prepared:
            with alone():
                call_command("migrate", verbosity=0, interactive=False)
                call_command("collectstatic", verbosity=0, interactive=False)
                call_command("open_newsroom")
        self.stdout.write(f"Newsroom   {settings.SITE_URL}/")
        self.stdout.write(f"Admin      {settings.SITE_URL}{reverse('admin:index')}")
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()
        become(server_command(host, port))


@contextmanager
def alone() -> Iterator[None]:
    """Two that start at once on the same data prepare it one after the other."""
    with (Path(settings.DATA_DIR) / "serve.lock").open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)


def port_number(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def require_free(host: str, port: int) -> None:
    """Says at once, and not after all preparation, that the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(f"Cannot listen on {host}:{port}: {reason}. Another one: make run PORT=8001") from error


def server_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "newsroom.wsgi:application"),
        *("--host", host, "--port", str(port), "--log-level", "warning"),
        # Browsers speak HTTP/2 over TLS only, which ends at a proxy: without it there is less to do, and to attack.
        *("--http", "1", "--no-ws"),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        # Granian counts connections, idle ones too, and takes no more than these: browsers keep theirs between pages.
        *("--backpressure", str(settings.WEB_CONNECTIONS), "--backlog", str(BACKLOG)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(SECONDS_TO_STOP)),
    ]


def become(command: list[str]) -> None:
    """Replaces this process, so that signals and the process number are the server's own."""
    os.execv(command[0], command)  # noqa: S606 - no shell, and nothing in it comes from outside

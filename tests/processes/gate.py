"""A gate between a site and its database: while it is shut, the database is away."""

import socket
import threading
from contextlib import suppress


class Gate:
    """Hands on what comes to a port of its own to another one, and back, until it is shut; may be opened again."""

    def __init__(self, host, port):
        self._behind = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._is_open = threading.Event()
        self._is_open.set()
        self._lock = threading.Lock()
        self._passing = set()
        threading.Thread(target=self._welcome, daemon=True).start()

    def shut(self):
        """Ends what is passing, and lets nobody in."""
        self._is_open.clear()
        with self._lock:
            passing, self._passing = self._passing, set()
        for each in passing:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def open(self):
        self._is_open.set()

    def close(self):
        self.shut()
        self._door.close()

    def _welcome(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._is_open.is_set():
                near.close()
                continue
            threading.Thread(target=self._let_through, args=[near], daemon=True).start()

    def _let_through(self, near):
        with near, socket.create_connection(self._behind) as far:
            with self._lock:
                self._passing |= {near, far}
            back = threading.Thread(target=hand_on, args=(far, near))
            back.start()
            hand_on(near, far)
            back.join()
            with self._lock:
                self._passing -= {near, far}


def hand_on(source, target):
    """What one says, until either hangs up; then both do."""
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)

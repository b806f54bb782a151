"""What tests do with processes that they have started."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPResponse
from subprocess import Popen

PATIENCE = 30


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def end(process: Popen[str]) -> None:
    """With its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def is_up(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, method: str, address: str, body: str = "", **fields: str) -> tuple[int, str]:
    """Status and text of an answer."""
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as server:
        server.request(method, address, body, headers)
        response = server.getresponse()
        return response.status, response.read().decode()


def head(port: int, address: str) -> HTTPResponse:
    """An answer without its text: status and header fields."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as server:
        server.request("HEAD", address)
        response = server.getresponse()
        response.read()
        return response

"""Asking a server for a page as often as it answers: by wrk where it is installed, otherwise by threads of this process."""

import http.client
import re
import shutil
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

ACCEPTED = "gzip, deflate, br, zstd"
PATIENCE = 10
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass
class Load:
    """Requests a second, milliseconds, and how many requests had no good answer."""

    rate: float
    median: float
    p99: float
    errors: int
    requests: int


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def tool() -> str:
    if not has_wrk():
        return "threads of Python, for lack of wrk: a client that is slower than the server it asks"
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout  # noqa: S607 - as ask() does
    return " ".join(said.split()[:2])


def ask(
    address: str,
    *,
    clients: int = 64,
    seconds: float = 3,
    fields: Mapping[str, str] | None = None,
    rate: float | None = None,
) -> Load:
    """``rate``: requests a second of all clients together, at most."""
    sent = {"Accept-Encoding": ACCEPTED, **(fields or {})}
    if not has_wrk():
        return ask_by_threads(address, clients=clients, seconds=seconds, fields=sent, rate=rate)
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", f"{PATIENCE}s", "--latency"]
    for name, value in sent.items():
        command += ["-H", f"{name}: {value}"]
    with pacing(clients, rate) as script:
        said = subprocess.run([*command, *script, address], capture_output=True, text=True, check=False)  # noqa: S603
    if said.returncode:
        raise SystemExit(f"wrk did not reach {address}: {said.stdout or said.stderr}")
    return load_of(said.stdout)


@contextmanager
def pacing(clients: int, rate: float | None) -> Iterator[list[str]]:
    """For wrk: each connection waits between its requests for as long as the rate asks."""
    if rate is None:
        yield []
        return
    with NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"function delay() return {round(clients / rate * 1000)} end\n")
        script.flush()
        yield ["-s", script.name]


def load_of(said: str) -> Load:
    # "Socket errors: connect 0, read 0, write 0, timeout 0" and "Non-2xx or 3xx responses: 5", where there are any.
    troubles = [line for line in said.splitlines() if "errors:" in line or "Non-2xx" in line]
    errors = sum(int(number) for line in troubles for number in re.findall(r"\b\d+\b", line.partition(":")[2]))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    requests = re.search(r"(\d+) requests in", said)
    latency = dict(re.findall(r"^ +(50|99)% +(\S+)", said, re.MULTILINE))
    median, p99 = (milliseconds(latency.get(percent, "0ms")) for percent in ("50", "99"))
    return Load(float(rate[1]) if rate else 0, median, p99, errors, int(requests[1]) if requests else 0)


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def ask_by_threads(
    address: str,
    *,
    clients: int,
    seconds: float,
    fields: Mapping[str, str] | None = None,
    rate: float | None = None,
    method: str = "GET",
) -> Load:
    """Slower than wrk; but it also sends HEAD, after which wrk waits for content."""
    walls: list[float] = []
    failed: list[int] = []
    until = time.monotonic() + seconds
    pause = clients / rate if rate else 0

    def ask_again_and_again() -> None:
        connection = connection_to(address)
        while time.monotonic() < until:
            started = time.perf_counter()
            try:
                connection.request(method, path_of(address), headers=dict(fields or {}))
                answer = connection.getresponse()
                answer.read()
                if answer.status >= 400:
                    failed.append(answer.status)
            except (OSError, http.client.HTTPException):
                failed.append(0)
                connection.close()
            wall = time.perf_counter() - started
            walls.append(wall * 1000)
            time.sleep(max(0, pause - wall)) if pause else None
        connection.close()

    threads = [threading.Thread(target=ask_again_and_again) for _ in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.monotonic() - started
    ordered = sorted(walls) or [0.0]
    p99 = ordered[int(len(ordered) * 0.99)]
    return Load(len(walls) / elapsed, statistics.median(ordered), p99, len(failed), len(walls))


def connection_to(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.netloc, timeout=PATIENCE, context=ssl.create_default_context())
    return http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def answer_of(address: str, fields: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """One answer: status, fields in lower case, content as it came."""
    connection = connection_to(address)
    try:
        connection.request("GET", path_of(address), headers=dict(fields or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()

"""Servers to be measured: started on a free port, ended afterwards, and what they spent meanwhile."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Long, as a new site brings its database and its stories in first, and the machine may have other work.
SECONDS_TO_START = 600


@dataclass
class Server:
    """``address`` ends without a slash."""

    address: str
    process: subprocess.Popen

    def processor_seconds(self) -> float | None:
        """Of all its processes so far; None where the system does not say."""
        spent = [seconds for pid in family(self.process.pid) if (seconds := processor_seconds(pid)) is not None]
        return sum(spent) if spent else None

    def memory(self) -> list[float]:
        """Megabytes of each worker: its own, and its part of what it shares with others."""
        return [size for pid in family(self.process.pid)[1:] if (size := proportional_memory(pid))]


@contextmanager
def granian(application: str, *, environment: Mapping[str, str], workers: int = 2) -> Iterator[Server]:
    """An application served as `manage.py serve` serves the site."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", application, "--port", str(port), "--no-ws"]
    command += ["--http", "1", "--workers", str(workers), "--blocking-threads", "4", "--backpressure", "1024"]
    command += ["--log-level", "error", "--backlog", "2048"]
    with running(command, port, {**environment, "SERVED_AT": f"http://127.0.0.1:{port}"}) as server:
        yield server


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            if not answers(server):
                log.seek(0)
                raise SystemExit(f"The server did not start: {log.read()[-2000:]}")
            yield server
        finally:
            process.terminate()
            process.wait()


def answers(server: Server) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.process.poll() is None:
        try:
            urllib.request.urlopen(server.address).close()  # noqa: S310 - our own server
        except urllib.error.HTTPError as answer:
            answer.close()
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# nginx ----------------------------------------------------------------------------------------------------------------

NGINX = """
daemon off;
worker_processes {workers};
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 4096; }}
http {{
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  access_log {log};
  {more}
  proxy_cache_path {folder}/pages levels=1:2 keys_zone=pages:10m max_size=64m use_temp_path=off;
  upstream application {{ server {upstream}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{
      proxy_pass http://application;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host {upstream};
      proxy_hide_header Cache-Status;
      proxy_cache pages;
      proxy_cache_lock on;
      proxy_cache_use_stale updating error timeout;
      add_header Cache-Status "nginx; $upstream_cache_status";
    }}
  }}
}}
"""


def has_nginx() -> bool:
    return nginx_path() is not None


def nginx_path() -> str | None:
    # Debian keeps it where only the administrator looks.
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


@contextmanager
def nginx(upstream: Server, *, is_tuned: bool, workers: int = 2) -> Iterator[Server]:
    """A cache in front of another server, in memory; as distributions set it, or without a log and with open files kept."""
    port = free_port()
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="nginx-") as folder:
        text = NGINX.format(
            folder=folder,
            port=port,
            workers=workers,
            user="user root;" if os.geteuid() == 0 else "",
            upstream=upstream.address.removeprefix("http://"),
            log="off" if is_tuned else f"{folder}/access.log",
            more="open_file_cache max=1000 inactive=60s;" if is_tuned else "",
        )
        configuration = Path(folder, "nginx.conf")
        configuration.write_text(text, encoding="utf-8")
        with running([nginx_path() or "nginx", "-c", str(configuration)], port, {}) as server:
            yield server


# What processes spend -------------------------------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """A process and all that come from it, itself first."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [each for child in text_of(task).split() for each in family(int(child))]
    return found


def processor_seconds(pid: int) -> float | None:
    values = text_of(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK") if values else None


def proportional_memory(pid: int) -> float:
    lines = text_of(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""

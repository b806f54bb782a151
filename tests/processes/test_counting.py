"""Reads are exact among processes, and a process that ends leaves none uncounted: in real ones, on the real database."""

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException

import pytest

from articles.management.commands.serve import server_command
from articles.models import ReadCount, ReadTotal, RefusedReads
from tests.factories import make_article
from tests.popularity.samples import address_of
from tests.popularity.test_crawlers import CHROME
from tests.ports import free_port
from tests.processes.servers import PATIENCE, end, is_up, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("counting")]

CLIENTS = 4


@pytest.fixture
def start_readers(start):
    def start_process(story, first, number, *, seconds):
        module = ("-m", "tests.popularity.readers_at_once")
        return start(sys.executable, *module, str(story.uid), str(first), str(number), str(seconds))

    return start_process


def stored_reads() -> int:
    """Once nobody counts any more, so that both tables are of one moment."""
    total = ReadTotal.objects.first()
    assert sum(row.direct for row in ReadCount.objects.all()) == (total.reads if total else 0)
    return total.reads if total else 0


def test_four_processes_count_one_story_exactly(start_readers):
    story = make_article()
    processes = [start_readers(story, 10_000 * number, 1500, seconds=0.05) for number in range(4)]
    counted = [process.communicate(timeout=PATIENCE)[0] for process in processes]
    assert counted == ["1500\n"] * 4
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert stored_reads() == 6000
    assert RefusedReads.objects.get().number == 6000


def test_killed_process_loses_what_came_since_the_last_flush_and_no_more(start_readers):
    process = start_readers(make_article(), 0, 100, seconds=0.5)
    assert process.stdout.readline() == "100\n"
    wait_for(ReadTotal.objects.filter(reads=100).exists)
    process.stdin.write("70\n")
    process.stdin.flush()
    assert process.stdout.readline() == "70\n"
    process.kill()
    process.wait()
    assert stored_reads() in {100, 170}


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_server_that_is_stopped_under_load_loses_no_read(start, sign):
    story = make_article()
    port = free_port()
    server = start(*server_command("127.0.0.1", port), WEB_WORKERS="2", TRUSTED_PROXIES="127.0.0.1")
    wait_for(lambda: is_up(port))
    # Whatever fails, the server goes first, and the readers then have an end.
    with ThreadPoolExecutor(CLIENTS) as clients, server_that_ends(server):
        readers = [clients.submit(read_until_the_end, port, story, 100_000 * client) for client in range(CLIENTS)]
        # Stopped in the midst of it: some reads are stored, some are not yet.
        wait_for(ReadTotal.objects.exists)
        server.send_signal(sign)
        accepted, unanswered = map(sum, zip(*(reader.result() for reader in readers), strict=True))
    server.wait(timeout=PATIENCE)
    # Of what was under way when the server closed, nobody knows whether it was counted.
    assert accepted <= stored_reads() <= accepted + unanswered
    assert accepted > 100


@contextmanager
def server_that_ends(server):
    try:
        yield
    except BaseException:
        end(server)
        raise


def read_until_the_end(port: int, story, first: int) -> tuple[int, int]:
    """How many reads the server has accepted until it closed, and how many it left without an answer."""
    body = f"article={story.uid}&from=direct"
    headers = {
        "User-Agent": CHROME,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as server:
        for number in range(50_000):
            try:
                server.request("POST", "/reads/", body, headers | {"X-Forwarded-For": address_of(first + number)})
                response = server.getresponse()
                response.read()
            except (OSError, HTTPException):
                return number, 1
            assert response.status == 204
    raise AssertionError("The server did not stop.")

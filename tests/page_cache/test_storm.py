"""Everything was purged, and everybody asks at once."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.page_cache.site import FRESH, TEXT, Reader, page

CLIENTS, PAGES, PAGES_OF_CLIENT = 500, 200, 20
A_WHILE = 60  # seconds, after which a test that waits for a thread gives up
PATHS = [f"/page/{number}/" for number in range(PAGES)]


@pytest.fixture(autouse=True)
def hasty_threads():
    """They take turns far more often than they would by themselves."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def test_after_a_purge_of_everything_each_page_is_made_once_for_five_hundred_clients():
    reader = Reader({path: page(FRESH) for path in PATHS}, patience=A_WHILE)
    for path in PATHS:
        reader.get(path)
    assert reader.cache.purge_all() == PAGES
    reader.site.asked.clear()
    start = Barrier(CLIENTS, timeout=A_WHILE)

    def ask(number):
        chosen = random.Random(number)
        # Between all of them, every page is asked for.
        paths = [PATHS[number % PAGES], *chosen.sample(PATHS, PAGES_OF_CLIENT - 1)]
        start.wait()
        return [reader.get(path) for path in paths]

    with ThreadPoolExecutor(CLIENTS) as clients:
        replies = [reply for told in clients.map(ask, range(CLIENTS)) for reply in told]
    assert reader.site.renderings == dict.fromkeys(PATHS, 1)
    assert {(reply.status, reply.body) for reply in replies} == {(200, TEXT)}
    assert len(replies) == CLIENTS * PAGES_OF_CLIENT

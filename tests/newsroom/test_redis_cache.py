"""A cache that machines share: against a Redis of the test's own, and against none."""

import os
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as TimedOut

from newsroom.redis_cache import RedisCache
from tests.ports import free_port

PATIENCE = 10


@pytest.fixture(scope="module")
def server():
    program = shutil.which("redis-server")
    if not program:
        assert os.environ.get("CI") != "true", "no redis-server on PATH"
        pytest.skip("no redis-server on PATH")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_answers(port)
        yield f"redis://127.0.0.1:{port}/3"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    with Redis(port=port) as client:
        while True:
            try:
                client.ping()
            except Unreachable:
                assert time.monotonic() < deadline, "Redis did not start"
                time.sleep(0.02)
            else:
                return


@pytest.fixture
def cache(server):
    cache = open_again(server)
    cache.clear()
    yield cache
    disconnect(cache)


def open_again(url):
    return RedisCache(url, {"KEY_PREFIX": "newsroom"})


def disconnect(cache):
    cache._cache.get_client().connection_pool.disconnect()


@pytest.mark.parametrize(
    "value", [0, 7, -1, 2**63 - 1, 2**70, 1.5, True, None, "", "12", "ß\0", [1, [2]], {"a": {"b": 1}}]
)
def test_value_comes_back_as_it_was(cache, server, value):
    cache.set("key", value)
    other = open_again(server)
    found = other.get("key", "missing")
    disconnect(other)
    assert (type(found), found) == (type(value), value)
    assert cache.has_key("key")
    assert cache.get_many(["key"]) == {"key": value}


def test_value_that_is_no_json_is_refused(cache):
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_what_stands_there_is_never_run(cache, server):
    pickled = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R."
    with Redis.from_url(server) as client:
        client.set(cache.make_key("key"), pickled)
    with pytest.raises(ValueError, match="decode"):
        cache.get("key")


def test_number_that_is_not_there_is_not_made(cache):
    with pytest.raises(ValueError, match="key"):
        cache.incr("key")
    assert not cache.has_key("key")


def test_number_keeps_its_end_when_it_grows(cache, server):
    cache.set("key", 1, timeout=60)
    assert cache.incr("key", 4) == 5
    with Redis.from_url(server) as client:
        assert 0 < client.ttl(cache.make_key("key")) <= 60


def test_of_many_who_add_at_once_one_does(cache):
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda number: cache.add("key", number), range(40))) == 1


def test_many_count_together(cache):
    cache.set("key", 0)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: cache.incr("key"), range(200)))
    assert cache.get("key") == 200


def test_password_with_a_comma_is_one_address():
    assert open_again("redis://:one,two@127.0.0.1:1/0")._servers == ["redis://:one,two@127.0.0.1:1/0"]


def test_server_that_is_away_is_an_error_and_no_wait():
    cache = open_again(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(Unreachable):
        cache.get("key")


def test_server_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = RedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.1}})
        with pytest.raises(TimedOut):
            cache.get("key")
        disconnect(cache)

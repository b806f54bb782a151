"""A cache in a file: what Django asks of a cache, among threads and processes, and whatever becomes of the file."""

import gc
import multiprocessing
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from newsroom import shared_cache
from newsroom.shared_cache import SharedCache


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a cache.sqlite3"


@pytest.fixture
def cache(path):
    return SharedCache(str(path), {})


def open_again(path, **params):
    return SharedCache(str(path), params)


@pytest.mark.parametrize("value", [0, 7, -1, 2**63 - 1, 2**70, 1.5, True, None, "", "ß\0", [1, [2]], {"a": {"b": 1}}])
def test_value_comes_back_as_it_was(cache, path, value):
    cache.set("key", value)
    found = open_again(path).get("key", "missing")
    assert (type(found), found) == (type(value), value)
    assert cache.has_key("key")


def test_value_that_is_no_json_is_refused(cache):
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_missing_key_gives_the_default(cache):
    assert cache.get("key") is None
    assert cache.get("key", 3) == 3
    assert not cache.has_key("key")
    assert not cache.delete("key")
    assert not cache.touch("key")
    with pytest.raises(ValueError, match="key"):
        cache.incr("key")


def test_value_expires(cache):
    with time_machine.travel(0, tick=False) as clock:
        cache.set("key", 1, timeout=10)
        assert cache.add("key", 2, timeout=10) is False
        assert cache.get("key") == 1
        clock.shift(10)
        assert cache.get("key") is None
        with pytest.raises(ValueError, match="key"):
            cache.incr("key")
        assert cache.add("key", 2, timeout=10) is True
        cache.touch("key", timeout=100)
        clock.shift(99)
        assert cache.incr("key") == 3
        cache.set("for-ever", 1, timeout=None)
        cache.set("never", 1, timeout=0)
        clock.shift(10**9)
        assert cache.get("for-ever") == 1
        assert cache.get("never") is None


def test_number_counts_up_and_keeps_its_time(cache):
    with time_machine.travel(0, tick=False) as clock:
        cache.set("key", 1, timeout=10)
        assert cache.incr("key", 4) == 5
        assert cache.decr("key") == 4
        clock.shift(10)
        assert cache.get("key") is None


def test_words_do_not_count_up(cache):
    cache.set("key", "1")
    with pytest.raises(ValueError, match="key"):
        cache.incr("key")


def test_versions_prefixes_and_many(cache, path):
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.get("a", version=2) is None
    assert open_again(path, KEY_PREFIX="other").get("a") is None
    cache.delete_many(["a"])
    assert cache.get_or_set("a", 5) == 5
    cache.clear()
    assert cache.get_many(["a", "b"]) == {}


def test_one_of_many_threads_adds(cache):
    with ThreadPoolExecutor(8) as threads:
        for number in range(50):
            assert sum(threads.map(lambda _, key=f"key-{number}": cache.add(key, 1), range(8))) == 1


def count(path, times) -> None:
    cache = open_again(path)
    cache.add("number", 0)
    for _ in range(times):
        cache.incr("number")


def test_many_processes_count_exactly(path):
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=count, args=(str(path), 500)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert open_again(path).get("number") == 2000


def test_connections_that_come_and_go_take_nobodys_locks(path):
    cache = open_again(path)
    cache.add("number", 0)
    for _ in range(2):
        # As another thread's does, and then that of another process: it would clear up if it thought itself the last.
        open_again(path).incr("number")
        child = multiprocessing.get_context("spawn").Process(target=count, args=(str(path), 1))
        child.start()
        child.join()
        assert path.with_name(f"{path.name}-wal").exists()
        cache.incr("number")
    assert cache.get("number") == 6


def test_child_opens_a_connection_of_its_own(cache, path):
    cache.set("number", 0)

    def count_in_child() -> None:
        cache.incr("number")

    child = multiprocessing.get_context("fork").Process(target=count_in_child)
    child.start()
    child.join()
    assert child.exitcode == 0
    assert cache.incr("number") == 2


def test_file_is_for_its_owner_alone(cache, path):
    cache.set("key", 1)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}


def test_deleted_file_is_an_empty_cache(cache, path):
    cache.set("key", 1)
    path.unlink()
    assert cache.get("key") is None
    assert cache.add("key", 2)
    assert open_again(path).get("key") == 2


def test_damage_under_an_open_connection_ends_in_an_empty_cache(path):
    cache = open_again(path)
    for number in range(1000):
        cache.set(f"key-{number}", "x" * 100)
    cache._file.use(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    other = open_again(path)
    assert other.get("key-1") is None
    other.set("key", 1)
    assert cache.get("key") == 1


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0" + b"\xff" * 8000])
def test_damaged_file_is_put_aside_and_begun_anew(path, content):
    path.write_bytes(content)
    cache = open_again(path)
    assert cache.get("key") is None
    assert cache.add("key", 2)
    assert open_again(path).get("key") == 2
    assert path.with_name(f"{path.name}.damaged").read_bytes() == content


def test_folder_that_is_none_is_an_error():
    with pytest.raises(OSError, match="null"):
        open_again("/dev/null/cache").get("key")


def test_number_of_entries_is_bounded(path, monkeypatch):
    monkeypatch.setattr(shared_cache, "WRITES_BETWEEN_CULLS", 10)
    cache = open_again(path, OPTIONS={"MAX_ENTRIES": 30})
    cache.set("for-ever", 1, timeout=None)
    for number in range(100):
        cache.set(str(number), number, timeout=1000 + number)
    kept = [number for number in range(100) if cache.has_key(str(number))]
    assert len(kept) <= 40
    assert kept == list(range(100 - len(kept), 100))
    assert cache.has_key("for-ever")


def test_expired_entries_are_dropped(path, monkeypatch):
    monkeypatch.setattr(shared_cache, "WRITES_BETWEEN_CULLS", 10)
    cache = open_again(path)
    with time_machine.travel(0, tick=False) as clock:
        for number in range(5):
            cache.set(f"old-{number}", 1, timeout=10)
        clock.shift(11)
        for number in range(5):
            cache.set(f"new-{number}", 1, timeout=10)
    rows = cache._file.use(lambda connection: connection.execute("SELECT key FROM entries").fetchall())
    assert {key.split(":")[-1][:3] for (key,) in rows} == {"new"}


def test_writer_who_waits_too_long_gives_up(cache, path, monkeypatch):
    monkeypatch.setattr(shared_cache, "PATIENCE", 0.01)
    waiting = open_again(path)
    waiting.set("key", 1)

    def hold(connection):
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(shared_cache.sqlite3.OperationalError, match="locked"):
            waiting.set("key", 2)
        connection.execute("ROLLBACK")

    cache._file.use(hold)
    waiting.set("key", 3)
    assert cache.get("key") == 3


def test_connection_goes_with_its_thread(cache):
    with ThreadPoolExecutor(1) as thread:
        thread.submit(cache.set, "key", 1).result()
    del thread
    gc.collect()
    assert cache.get("key") == 1


def test_time_of_an_entry_is_the_clocks(cache):
    cache.set("key", 1, timeout=60)
    ((expires_at,),) = cache._file.use(lambda held: held.execute("SELECT expires_at FROM entries").fetchall())
    assert 50 < expires_at - time.time() <= 60

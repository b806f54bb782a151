from threading import Event, current_thread

from articles.page_cache import refreshing
from articles.page_cache.refreshing import Refresher
from tests.page_cache.site import TEXT, Reader, page

LENIENT = ("Cache-Control", "s-maxage=60, stale-while-revalidate=600")


def test_tasks_are_done_in_order_by_one_thread():
    refresher, done = Refresher(), []
    for number in range(5):
        refresher.submit(lambda number=number: done.append((number, current_thread().ident)))
    refresher.stop()
    assert [number for number, _ in done] == list(range(5))
    assert len({thread for _, thread in done}) == 1


def test_a_task_that_fails_does_not_end_the_others(caplog):
    refresher, done = Refresher(), []
    refresher.submit(lambda: 1 / 0)
    refresher.submit(lambda: done.append("next"))
    refresher.stop()
    assert done == ["next"]
    assert "ZeroDivisionError" in caplog.text


def test_work_goes_on_after_a_stop():
    refresher, done = Refresher(), []
    refresher.stop()
    for name in ("first", "second"):
        refresher.submit(lambda name=name: done.append(name))
        refresher.stop()
    assert done == ["first", "second"]


def test_the_queue_has_an_end(monkeypatch):
    monkeypatch.setattr(refreshing, "LONGEST_QUEUE", 2)
    refresher, begun, opened = Refresher(), Event(), Event()
    refresher.submit(lambda: begun.set() or opened.wait(60))
    assert begun.wait(60)
    assert [refresher.submit(lambda: None) for _ in range(3)] == [True, True, False]
    opened.set()
    refresher.stop()


def test_a_page_that_finds_no_room_in_the_queue_is_made_by_a_later_reader(monkeypatch):
    monkeypatch.setattr(refreshing, "LONGEST_QUEUE", 0)
    reader = Reader({"/": page(LENIENT)})
    reader.get("/")
    reader.clock.go_on(61)
    assert reader.get("/").body == TEXT
    assert reader.asked == 1
    monkeypatch.undo()
    assert reader.get("/").body == TEXT
    reader.cache.close()
    assert reader.asked == 2

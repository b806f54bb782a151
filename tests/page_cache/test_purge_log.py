"""The purge log: nothing that was recorded is missed, in whatever order transactions end."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import Purge
from articles.page_cache.purge_log import (
    KEPT_FOR,
    LARGEST_HOLE,
    SECONDS_OF_LONGEST_TRANSACTION,
    PurgeLog,
    prune_purges,
    record_purge,
)
from articles.page_cache.tags import EVERYTHING

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(db, clock):
    """A reader who has begun already."""
    log = PurgeLog(clock=clock)
    log.read()
    return log


def test_the_first_look_says_that_everything_has_changed(db):
    record_purge(["article:1"])
    log = PurgeLog()
    assert log.read() == {EVERYTHING}
    assert log.read() == frozenset()


def test_what_was_recorded_since_is_read_once(log):
    record_purge(["article:1", "list:front"])
    record_purge(["article:1", "article:2"])
    assert log.read() == {"article:1", "article:2", "list:front"}
    assert log.read() == frozenset()


def test_nothing_to_purge_leaves_no_row(db):
    record_purge([])
    assert not Purge.objects.exists()


def test_everything_stands_for_all_other_tags(db):
    record_purge(["article:1", EVERYTHING])
    assert Purge.objects.get().tags == [EVERYTHING]


def test_a_change_that_is_rolled_back_purges_nothing(log):
    with transaction.atomic():
        record_purge(["article:1"])
        transaction.set_rollback(True)
    assert log.read() == frozenset()


class Orders(TestCase):
    @given(st.permutations(range(1, 9)), st.sets(st.integers(0, 8)))
    def test_rows_are_read_once_in_whatever_order_they_appear(self, order, looks):
        """As on PostgreSQL, where a number is given before its transaction ends."""
        base = Purge.objects.create(tags=["before"]).pk
        log = PurgeLog()
        log.read()
        read = []
        for count, number in enumerate(order):
            if count in looks:
                read += log.read()
            Purge.objects.create(pk=base + number, tags=[f"article:{number}"])
        read += log.read()
        assert sorted(read) == sorted(f"article:{number}" for number in order)


def test_a_hole_that_nobody_fills_is_given_up(log, clock):
    base = Purge.objects.create(tags=["article:1"]).pk
    Purge.objects.create(pk=base + 2, tags=["article:3"])
    log.read()
    clock.now = SECONDS_OF_LONGEST_TRANSACTION - 1
    log.read()
    clock.now += 1
    log.read()
    Purge.objects.create(pk=base + 1, tags=["article:2"])
    assert log.read() == frozenset()


def test_a_hole_beyond_measure_purges_everything(log):
    base = Purge.objects.create(tags=["article:1"]).pk
    log.read()
    Purge.objects.create(pk=base + LARGEST_HOLE + 1, tags=["article:2"])
    assert EVERYTHING in log.read()


def test_a_database_put_back_to_an_earlier_day_purges_everything(log):
    first, _ = (Purge.objects.create(tags=[f"article:{number}"]) for number in (1, 2))
    log.read()
    Purge.objects.filter(pk__gt=first.pk).delete()
    assert log.read() == {EVERYTHING}
    record_purge(["article:3"])
    assert log.read() == {"article:3"}


def test_old_rows_go_and_the_last_one_stays(log):
    with time_machine.travel(NOON, tick=False):
        record_purge(["article:1"])
        record_purge(["article:2"])
    log.read()
    with time_machine.travel(NOON + KEPT_FOR + timedelta(seconds=1), tick=False):
        assert prune_purges() == 1
        assert prune_purges() == 0
        assert log.read() == frozenset()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_after_a_later_one_is_not_missed():
    log, seen = PurgeLog(), []
    record_purge(["article:0"])
    log.read()

    def record_and_read_elsewhere():
        record_purge(["article:2"])
        seen.append(log.read())
        connection.close()

    with transaction.atomic():
        record_purge(["article:1"])
        thread = Thread(target=record_and_read_elsewhere)
        thread.start()
        thread.join()
    assert seen == [{"article:2"}]
    assert log.read() == {"article:1"}

"""The log is told to a cache in front of the site: at least once, in few requests, by one process at a time."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from articles.models import CdnDelivery, Purge
from articles.outbox.sending import send
from articles.page_cache.cdn import delivering
from articles.page_cache.cdn.delivering import LEASE, MOST_TAGS, SECONDS_TO_REPEAT, deliver_purges
from articles.page_cache.cdn.varnish import Varnish
from articles.page_cache.purge_log import record_purge
from tests.environment import ROOT
from tests.page_cache.cdn.stand_in import TOKEN

pytestmark = pytest.mark.django_db

SOON, LATE = SECONDS_TO_REPEAT
START = "2026-07-23T18:40:00Z"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def known(at_varnish, clock):
    """A Varnish that has been told everything, again and again, and has nothing to hear."""
    there, target = at_varnish
    record_purge(["article:1"])
    for seconds in (0, SOON, LATE):
        clock.shift(seconds)
        deliver_purges(target)
    there.purged.clear()
    there.asked.clear()
    return there, target


def test_cache_that_is_new_here_forgets_everything(at_varnish):
    there, target = at_varnish
    record_purge(["article:1"])
    deliver_purges(target)
    deliver_purges(target)
    assert there.purged == ["*"]


def test_what_was_recorded_since_is_told_together_and_once(known):
    there, target = known
    record_purge(["article:2", "list:front"])
    record_purge(["article:3", "list:front"])
    assert deliver_purges(target) == 3
    assert deliver_purges(target) == 0
    assert [asked.fields["xkey-purge"] for asked in there.asked] == ["article:2 article:3 list:front"]


def test_it_is_told_again_when_what_was_under_way_is_over(known, clock):
    there, target = known
    record_purge(["article:2"])
    told = []
    for seconds in (0, SOON - 0.1, 0.1, LATE - SOON - 0.1, 0.1, 60):
        clock.shift(seconds)
        told.append(deliver_purges(target))
    assert told == [1, 0, 1, 0, 1, 0]
    assert there.purged == ["article:2"] * 3


def test_what_is_told_again_goes_along_with_what_is_new(known, clock):
    there, target = known
    record_purge(["article:2"])
    deliver_purges(target)
    clock.shift(SOON)
    record_purge(["article:3"])
    deliver_purges(target)
    assert [asked.fields["xkey-purge"] for asked in there.asked] == ["article:2", "article:2 article:3"]


def test_change_that_is_taken_back_is_not_told(known):
    there, target = known
    with transaction.atomic():
        record_purge(["article:2"])
        transaction.set_rollback(True)
    assert (deliver_purges(target), there.asked) == (0, [])


def test_transaction_that_ends_late_is_told_late(known):
    """Its number was given before that of one which ended earlier."""
    there, target = known
    late = Purge.objects.last().pk + 1
    Purge.objects.create(pk=late + 1, tags=["article:2"])
    deliver_purges(target)
    Purge.objects.create(pk=late, tags=["article:1"])
    deliver_purges(target)
    assert there.purged == ["article:2", "article:1"]


def test_log_of_another_database_makes_everything_go(known):
    there, target = known
    Purge.objects.all().delete()
    record_purge(["article:2"])
    deliver_purges(target)
    assert there.purged == ["*"]


def test_many_tags_are_everything(known):
    there, target = known
    record_purge(f"article:{number}" for number in range(MOST_TAGS + 1))
    deliver_purges(target)
    assert there.purged == ["*"]


def test_tags_are_told_in_the_form_in_which_pages_tell_them(known):
    there, target = known
    record_purge(["slug:пруд 1", "slug:%D0%BF"])
    deliver_purges(target)
    assert there.purged == ["slug:%D0%BF", "slug:%D0%BF%D1%80%D1%83%D0%B4%201"]


def test_pages_are_purged_by_the_log_of_the_database_that_they_are_made_from(known, settings, monkeypatch):
    asked = []
    log = delivering.PurgeLog
    monkeypatch.setattr(delivering, "PurgeLog", lambda using, **options: asked.append(using) or log(**options))
    settings.READER_DATABASE = "replica"
    deliver_purges(known[1])
    assert asked == ["replica"]


FAILURES = [
    (500, {}, b""),
    (503, {}, b"Purged"),
    (429, {}, b""),
    (403, {}, b"No."),
    (200, {}, b"A page."),
    (302, {}, b""),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure[0])
def test_what_failed_is_told_later_with_what_has_come_since(known, clock, failure):
    there, target = known
    there.says.append(failure)
    record_purge(["article:2"])
    assert deliver_purges(target) == 0
    record_purge(["article:3"])
    assert deliver_purges(target) == 0
    assert len(there.asked) == 1
    clock.shift(3)
    assert deliver_purges(target) == 2
    assert there.purged == ["article:2", "article:3"]


def test_what_was_to_be_told_again_is_not_lost_by_a_failure(known, clock):
    there, target = known
    record_purge(["article:2"])
    deliver_purges(target)
    clock.shift(SOON)
    there.says.append((500, {}, b""))
    deliver_purges(target)
    clock.shift(3)
    deliver_purges(target)
    assert there.purged == ["article:2", "article:2"]


def test_wish_of_the_other_side_is_respected(known, clock):
    there, target = known
    there.says.append((429, {"Retry-After": "40"}, b""))
    record_purge(["article:2"])
    deliver_purges(target)
    clock.shift(39)
    deliver_purges(target)
    assert len(there.asked) == 1
    clock.shift(1)
    deliver_purges(target)
    assert there.purged == ["article:2"]


def test_waits_grow_while_it_fails_and_are_forgotten_afterwards(known, clock):
    there, target = known
    there.says += [(500, {}, b"")] * 6
    record_purge(["article:2"])
    waits = []
    for _ in range(6):
        deliver_purges(target)
        delivery = CdnDelivery.objects.get()
        waits.append((delivery.due_at - timezone.now()).total_seconds())
        clock.move_to(delivery.due_at)
    assert [2**n <= wait <= 2 ** (n + 1) for n, wait in enumerate(waits)] == [True] * 6
    assert (delivery.failures, delivery.last_error) == (6, "500")
    deliver_purges(target)
    delivery.refresh_from_db()
    assert (delivery.failures, delivery.last_error, delivery.failing_since, delivery.due_at) == (0, "", None, None)


def test_server_that_is_not_there_is_waited_for(clock, caplog):
    target = Varnish("http://127.0.0.1:1")
    assert deliver_purges(target) == 0
    delivery = CdnDelivery.objects.get()
    assert delivery.last_error.startswith("No connection: ")
    assert delivery.due_at > timezone.now()
    assert "could not be told" in caplog.text


def test_list_that_is_refused_for_what_it_is_stops_nothing(known):
    """Tags that one cache cannot read would otherwise be told it for ever, and nothing else."""
    there, target = known
    there.says.append((400, {}, b"Bad tag."))
    record_purge(["article:2"])
    assert deliver_purges(target) == 1
    assert there.purged == ["*"]


def test_no_secret_is_noted_or_logged(at_cloudflare, caplog):
    there, target = at_cloudflare
    echo = f'{{"errors": [{{"message": "What is {TOKEN}?"}}]}}'.encode()
    there.says.append((500, {}, echo))
    deliver_purges(target)
    assert CdnDelivery.objects.get().last_error == "500 What is …?"
    assert TOKEN not in caplog.text


def test_idle_it_asks_the_database_twice(known, django_assert_num_queries):
    with django_assert_num_queries(2):
        deliver_purges(known[1])


def test_while_one_tells_nobody_else_does(known):
    there, target = known
    record_purge(["article:2"])
    now = timezone.now()
    delivery = CdnDelivery.objects.get()
    assert CdnDelivery.objects.take(delivery, lease="first", at=now, until=now + LEASE)
    assert not CdnDelivery.objects.take(delivery, lease="second", at=now, until=now + LEASE)
    assert (deliver_purges(target), there.asked) == (0, [])


def test_who_lost_the_lease_notes_nothing(known, monkeypatch):
    record_purge(["article:2"])
    note = delivering.note_success

    def note_late(delivery, work):
        CdnDelivery.objects.update(lease="another one")
        note(delivery, work)

    monkeypatch.setattr(delivering, "note_success", note_late)
    before = CdnDelivery.objects.get().last
    deliver_purges(known[1])
    delivery = CdnDelivery.objects.get()
    assert (delivery.last, delivery.lease) == (before, "another one")


@pytest.mark.django_db(transaction=True)
class TestProcesses:
    """On the real database, in threads and processes of their own."""

    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch):
        """A machine may be slow; nobody gives up while a test looks elsewhere."""
        monkeypatch.setattr(delivering, "send", partial(send, seconds=60))

    @pytest.fixture
    def environment(self):
        database = connection.settings_dict
        url = f"sqlite:///{database['NAME']}"
        if connection.vendor == "postgresql":
            person = ":".join(filter(None, (database["USER"], database["PASSWORD"])))
            url = f"postgres://{person}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        return {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR), "PYTHONPATH": str(ROOT)}

    def test_two_at_once_tell_once(self, at_varnish):
        there, target = at_varnish
        record_purge(["article:2"])
        there.answers.clear()

        def deliver():
            told.append(deliver_purges(target))
            connection.close()

        told = []
        first = Thread(target=deliver)
        first.start()
        assert there.arrived.wait(10)
        # The first one waits for its answer, and an editor's change need not wait for it.
        record_purge(["article:3"])
        assert deliver_purges(target) == 0
        there.answers.set()
        first.join(10)
        assert (told, len(there.asked)) == ([1], 1)

    def test_process_that_is_killed_meanwhile_leaves_it_to_the_next(self, at_varnish, environment):
        there, target = at_varnish
        record_purge(["article:2"])
        there.answers.clear()
        command = (sys.executable, "-m", "tests.page_cache.cdn.one_delivery", there.url)
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            assert there.arrived.wait(30)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        there.answers.set()
        assert deliver_purges(target) == 0
        with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
            assert deliver_purges(target) == 1
        assert len(there.asked) == 2
        assert CdnDelivery.objects.get().last == Purge.objects.last().pk

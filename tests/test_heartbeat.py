"""What happens by itself when its time has come."""

import time
from datetime import timedelta
from io import StringIO
from threading import Event
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from articles import heartbeat
from articles.editorial.working_copies import begin_working_copy, publish_update
from articles.editorial.writing import write_article
from articles.models import Article, Duty
from tests.factories import make_article, make_person

HOUR = timedelta(hours=1)


@pytest.fixture
def due_update(db):
    publisher = make_person("Publisher")
    copy = begin_working_copy(make_article(), by=publisher)
    copy.headline, copy.update_note, copy.takes_effect_at = "Ferries sail", "New.", timezone.now() + HOUR
    write_article(copy, by=publisher)
    publish_update(copy, by=publisher)
    with time_machine.travel(timezone.now() + 2 * HOUR):
        yield


@pytest.mark.usefixtures("due_update")
def test_command_publishes_what_is_due_once():
    out = StringIO()
    call_command("heartbeat", "--once", stdout=out)
    call_command("heartbeat", "--once", stdout=out)
    said = [line.removesuffix(".").split("; ")[0] for line in out.getvalue().splitlines()]
    assert said == ["1 scheduled updates published", "0 scheduled updates published"]
    assert Article.objects.get().headline == "Ferries sail"


def test_setting_switches_it_off(settings):
    settings.ARTICLES_HEARTBEAT_SECONDS = 0
    assert heartbeat.start_heartbeat() is None


def test_it_beats_on_after_an_effect_failed(settings, monkeypatch, caplog):
    beats = []

    def fail():
        beats.append(1)
        raise OSError("The database is away.")

    monkeypatch.setattr(heartbeat, "EFFECTS", {"failures": heartbeat.Effect(fail)})
    # The thread has a connection of its own, of which the test's database knows nothing.
    monkeypatch.setattr(heartbeat, "close_old_connections", lambda: None)
    settings.ARTICLES_HEARTBEAT_SECONDS = 0.01
    stop = Event()
    thread = heartbeat.start_heartbeat(stop)
    deadline = time.monotonic() + 10
    while len(beats) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(timeout=10)
    assert len(beats) >= 3
    assert not thread.is_alive()
    assert "missed a beat" in caplog.text


def test_effect_that_fails_keeps_no_other_from_its_turn(monkeypatch):
    def fail():
        raise OSError("The disk is full.")

    turns = []
    effects = {"failures": heartbeat.Effect(fail), "turns": heartbeat.Effect(lambda: turns.append(1) or 1)}
    monkeypatch.setattr(heartbeat, "EFFECTS", effects)
    with pytest.raises(ExceptionGroup) as caught:
        heartbeat.beat()
    assert [str(failure) for failure in caught.value.exceptions] == ["The disk is full."]
    assert turns == [1]


@pytest.mark.django_db
def test_database_that_is_away_is_said_in_a_line_and_asked_once(monkeypatch, caplog):
    def ask():
        asked.append(1)
        raise OperationalError("the server has gone away\nIs it running?")

    asked = []
    effects = {"lists made": heartbeat.Effect(ask), "others": heartbeat.Effect(ask)}
    monkeypatch.setattr(heartbeat, "EFFECTS", effects)
    # The test's own connection shall stay.
    away = SimpleNamespace(is_usable=lambda: False, close=lambda: None)
    monkeypatch.setattr(heartbeat, "connection", away)
    monkeypatch.setattr(heartbeat, "close_old_connections", lambda: None)
    heartbeat.beat_and_survive()
    assert asked == [1]
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        ("The heartbeat missed a beat: the server has gone away", None)
    ]


@pytest.mark.django_db
def test_duty_is_done_once_in_its_time_whoever_beats(monkeypatch):
    effects = {"lists made": heartbeat.Effect(lambda: 3, every=timedelta(minutes=5))}
    monkeypatch.setattr(heartbeat, "EFFECTS", effects)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        assert heartbeat.beat() == {"lists made": 3}
        assert heartbeat.beat() == {}
    with time_machine.travel(start + timedelta(minutes=4, seconds=59), tick=False):
        assert heartbeat.beat() == {}
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        assert heartbeat.beat() == {"lists made": 3}


def test_each_effect_has_a_name_that_a_duty_can_have():
    longest = Duty._meta.get_field("name").max_length
    assert [name for name in heartbeat.EFFECTS if len(name) > longest] == []

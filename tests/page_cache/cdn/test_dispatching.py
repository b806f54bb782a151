"""The threads that tell caches what has changed, from the settings to the request."""

import time
from io import StringIO
from threading import Event, active_count

import pytest
from django.core.management import call_command

from articles import heartbeat
from articles.models import CdnDelivery
from articles.page_cache.cdn import dispatching
from articles.page_cache.cdn.dispatching import start_dispatchers
from articles.page_cache.cdn.targets import tag_fields, targets
from articles.page_cache.purge_log import record_purge
from tests.page_cache.cdn.stand_in import TOKEN

PATIENCE = 20


@pytest.fixture
def stop():
    event = Event()
    yield event
    event.set()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_a_setting_nothing_runs_and_nothing_is_told(settings):
    assert settings.ARTICLES_CDNS == []
    before = active_count()
    assert (start_dispatchers(), targets(), tag_fields()) == ([], [], ())
    assert active_count() == before


def test_each_kind_has_its_field_however_many_servers_there_are(settings):
    settings.ARTICLES_CDNS = [
        {"kind": "varnish", "url": "http://10.0.0.5"},
        {"kind": "varnish", "url": "http://10.0.0.6"},
        {"kind": "cloudflare", "zone": "023e105f", "token": TOKEN},
        {"kind": "fastly", "service": "SU1Z0isx", "token": TOKEN},
    ]
    assert [field.name for field in tag_fields()] == ["xkey", "Cache-Tag", "Surrogate-Key"]
    assert len({target.name for target in targets()}) == 4


@pytest.mark.django_db(transaction=True)
def test_change_reaches_every_cache_that_answers_and_waits_for_no_other(
    settings, stop, monkeypatch, at_varnish, at_fastly
):
    monkeypatch.setattr(dispatching, "SECONDS", 0.02)
    (slow, varnish), (there, fastly) = at_varnish, at_fastly
    slow.answers.clear()
    settings.ARTICLES_CDNS = [
        {"kind": "varnish", "url": varnish.url},
        {"kind": "fastly", "service": fastly.service, "token": TOKEN, "api": fastly.api},
    ]
    threads = start_dispatchers(stop)
    assert slow.arrived.wait(PATIENCE)
    wait_until(lambda: there.purged == ["*"])
    # The row is written after the answer: what is recorded before that would be told with it.
    wait_until(lambda: CdnDelivery.objects.filter(target=fastly.name, last__isnull=False).exists())
    record_purge(["article:1"])
    wait_until(lambda: "article:1" in there.purged)
    assert slow.purged == []
    slow.answers.set()
    wait_until(lambda: "*" in slow.purged)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert [thread.is_alive() for thread in threads] == [False, False]


def test_thread_goes_on_after_the_database_was_away(settings, stop, monkeypatch, caplog):
    looks = []

    def fail(target):
        looks.append(target.name)
        raise OSError("The database is away.")

    monkeypatch.setattr(dispatching, "deliver_purges", fail)
    monkeypatch.setattr(dispatching, "close_old_connections", lambda: None)
    monkeypatch.setattr(dispatching, "SECONDS", 0.01)
    settings.ARTICLES_CDNS = [{"kind": "varnish", "url": "http://10.0.0.5"}]
    (thread,) = start_dispatchers(stop)
    wait_until(lambda: len(looks) > 2)
    stop.set()
    thread.join(PATIENCE)
    assert caplog.text.count("cannot be told what has changed") == 1


def test_heartbeat_brings_the_threads_along(settings, stop, monkeypatch):
    began = []
    monkeypatch.setattr(heartbeat, "start_dispatchers", began.append)
    settings.ARTICLES_HEARTBEAT_SECONDS = 60
    heartbeat.start_heartbeat(stop)
    settings.ARTICLES_HEARTBEAT_SECONDS = 0
    heartbeat.start_heartbeat(stop)
    assert began == [stop]


@pytest.mark.django_db
def test_command_tells_once_where_it_beats_once(settings, at_varnish):
    there, target = at_varnish
    settings.ARTICLES_CDNS = [{"kind": "varnish", "url": target.url}]
    out = StringIO()
    call_command("heartbeat", "--once", stdout=out)
    assert out.getvalue().endswith("; 1 tags purged at CDNs.\n")
    assert there.purged == ["*"]

"""What the browser tests share: a site with a page of every kind, and somebody at the desk."""

from importlib import import_module
from threading import Lock

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client


@pytest.fixture(scope="session", autouse=True)
def _one_request_at_a_time():
    """All threads of the live server share the one connection of SQLite's database in memory, which bears no two of
    them at once: now and then it answers "bad parameter or other API misuse".
    """
    lock, answer = Lock(), WSGIHandler.__call__

    def answer_alone(handler, environ, start_response):
        with lock:
            return answer(handler, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", answer_alone)
        yield


@pytest.fixture
def site(live_server):
    # By name, for pytest may read this file before Django is set up, and the sample's imports need that.
    return import_module("tests.browser.sample_site").fill_site()


@pytest.fixture
def open_as(open_page, live_server):
    """A function that opens a page at which a person is signed in."""

    def open_signed_in(person, **options):
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        page = open_page(**options)
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return open_signed_in

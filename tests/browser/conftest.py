"""What the browser tests share: a site with a page of every kind, and somebody at the desk."""

from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client


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

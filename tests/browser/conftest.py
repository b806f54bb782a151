"""What the browser tests share: a site with a page of every kind."""

from importlib import import_module

import pytest


@pytest.fixture
def site(live_server):
    # By name, for pytest may read this file before Django is set up, and the sample's imports need that.
    return import_module("tests.browser.sample_site").fill_site()

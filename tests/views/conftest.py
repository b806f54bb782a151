"""What the tests of pages share."""

from importlib import import_module

import pytest
from django.utils import timezone


@pytest.fixture
def schedule_at_hand(db):
    """The moments to come are known, as they are in a server that follows the log: pages do not ask for them."""
    # By name, for this file is read before Django is set up.
    schedule = import_module("articles.page_cache.schedule").SCHEDULE
    schedule.forget()
    schedule.is_followed = True
    schedule.lifetime_of(frozenset(), now=timezone.now())
    yield
    schedule.is_followed = False
    schedule.forget()

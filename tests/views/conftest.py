"""What the tests of pages share."""

import pytest
from django.utils import timezone

from articles.page_cache.schedule import SCHEDULE


@pytest.fixture
def schedule_at_hand(db):
    """The moments to come are known, as they are in a server that follows the log: pages do not ask for them."""
    SCHEDULE.forget()
    SCHEDULE.is_followed = True
    SCHEDULE.lifetime_of(frozenset(), now=timezone.now())
    yield
    SCHEDULE.is_followed = False
    SCHEDULE.forget()

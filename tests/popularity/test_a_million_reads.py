"""What is stored grows with stories and time, never with reads."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Sum

from articles.models import ReadCount, ReadTotal
from articles.models.reads import READS
from articles.popularity import counting
from articles.popularity.counting import count_beacon, flush_reads
from tests.factories import make_article
from tests.popularity.samples import make_beacon

STORIES = 4
HOURS = 5
READS_EACH = 50_000
START = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.usefixtures("counting")
def test_a_million_reads_are_a_row_a_story_and_hour(monkeypatch):
    # What is no read is asked elsewhere: here all are, and a million of them cost half the time.
    monkeypatch.setattr(counting, "first_refusal", lambda beacon, at: None)
    stories = [make_article() for _ in range(STORIES)]
    for hour in range(HOURS):
        for number, story in enumerate(stories):
            beacon, at = make_beacon(story), START + timedelta(hours=hour, minutes=10 * number)
            for _ in range(READS_EACH):
                count_beacon(beacon, at=at)
            flush_reads()
    assert ReadCount.objects.count() == STORIES * HOURS
    assert ReadCount.objects.aggregate(reads=Sum(READS))["reads"] == 1_000_000
    assert ReadTotal.objects.count() == STORIES
    assert sum(ReadTotal.objects.values_list("reads", flat=True)) == 1_000_000

"""Two servers on one database, as on two machines: what happens to one is there on the other."""

import sys
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from articles.editorial.working_copies import begin_working_copy, publish_update
from articles.editorial.writing import write_article
from articles.models import Activity, Article, ReadTotal, RefusedReads
from tests.factories import make_article, make_person
from tests.popularity.samples import address_of
from tests.popularity.test_crawlers import CHROME
from tests.processes.servers import PATIENCE, ask, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("counting")]

SOON = timedelta(seconds=1)


@pytest.fixture
def start_two(start_server):
    return lambda **variables: [start_server(**variables) for _ in range(2)]


def page_on(server, story) -> str:
    status, text = ask(server, "GET", story.get_absolute_url())
    return text if status == HTTPStatus.OK else ""


def test_scheduled_story_appears_on_both_at_its_time_with_no_heartbeat_at_all(start_two):
    servers = start_two(HEARTBEAT_SECONDS="0")
    # Only now: however long they take to start, it is not due before both were asked.
    story = make_article(headline="Cranes at noon", published_at=timezone.now() + 12 * SOON)
    assert [page_on(server, story) for server in servers] == ["", ""]
    Article.objects.update(published_at=timezone.now() + SOON, first_published_at=timezone.now() + SOON)
    story.refresh_from_db()
    for server in servers:
        wait_for(lambda server=server: "Cranes at noon" in page_on(server, story))


def test_scheduled_update_is_published_by_one_and_shown_by_both(start_two):
    story = make_article(headline="Ferries return", dek="At dawn.")
    servers = start_two(HEARTBEAT_SECONDS="1")
    assert all("At dawn." in page_on(server, story) for server in servers)
    schedule_update(story, dek="At noon.")
    for server in servers:
        wait_for(lambda server=server: "At noon." in page_on(server, story))
    assert Article.objects.count() == 1
    assert Activity.objects.filter(person_name="the schedule").count() == 1


def schedule_update(story, **changes) -> None:
    publisher = make_person("Publisher")
    copy = begin_working_copy(story, by=publisher)
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.update_note, copy.takes_effect_at = "The noon boat sails.", timezone.now() + SOON
    write_article(copy, by=publisher)
    publish_update(copy, by=publisher)


def test_reader_is_the_same_on_both(start_two):
    story = make_article()
    one, two = start_two(TRUSTED_PROXIES="127.0.0.1")
    for server, reader in [(one, 1), (two, 1), (two, 2), (one, 2), (one, 3)]:
        assert read(server, story, reader) == HTTPStatus.NO_CONTENT
    wait_for(lambda: ReadTotal.objects.filter(reads=3).exists() and RefusedReads.objects.filter(number=2).exists())
    assert RefusedReads.objects.get().reason == "repeated"


def read(server: int, story, reader: int) -> int:
    fields = {
        "User_Agent": CHROME,
        "Sec_Fetch_Site": "same-origin",
        "Content_Type": "application/x-www-form-urlencoded",
        "X_Forwarded_For": address_of(reader),
    }
    return ask(server, "POST", "/reads/", f"article={story.uid}&from=direct", **fields)[0]


def test_heartbeat_beside_servers_ends_when_it_is_told_to(start):
    process = start(sys.executable, "manage.py", "heartbeat")
    assert process.stdout.readline().startswith("A beat every 5 seconds.")
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 0

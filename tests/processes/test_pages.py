"""Pages of real servers: a change is on all of them a moment later, and what was read before outlives the database."""

from http import HTTPStatus

import pytest
from django.db import connection

from articles.editorial.publishing import publish_article, withdraw_article
from tests.factories import make_article, make_author, make_person, make_section
from tests.processes.gate import Gate
from tests.processes.servers import ask, head, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

CACHE = "Cache-Status"


def is_kept(server, address) -> bool:
    """Fresh: a server that has not read the log yet vouches for nothing, and drops what it has when it first reads it."""
    said = head(server, address).headers[CACHE]
    return said.startswith("Newsroom; hit; ttl=") and "ttl=-" not in said


def test_what_one_process_publishes_and_withdraws_is_on_the_pages_of_all(start_server):
    section, publisher = make_section("Harbour"), make_person("Publisher")
    make_article(headline="Ferries return", section=section)
    servers = [start_server(HEARTBEAT_SECONDS="0") for _ in range(2)]
    addresses = ["/", section.get_absolute_url()]
    for server in servers:
        for address in addresses:
            wait_for(lambda server=server, address=address: is_kept(server, address))

    # This process is a third one.
    story = make_article(headline="Cranes stand still", section=section, authors=[make_author()], status="approved")
    publish_article(story, by=publisher)
    for server in servers:
        for address in addresses:
            wait_for(lambda server=server, address=address: "Cranes stand still" in ask(server, "GET", address)[1])
        wait_for(lambda server=server: is_kept(server, story.get_absolute_url()))

    withdraw_article(story, by=publisher, reason="It was not so.")
    for server in servers:
        for address in addresses:
            wait_for(lambda server=server, address=address: "Cranes stand still" not in ask(server, "GET", address)[1])
        wait_for(lambda server=server: ask(server, "GET", story.get_absolute_url())[0] == HTTPStatus.GONE)


@pytest.fixture
def gate():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite’s file does not go away")
    gate = Gate(connection.settings_dict["HOST"], connection.settings_dict["PORT"])
    yield gate
    gate.close()


def test_pages_outlive_the_database_and_all_is_as_before_when_it_returns(start_server, gate, environment):
    story = make_article(headline="Ferries return", section=make_section("Harbour"))
    unseen = make_article(headline="Nobody has read this")
    through_gate = environment["DATABASE_URL"].replace(f":{connection.settings_dict['PORT']}/", f":{gate.port}/")
    server = start_server(DATABASE_URL=through_gate, HEARTBEAT_SECONDS="1")
    addresses = ["/", story.get_absolute_url(), story.section.get_absolute_url()]
    for address in addresses:
        wait_for(lambda address=address: is_kept(server, address))

    gate.shut()
    wait_for(lambda: ask(server, "GET", "/health/")[0] == HTTPStatus.SERVICE_UNAVAILABLE)
    for address in addresses:
        wait_for(lambda address=address: "; ttl=-" in head(server, address).headers[CACHE])
        answer = head(server, address)
        assert answer.status == HTTPStatus.OK
        assert int(answer.headers["Age"]) > 0
    # A beacon is answered as ever, whatever becomes of it.
    assert ask(server, "POST", "/reads/", f"article={story.uid}")[0] == HTTPStatus.NO_CONTENT
    assert ask(server, "GET", unseen.get_absolute_url())[0] == HTTPStatus.INTERNAL_SERVER_ERROR
    # What changes meanwhile, another machine has changed.
    story.headline = "Ferries stay"
    story.save()

    gate.open()
    wait_for(lambda: ask(server, "GET", "/health/") == (HTTPStatus.OK, "All is well.\n"))
    for address in addresses:
        wait_for(lambda address=address: "Ferries stay" in ask(server, "GET", address)[1])
        wait_for(lambda address=address: "; hit; ttl=-" not in head(server, address).headers[CACHE])
    assert ask(server, "GET", unseen.get_absolute_url())[0] == HTTPStatus.OK

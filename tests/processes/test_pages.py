"""Pages of real servers: a change is on all of them a moment later."""

from http import HTTPStatus

import pytest

from articles.editorial.publishing import publish_article, withdraw_article
from tests.factories import make_article, make_author, make_person, make_section
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

"""Whose address it is that came through proxies."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from newsroom.proxies import ClientAddressMiddleware, client_address

TRUSTED = [ip_network(text) for text in ("10.0.0.0/8", "127.0.0.1", "fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.9.9.9", "203.0.113.7"),
        # What the client wrote itself stands to the left.
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "10.1.1.1, 203.0.113.7", "203.0.113.7"),
        # From strangers nothing is believed.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7, unknown, 10.2.2.2", "10.2.2.2"),
        ("10.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "10.2.2.2, 10.3.3.3", "10.2.2.2"),
        ("", "203.0.113.7", ""),
    ],
)
def test_client_is_the_last_address_that_is_no_proxy(peer, forwarded, client):
    assert client_address(peer, forwarded, trusted=TRUSTED) == client


@pytest.mark.parametrize(("trusted", "expected"), [([], "10.0.0.1"), (TRUSTED, "203.0.113.7")])
def test_whoever_asks_for_the_address_gets_the_clients(settings, trusted, expected):
    settings.TRUSTED_PROXIES = trusted
    seen = ClientAddressMiddleware(lambda request: request.META["REMOTE_ADDR"])
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.7"})
    assert seen(request) == expected

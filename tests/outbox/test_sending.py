"""A request that leaves the house, against servers on this machine."""

import socket

import pytest
import time_machine

from articles.outbox.sending import MOST_READ, Outgoing, Reply, Unreachable, send, wish_of
from tests.page_cache.cdn.stand_in import StandIn


@pytest.fixture
def there():
    with StandIn(lambda asked: (200, b"Yes.", [])) as server:
        yield server


@pytest.fixture
def silent():
    """It takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_method_fields_and_content_arrive(there):
    reply = send(Outgoing(f"{there.url}/purge?now", "PURGE", {"Fastly-Key": "secret"}, b"all"))
    asked = there.asked[0]
    assert reply == Reply(200, b"Yes.")
    assert (asked.method, asked.path, asked.fields["fastly-key"], asked.content) == (
        "PURGE", "/purge?now", "secret", b"all",
    )  # fmt: skip


def test_error_is_an_answer_too(there):
    there.says.append((503, {"Retry-After": "7"}, b"Later."))
    assert send(Outgoing(there.url)) == Reply(503, b"Later.", wish=7)


def test_redirect_is_not_followed(there):
    there.says.append((302, {"Location": f"{there.url}/elsewhere"}, b""))
    assert send(Outgoing(there.url, fields={"Authorization": "Bearer secret"})).status == 302
    assert len(there.asked) == 1


def test_long_answer_is_read_in_part(there):
    there.says.append((200, {}, b"x" * (3 * MOST_READ)))
    assert len(send(Outgoing(there.url)).content) == MOST_READ


def test_silence_ends_after_a_while(silent):
    with pytest.raises(Unreachable, match="No answer in time"):
        send(Outgoing(silent), seconds=0.05)


def test_nobody_there_is_told_in_words(there):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="No connection"):
        send(Outgoing(f"http://127.0.0.1:{port}/"))


def test_server_whose_certificate_nobody_vouches_for_is_told_nothing(silent):
    """It does not even speak TLS: nothing is sent in the clear instead."""
    with pytest.raises(Unreachable):
        send(Outgoing(silent.replace("http:", "https:")), seconds=0.05)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:,hello"])
def test_other_schemes_are_refused(url):
    with pytest.raises(Unreachable, match="neither http nor https"):
        send(Outgoing(url))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (None, None),
        ("120", 120),
        (" 0 ", 0),
        ("9" * 4000, 999_999_999),
        ("-5", None),
        ("soon", None),
        ("Thu, 23 Jul 2026 18:41:00 GMT", 60),
        ("Thu, 23 Jul 2026 18:39:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text, wish):
    with time_machine.travel("2026-07-23T18:40:00Z", tick=False):
        assert wish_of(text) == wish

"""The address of a client that comes through proxies, for whatever tells clients apart by it."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class ClientAddressMiddleware:
    """Puts the client's address into ``REMOTE_ADDR``, where the proxies of ``TRUSTED_PROXIES`` say it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted: Sequence[Network] = settings.TRUSTED_PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.trusted:
            peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("x-forwarded-for", "")
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded, trusted=self.trusted)
        return self.get_response(request)


def client_address(peer: str, forwarded: str, *, trusted: Sequence[Network]) -> str:
    """The last address that a trusted proxy says, and that is none of theirs.

    ``forwarded`` is the value of ``X-Forwarded-For``: each proxy appends whom it heard from, so that what the client
    itself wrote there stands to the left of all that is true. Where the chain breaks off, its last true link is it.
    """
    client = peer
    for word in reversed(forwarded.split(",")):
        if not is_within(client, trusted):
            break
        address = parsed(word)
        if address is None:
            break
        client = str(address)
    return client


def is_within(address: str, networks: Sequence[Network]) -> bool:
    parts = parsed(address)
    return parts is not None and any(parts in network for network in networks)


def parsed(word: str) -> Address | None:
    """An address as proxies write it: some append the port, and those of IPv6 then stand in brackets."""
    text = word.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address

"""The caches in front of the site, from what the environment says of each: what the app calls its targets with."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from newsroom.env import refuse

IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,64}")


def cloudflare(zone: str, token: str) -> list[dict[str, str]]:
    require_both("CLOUDFLARE_ZONE", zone, "CLOUDFLARE_TOKEN", token)
    return [{"kind": "cloudflare", "zone": zone, "token": token}] if zone else []


def fastly(service: str, token: str) -> list[dict[str, str]]:
    require_both("FASTLY_SERVICE", service, "FASTLY_TOKEN", token)
    return [{"kind": "fastly", "service": service, "token": token}] if service else []


def varnish(urls: list[str]) -> list[dict[str, str]]:
    """Each server by its own address, for each has its own memory."""
    return [{"kind": "varnish", "url": server(url)} for url in dict.fromkeys(urls)]


def server(url: str) -> str:
    expected = "addresses such as http://10.0.0.5:6081, without a path, separated by commas"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise refuse("VARNISH_URLS", url, expected) from error
    if not usable or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise refuse("VARNISH_URLS", url, expected)
    return url.rstrip("/")


def require_both(name: str, value: str, token_name: str, token: str) -> None:
    """An error never shows a token."""
    if bool(value) != bool(token):
        raise ImproperlyConfigured(f"{name} and {token_name} go together: one of them is not set.")
    if value and not IDENTIFIER.fullmatch(value):
        raise refuse(name, value, "the identifier that its dashboard shows: letters and digits")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ImproperlyConfigured(f"{token_name} is not usable: expected visible ASCII characters alone.")

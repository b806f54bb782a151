"""Which requests ask for the same: the origin they name, their path, and the parameters that a page knows."""

from collections.abc import Callable, Collection, Iterable
from typing import Final
from urllib.parse import unquote_plus, urlsplit
from wsgiref.types import WSGIEnvironment

# What begins each key of the store: origin, path. What follows, if anything: query, then what the page varies by.
Address = tuple[str, str]
Key = tuple[str, ...]

DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
# A spelling of a known origin, such as one in capitals, is looked up once; there are only so many worth remembering.
MOST_SPELLINGS: Final = 64
# Longer queries, and longer values of what a page varies by, are nobody's bookmark.
LONGEST_QUERY: Final = 256
LONGEST_VALUE: Final = 256


class Origins:
    """The origins that a site answers under, ``("https://example.org", …)``: a request that names another has no key.

    ``scheme_field`` names what a proxy says of the scheme, in the form of Django's SECURE_PROXY_SSL_HEADER.
    """

    def __init__(self, addresses: Iterable[str], *, scheme_field: tuple[str, str] | None = None) -> None:
        self.known = {canonical_origin(*address.rstrip("/").split("://")) for address in addresses}
        self.scheme_field = scheme_field
        self._spellings: dict[tuple[str, str], str | None] = {}

    def __call__(self, environ: WSGIEnvironment) -> str | None:
        """The origin in its one spelling, or None."""
        scheme = environ["wsgi.url_scheme"]
        if self.scheme_field is not None:
            scheme = self._scheme_of_proxy(environ, scheme)
        host = environ.get("HTTP_HOST", "")
        found = self._spellings.get((scheme, host))
        return found or self._look_up(scheme, host)

    def _scheme_of_proxy(self, environ: WSGIEnvironment, scheme: str) -> str:
        """As Django reads it: the first of several, and where there is none, what the server says."""
        name, secure = self.scheme_field or ("", "")
        said = environ.get(name)
        if said is None:
            return scheme
        return "https" if said.partition(",")[0].strip() == secure else "http"

    def _look_up(self, scheme: str, host: str) -> str | None:
        origin = canonical_origin(scheme, host)
        if origin not in self.known:
            return None
        if len(self._spellings) < MOST_SPELLINGS:
            self._spellings[scheme, host] = origin
        return origin


OriginOf = Callable[[WSGIEnvironment], str | None]


def canonical_origin(scheme: str, host: str) -> str:
    """Without capitals, and without the port that goes without saying."""
    return f"{scheme}://{host.lower().removesuffix(DEFAULT_PORTS.get(scheme, '/'))}"


def host_of(origin: str) -> str:
    return urlsplit(origin).netloc


def canonical_query(query: str, known: Collection[str]) -> str | None:
    """What of a query a page knows, ordered by name; None where that is too long or names something twice.

    Values stay as they were sent, so that nothing is lost for the page.
    """
    if not known:
        return ""
    parts = [(unquote_plus(part.partition("=")[0]), part) for part in query.split("&") if part]
    kept = sorted((name, part) for name, part in parts if name in known)
    canonical = "&".join(part for _, part in kept)
    if len({name for name, _ in kept}) < len(kept) or len(canonical) > LONGEST_QUERY:
        return None
    return canonical


def variation_key(environ: WSGIEnvironment, names: Iterable[str]) -> Key | None:
    """What a request says in the fields that a page varies by; None where that is too long to be kept."""
    values = []
    for name in names:
        value = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
        values.append(name if value is None else f"{name}={value.strip()}")
    return tuple(values) if all(len(value) <= LONGEST_VALUE for value in values) else None

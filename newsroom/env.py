"""Reading settings from the environment: strictly, and with errors that name what was wrong.

Every variable ``NAME`` can also be given as ``NAME_FILE``, the path of a file that holds the value,
as container platforms hand out secrets.
"""

import os
import re
import secrets
import zoneinfo
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
HOST_PATTERN = re.compile(r"\*|\.?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


def refuse(name: str, value: str, expected: str) -> ImproperlyConfigured:
    """The error for a variable whose value cannot be used."""
    return ImproperlyConfigured(f"{name}={value!r} is not usable: expected {expected}.")


def text(name: str, default: str = "") -> str:
    """The variable's value without surrounding white space, or ``default`` where it is unset or empty."""
    path = os.environ.get(f"{name}_FILE", "")
    if path and os.environ.get(name, ""):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: give one of them.")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            raise refuse(f"{name}_FILE", path, f"a readable text file ({error})") from error
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, "true" if default else "false")
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise refuse(name, value, "true or false")


def integer(name: str, default: int, *, minimum: int = 0, maximum: int | None = None) -> int:
    value = text(name, str(default))
    most = "" if maximum is None else f" and {maximum} at most"
    if not re.fullmatch(r"\d+", value, re.ASCII):
        raise refuse(name, value, f"a whole number, {minimum} at least{most}")
    number = int(value)
    if number < minimum or (maximum is not None and number > maximum):
        raise refuse(name, value, f"a whole number, {minimum} at least{most}")
    return number


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """A list separated by commas; white space around an entry and empty entries do not count."""
    return [word.strip() for word in text(name, ",".join(default)).split(",") if word.strip()]


def hosts(name: str, default: Iterable[str]) -> list[str]:
    """Host names without scheme, port or path, as ``ALLOWED_HOSTS`` takes them."""
    names = words(name, default)
    for host in names:
        if not HOST_PATTERN.fullmatch(host):
            raise refuse(name, host, "host names separated by commas, without scheme, port or path")
    return names


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks such as ``10.0.0.0/8``, separated by commas; none where there is no value."""
    found = []
    for word in words(name):
        try:
            found.append(ip_network(word))
        except ValueError as error:
            raise refuse(name, word, "addresses or networks such as 10.0.0.0/8, separated by commas") from error
    return found


def address(name: str, default: str) -> str:
    """An http or https address of a site's root, without a trailing slash."""
    value = text(name, default)
    expected = "an address such as https://news.example.org, without a path"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise refuse(name, value, expected) from error
    if not usable or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise refuse(name, value, expected)
    return value.rstrip("/")


def place_of_files(name: str, default: str) -> str:
    """The path ``default``, or an http or https address in its place, below which files are found; it ends in a slash."""
    value = text(name, default)
    expected = "an address such as https://files.example.org/folder/"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise refuse(name, value, expected) from error
    if value != default and (not usable or parts.query or parts.fragment or parts.username):
        raise refuse(name, value, expected)
    return value.rstrip("/") + "/"


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise refuse(name, value, "a name of the IANA time zone database, such as Europe/Berlin")
    return value


def language(name: str, default: str) -> str:
    value = text(name, default)
    if not LANGUAGE_PATTERN.fullmatch(value):
        raise refuse(name, value, "a language tag such as en-gb or de")
    return value.lower()


def url(name: str, default: str, *, schemes: Iterable[str]) -> str:
    """An address with one of ``schemes``, or none where the default is empty.

    The value may hold a password, so an error never shows it.
    """
    value = text(name, default)
    allowed = list(schemes)
    if value and value.partition("://")[0] not in allowed:
        raise ImproperlyConfigured(
            f"{name} is not usable: expected an address that starts with {scheme_list(allowed)}."
        )
    return value


def scheme_list(schemes: list[str]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def folder(name: str, default: Path) -> Path:
    """A folder, made where it is missing; a relative one counts from the working directory."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse(name, str(path), f"a folder that exists or can be made ({error.strerror})") from error
    return path


def secret_key(name: str, *, kept_in: Path) -> str:
    """The variable's value or else a random key that is made once and kept in the file ``kept_in``.

    Two processes that start at the same moment end with the same key: the file is linked into place whole,
    and whoever comes second reads what the first one wrote.
    """
    given = text(name)
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(f"{name} is not usable: expected 32 characters at least.")
        return given
    if not kept_in.exists():
        draft = kept_in.with_name(f".{kept_in.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, kept_in)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept_in.read_text(encoding="ascii").strip()

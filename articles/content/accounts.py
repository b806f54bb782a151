"""Accounts on social networks, as editors write them: "Twitter @vicenews", one a line."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple


class Network(NamedTuple):
    """How a network writes handles and addresses; `sign` is what readers see before a handle."""

    label: str
    address: str
    handle: re.Pattern[str]
    sign: str = "@"


@dataclass(frozen=True)
class Account:
    """An account as readers see it: the network's label, the handle with its @, the address."""

    network: str
    handle: str
    url: str

    def __str__(self) -> str:
        return f"{self.network} {self.handle}"


_DOMAIN: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_TWITTER: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_INSTAGRAM: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?")

_NETWORKS: Final = (
    # Who wrote "Twitter" reads "Twitter", whatever the network calls itself now.
    Network("Twitter", "https://x.com/{name}", _TWITTER),
    Network("X", "https://x.com/{name}", _TWITTER),
    Network("Instagram", "https://www.instagram.com/{name}/", _INSTAGRAM),
    Network("Threads", "https://www.threads.com/@{name}", _INSTAGRAM),
    Network(
        "Facebook",
        "https://www.facebook.com/{name}",
        re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,48}[A-Za-z0-9])?"),
        sign="",
    ),
    Network(
        "YouTube",
        "https://www.youtube.com/@{name}",
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,28}[A-Za-z0-9]"),
    ),
    Network(
        "TikTok", "https://www.tiktok.com/@{name}", re.compile(r"[A-Za-z0-9_.]{1,23}[A-Za-z0-9_]")
    ),
    Network("Telegram", "https://t.me/{name}", re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")),
    Network(
        "LinkedIn",
        "https://www.linkedin.com/company/{name}",
        re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?"),
        sign="",
    ),
    Network("Bluesky", "https://bsky.app/profile/{name}", re.compile(_DOMAIN)),
    Network(
        "Mastodon",
        "https://{host}/@{name}",
        re.compile(rf"(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9_])?)@(?P<host>{_DOMAIN})"),
    ),
)  # fmt: skip
NETWORKS: Final[Mapping[str, Network]] = {one.label.casefold(): one for one in _NETWORKS}

_LINE: Final = re.compile(r"(?P<label>[^\W\d_]+)\s*[:：]?\s+@?(?P<handle>\S+)|(?P<bare>[^\W\d_]+):@?(?P<tight>\S+)")


def parse_account(line: str) -> Account:
    """Read "Network @handle" (a colon may follow the network); raise ValueError otherwise."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(
            f"“{line.strip()}” is not an account: write a network and a handle, such as “Mastodon @desk@example.social”."
        )
    label, handle = found["label"] or found["bare"], found["handle"] or found["tight"]
    network = NETWORKS.get(label.casefold())
    if network is None:
        known = ", ".join(one.label for one in _NETWORKS)
        raise ValueError(f"“{label}” is not a network known here: {known}.")
    matched = network.handle.fullmatch(handle)
    if matched is None:
        raise ValueError(f"“{handle}” cannot be a handle on {network.label}.")
    parts = {"name": handle} | matched.groupdict()
    return Account(network.label, network.sign + handle, network.address.format(**parts))


def parse_accounts(text: str) -> list[Account]:
    """Read one account a line; blank lines are passed over, a bad line raises ValueError."""
    accounts = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                accounts.append(parse_account(line))
            except ValueError as error:
                raise ValueError(f"Line {number}: {error}") from None
    return accounts


def readable_accounts(text: str) -> list[Account]:
    """The accounts of a text of which nobody knows whether it was ever checked; other lines are passed over."""
    accounts = []
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            accounts += parse_accounts(line)
    return accounts

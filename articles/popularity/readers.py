"""Whether a reader was here a moment ago, told without knowing who it is, by a cache that forgets within a day.

A reader is a keyed hash of the network's part of the address, of the browser's name and of the story. Its key is made at
random each day, stands in the cache alone, and goes with the day: what is left can be traced to nobody, by us neither.
"""

import secrets
from datetime import datetime
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from django.core.cache import cache

from articles.conf import read_window, reads_per_minute
from articles.popularity.windows import DAY, day_of

# One household or office; one telephone changes the rest at will.
READER_PREFIXES: Final = {4: 24, 6: 48}
# One line to the network: IPv6 gives each 2⁶⁴ addresses.
ADDRESS_PREFIXES: Final = {4: 32, 6: 64}


def is_flood(salt: bytes, address: str, *, at: datetime) -> bool:
    """Whether more reads came from this address within a minute than are believed; each call is one more."""
    minute = int(at.timestamp()) // 60
    key = f"reads:from:{hashed(salt, network_of(address, ADDRESS_PREFIXES), str(minute))}"
    return add_one(key, timeout=120) > reads_per_minute()


def was_here(salt: bytes, address: str, agent: str, article: str) -> bool:
    """Whether the same reader opened this story within the window; if not, it is remembered from now on."""
    window = min(read_window(), DAY)
    if not window:
        return False
    reader = hashed(salt, network_of(address, READER_PREFIXES), agent, article)
    return not cache.add(f"reads:by:{reader}", 1, timeout=window.total_seconds())


def add_one(key: str, *, timeout: int) -> int:
    """Counts up from nothing, whoever else begins at the same time."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, timeout=timeout) else cache.incr(key)


def salt_of_day(at: datetime) -> bytes:
    """The secret of the site's day: made by whoever needs it first, the same for all processes, and then forgotten."""
    key = f"reads:salt:{day_of(at):%Y-%m-%d}"
    salt = cache.get(key)
    if salt is None:
        cache.add(key, secrets.token_hex(16), timeout=DAY.total_seconds())
        salt = cache.get(key)
    return bytes.fromhex(salt)


def hashed(salt: bytes, *parts: str) -> str:
    """Of parts that no other parts could be mistaken for."""
    told = "\0".join(part.replace("\0", "") for part in parts)
    return blake2b(told.encode(errors="replace"), key=salt, digest_size=16).hexdigest()


def network_of(address: str, prefixes: dict[int, int]) -> str:
    """The first bits of an address; where there is none, as behind a socket, all readers are one network."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    dropped = ip.max_prefixlen - prefixes[ip.version]
    return f"{ip.version}:{int(ip) >> dropped:x}"

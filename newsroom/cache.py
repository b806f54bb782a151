"""Django's settings for the cache that an address names."""

from typing import Any

# Some sixty bytes each, and a busy site remembers one a reader and story for half an hour.
MOST_ENTRIES = 500_000


def cache_settings(url: str) -> dict[str, Any]:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        path = rest.removeprefix("/")
        return {
            "BACKEND": "newsroom.shared_cache.SharedCache",
            "LOCATION": path,
            "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES},
        }
    if scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "newsroom"}
    return {"BACKEND": "newsroom.redis_cache.RedisCache", "LOCATION": url, "KEY_PREFIX": "newsroom"}

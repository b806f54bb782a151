"""Django's cache over Redis, as several machines share it: it answers soon or not at all, and holds no code."""

import json
from typing import Any, Final

from django.core.cache.backends import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from newsroom.shared_cache import packed

# Whoever waits for it is a reader's beacon: better no number than a server full of threads that wait. A connection that
# broke while nobody used it is tried once more.
OPTIONS: Final[dict[str, Any]] = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "health_check_interval": 30,
    "retry": Retry(NoBackoff(), 1),
}

# In one step: between two, a key could expire, and be made again without an end.
INCREASE: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end
return false
"""


class JsonSerializer:
    """What JSON does not know is refused. Django's own would run what somebody put into the cache."""

    def dumps(self, value: Any) -> Any:
        return packed(value)

    def loads(self, content: bytes) -> Any:
        return json.loads(content)


class Client(redis.RedisCacheClient):
    def incr(self, key: Any, delta: int) -> int:
        found = self.get_client(key, write=True).eval(INCREASE, 1, key, delta)
        if found is None:
            raise ValueError(f"There is no number under {key!r}.")
        return int(found)


class RedisCache(redis.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # As one address: Django would cut a password in two at a comma.
        super().__init__([server], params)
        self._class = Client
        self._options = {"serializer": JsonSerializer, **OPTIONS, **params.get("OPTIONS", {})}

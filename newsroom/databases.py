"""Django's settings for the databases that addresses name: the one that is written to, and a copy of it for readers."""

from typing import Any, Final

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PRIMARY: Final = "default"
REPLICA: Final = "replica"
SCHEMES: Final = ("sqlite", "postgres", "postgresql")

# Chosen for many readers beside a few writers. Write transactions take the lock when they begin, so that two of them
# wait for one another instead of failing half-way; foreign keys are on by Django's default.
SQLITE_OPTIONS: Final[dict[str, Any]] = {
    "transaction_mode": "IMMEDIATE",
    # Seconds to wait for another writer: an import with pictures may hold the lock for a few.
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-20000;"
        "PRAGMA journal_size_limit=67108864;"
    ),
}

# A server that is away is known to be so within seconds, and one that vanished without a word within a minute.
POSTGRESQL_OPTIONS: Final[dict[str, Any]] = {
    "application_name": "newsroom",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
    # Pages ask for many small things in one question. PostgreSQL takes it for a large one while it has no statistics, and
    # compiles it for half a second to answer it in a millisecond.
    "options": "-c jit=off",
}

# A connection is kept by its thread and looked at before each request. Now and then it is made anew: a server's
# memory for it never shrinks, and an address may come to lead to another server.
POSTGRESQL_SECONDS: Final = 600


def databases(url: str, replica_url: str) -> dict[str, Any]:
    """What ``DATABASES`` holds; ``replica_url`` may be empty. An error never repeats an address: it holds a password."""
    found = {PRIMARY: database(url)}
    if replica_url:
        if found[PRIMARY]["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                "DATABASE_REPLICA_URL is not usable: expected none beside SQLite, of which there are no replicas."
            )
        # Tests see one database under both names.
        found[REPLICA] = {**database(replica_url), "TEST": {"MIRROR": PRIMARY}}
    return found


def database(url: str) -> dict[str, Any]:
    """The settings of one database. What its address says, such as ``?sslmode=require``, goes before what is said here."""
    parsed: dict[str, Any] = {**dj_database_url.parse(url, conn_health_checks=True)}
    is_sqlite = parsed["ENGINE"] == "django.db.backends.sqlite3"
    options = SQLITE_OPTIONS if is_sqlite else POSTGRESQL_OPTIONS
    return {
        **parsed,
        "CONN_MAX_AGE": None if is_sqlite else POSTGRESQL_SECONDS,
        "OPTIONS": {**options, **parsed.get("OPTIONS", {})},
    }

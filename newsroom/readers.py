"""Which database answers whom: readers' pages the replica, where there is one, and everything else the primary."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from newsroom.databases import REPLICA

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
# Of the pages of the app, those that are not the same for all readers, or that write.
NOT_FOR_ALL: Final = frozenset({"shared-preview", "unsaved-preview", "reads"})
PICTURE: Final = "picture"


@dataclass
class Answering:
    """What is known of the request that is being answered."""

    is_for_readers: bool = False


_answering: ContextVar[Answering | None] = ContextVar("answering", default=None)


class ReadersMiddleware:
    """Finds out, once the view is known, whether a request is a reader's who asks for a page that all get alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _answering.set(Answering())
        try:
            return self.get_response(request)
        finally:
            _answering.reset(token)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        answering = _answering.get()
        if answering:
            answering.is_for_readers = is_from_reader(request) and is_for_all(request.resolver_match)


def is_from_reader(request: HttpRequest) -> bool:
    """Who has a session may have written a moment ago, and shall see it."""
    return request.method in SAFE_METHODS and settings.SESSION_COOKIE_NAME not in request.COOKIES


def is_for_all(match: ResolverMatch | None) -> bool:
    if match is None:
        return False
    return (match.namespace == "articles" and match.url_name not in NOT_FOR_ALL) or match.view_name == PICTURE


class ReplicaRouter:
    """Django's router where there is a replica.

    A transaction reads where it writes. A page that has written reads there as well from then on, for a replica
    may be a moment behind.
    """

    def db_for_read(self, model: object, **hints: Any) -> str:
        answering = _answering.get()
        if answering and answering.is_for_readers and not connection.in_atomic_block:
            return settings.READER_DATABASE
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: object, **hints: Any) -> str:
        answering = _answering.get()
        if answering:
            answering.is_for_readers = False
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_: object, **hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


@receiver(connection_created, dispatch_uid="newsroom.readers")
def limit_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Tells PostgreSQL for how long a request may keep it busy, or a transaction open, and that nobody writes to a replica.

    Only the threads that answer requests are limited, whose connections nobody else uses: an import, a migration or the
    heartbeat may take its time.
    """
    if connection.vendor != "postgresql":
        return
    limits = {}
    if _answering.get() and settings.DATABASE_REQUEST_SECONDS:
        milliseconds = str(settings.DATABASE_REQUEST_SECONDS * 1000)
        limits = {"statement_timeout": milliseconds, "idle_in_transaction_session_timeout": milliseconds}
    if connection.alias == REPLICA:
        limits["default_transaction_read_only"] = "on"
    if limits:
        with connection.cursor() as cursor:
            for name, value in limits.items():
                cursor.execute("SELECT set_config(%s, %s, false)", [name, value])

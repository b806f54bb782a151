"""Queries whose SQL is made once: to build one and to turn it into SQL takes Django many times what the database takes."""

import threading
from collections.abc import Callable, Collection, Hashable
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import DateField, DateTimeField, Field, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone


class Given(Value):
    """A value that is said each time at which a prepared query is asked, by this name."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(name, output_field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


def several_given(name: str, number: int, output_field: "Field[Any, Any]") -> list[Any]:
    """For ``__in``: the number of values is part of the SQL, see `several`."""
    return [Given(f"{name}_{each}", output_field) for each in range(number)]


def several(name: str, values: Collection[Any]) -> dict[str, Any]:
    """Values for `several_given`: the last again and again up to a power of two, so that a query has few forms."""
    found = list(values)
    if found:
        found += found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found))
    return {f"{name}_{number}": value for number, value in enumerate(found)}


# The moment of asking, and the day on which it lies in the site's zone.
NOW: Final = Given("now", DateTimeField())
TODAY: Final = Given("today", DateField())


class Prepared:
    """``Prepared(model, build)`` is asked with the values of all `Given` that stand in the queryset that ``build`` makes::

        BY_SLUG = Prepared(Article, lambda: Article.objects.filter(slug=Given("slug", SlugField())))
        BY_SLUG.rows(slug="ferries-sail-again")

    What is part of the SQL itself, such as the length of a list, is the ``shape``: ``build`` is called with it, once for
    each. Nothing else may enter: a moment or a setting that ``build`` looks at stays what it was; `NOW` and `TODAY` are said by
    themselves. Rows come as the
    queryset has them, models or values; those that it would prefetch do not come.
    """

    def __init__(self, model: type[Model], build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self._model, self._build = model, build

    def rows(self, *shape: Hashable, **given: Any) -> list[Any]:
        connection = connections[router.db_for_read(self._model)]
        # Kept with the connection, for each thread has its own: a compiler belongs to one.
        kept: dict[Any, _Question] = vars(connection).setdefault("prepared_queries", {})
        if (question := kept.get((self, shape))) is None:
            question = kept[self, shape] = _Question(self._build(*shape).using(connection.alias))
        return question.rows({"now": timezone.now(), "today": timezone.localdate(), **given})


class _Question:
    """A queryset with its compiler, which answers with what was read instead of making the SQL again."""

    def __init__(self, queryset: "QuerySet[Any, Any]") -> None:
        self._queryset = queryset
        # A connection may be shared, as that of a test with its server's threads.
        self._here = threading.local()
        self._compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
        self._compiler.execute_sql = lambda *_, **__: [self._here.read]
        queryset.query.get_compiler = lambda *_, **__: self._compiler  # type: ignore[method-assign]

    def rows(self, given: dict[str, Any]) -> list[Any]:
        if not self._sql:
            return []
        connection = self._compiler.connection
        params = [_said(each, given, connection) if isinstance(each, Given) else each for each in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            self._here.read = cursor.fetchall()
        try:
            rows: Any = self._queryset._iterable_class(self._queryset)  # noqa: SLF001 - what evaluates a queryset
            return list(rows)
        finally:
            del self._here.read


def _said(value: Given, given: dict[str, Any], connection: Any) -> Any:
    return value.output_field.get_db_prep_value(given[value.value], connection)

"""The rows of a subquery as one JSON column: a list that belongs to a row, without a query of its own."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class JSONRows(Subquery):
    """``JSONRows(queryset, "name", label=F("title"))`` is a list of objects with these keys, in the queryset's order.

    Values arrive as JSON has them: text, numbers, booleans and null; moments as ISO 8601 text.
    """

    template = "(SELECT coalesce(jsonb_agg(listed.row), '[]'::jsonb) FROM (%(subquery)s) AS listed)"

    def __init__(self, queryset: QuerySet[Any], *names: str, **expressions: Any) -> None:
        columns = JSONObject(**{name: models.F(name) for name in names}, **expressions)
        super().__init__(queryset.values(row=columns), output_field=JSONField())

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> Any:
        template = "(SELECT json_group_array(json(listed.row)) FROM (%(subquery)s) AS listed)"
        return self.as_sql(compiler, connection, template=template, **extra)


def row_of(model: type[Row], values: Mapping[str, Any]) -> Row:
    """A row that knows these of its columns; times and days as JSON has them. It is not there to be saved."""
    return model(**{name: _read(model, name, value) for name, value in values.items()})


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    field = model._meta.get_field(name)  # noqa: SLF001 - how models are asked about themselves
    if isinstance(field, models.DateTimeField):
        return moment_of(value)
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    return UUID(value) if isinstance(field, models.UUIDField) else value


def moment_of(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    # SQLite stores UTC without saying so.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

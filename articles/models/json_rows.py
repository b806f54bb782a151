"""The rows of a subquery as one JSON column: a list that belongs to a row, without a query of its own."""

from typing import Any

from django.db import models
from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler


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

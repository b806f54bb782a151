"""A column that SQLite is not to look up in an index: the sort order of another condition's index is worth more."""

from typing import Any

from django.db.models import Func
from django.db.models.sql.compiler import SQLCompiler


class Unindexed(Func):
    """``Unindexed(F("published_at"))``: the same value; PostgreSQL knows by itself which of two bounds is the tighter."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> Any:
        # https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)

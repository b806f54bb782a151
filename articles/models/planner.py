"""What SQLite's planner is told of the table of stories. PostgreSQL finds out by itself."""

from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

_TABLE: Final = "articles_article"
# As if there were so many: small archives are quick whatever the plan, and a large one wants the plan of a large one. More
# than SQLite takes any other table to have, or it would read all stories into a filter before it joins them.
_ROWS: Final = 10_000_000
# In how many ways stories differ by a column; by any other column each differs from all.
_VALUES: Final = {
    "status": 5,
    "section_id": 10,
    "story_type": 3,
    "created_by_id": 40,
    "lead_image_id": 1_000,
    # Nearly all stories replace nothing.
    "replaces_id": 1,
}


def ensure_statistics() -> bool:
    """Gives each index of the table its line, where an operator's ANALYZE has not; whether any had none.

    Without one, SQLite takes ten rows to have the same value: “published” would be looked up before anything else, and
    the archive be read for it. https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_sqlite_stat_tables
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        if not (missing := _indexes_without(cursor)):
            return False
        for index, columns in missing.items():
            line = " ".join(map(str, [_ROWS, *_rows_alike(columns)]))
            cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [_TABLE, index, line])
        cursor.execute("ANALYZE sqlite_master")
    return True


def _indexes_without(cursor: CursorWrapper) -> dict[str, list[str]]:
    """The columns of each index, by its name; the few rows of an index with a condition need no line."""
    # Makes the table of statistics where there is none, and reads it.
    cursor.execute("ANALYZE sqlite_master")
    cursor.execute(
        "SELECT list.name, info.name FROM pragma_index_list(%s) AS list, pragma_index_info(list.name) AS info"
        " WHERE NOT list.partial AND list.name NOT IN (SELECT idx FROM sqlite_stat1 WHERE tbl = %s AND idx IS NOT NULL)"
        " ORDER BY list.name, info.seqno",
        [_TABLE, _TABLE],
    )
    found: dict[str, list[str]] = {}
    for index, column in cursor.fetchall():
        found.setdefault(index, []).append(column)
    return found


def _rows_alike(columns: list[str]) -> list[int]:
    """How many rows have the same first column, the same first two, and so on."""
    alike, found = _ROWS, []
    for column in columns:
        alike = max(1, alike // _VALUES.get(column, _ROWS))
        found.append(alike)
    return found

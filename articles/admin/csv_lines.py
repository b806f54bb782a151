"""Tables for spreadsheets, sent line by line."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import StreamingHttpResponse
from django.utils import timezone

# What a spreadsheet would take for a formula.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """A file for `csv.writer` that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A file to download, its name with the day; no cell of it is a formula."""
    writer = csv.writer(Echo())
    lines = (writer.writerow([harmless(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

import io
from datetime import date

import pytest

from articles.popularity.count_lines import BadLine, CountLine, read_count_lines

TODAY = date(2026, 11, 22)
DAY = date(2026, 11, 20)
TABLE = "story,day,reads\nferries,2026-11-20,12\n/2026/11/cranes/,20261120,3\n"


def read(table, encoding="utf-8"):
    data = table if isinstance(table, bytes) else table.encode(encoding)
    return list(read_count_lines(io.BufferedReader(io.BytesIO(data)), today=TODAY))


def values(table, encoding="utf-8"):
    return [(line.story, line.day, line.reads) for line in read(table, encoding) if isinstance(line, CountLine)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_table_is_read_however_it_was_written(encoding, delimiter, end):
    table = TABLE.replace(",", delimiter).replace("\n", end)
    assert values(table, encoding) == [("ferries", DAY, 12), ("/2026/11/cranes/", DAY, 3)]


def test_heading_may_be_missing():
    assert values("ferries,2026-11-20,12") == [("ferries", DAY, 12)]


def test_columns_are_found_by_their_names_here_and_elsewhere():
    assert values("Date,Country,Page path,Views\n20261120,PT,/ferries/,12\n") == [("/ferries/", DAY, 12)]


def test_heading_without_a_column_that_is_needed_ends_the_file():
    (line,) = read("page,views\n/ferries/,3\n")
    assert line == BadLine(1, "expected a heading with the columns story, day and reads, found page, views.")


def test_empty_lines_and_remarks_are_passed_over():
    assert [line.number for line in read("# From elsewhere\n\nferries,2026-11-20,12\n\n")] == [3]


def test_nothing_is_nothing():
    assert read("") == read("\n\n") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ferries,2026-11-20", "found 2 columns"),
        ("ferries,yesterday,3", "expected a day such as 2026-11-22, found “yesterday”"),
        ("ferries,2026-02-30,3", "expected a day such as"),
        ("ferries,11/20/2026,3", "expected a day such as"),
        ("ferries,2026-11-23,3", "from 1990-01-01 to 2026-11-22, found 2026-11-23"),
        ("ferries,0001-01-01,3", "from 1990-01-01"),
        ("ferries,2026-11-20,-3", "expected a whole number of reads"),
        ("ferries,2026-11-20,3.5", "expected a whole number of reads"),
        ("ferries,2026-11-20,99999999999", "50,000,000 at the most"),
        (",2026-11-20,3", "expected the address or the slug of a story, found nothing"),
        ('"ferries,2026-11-20,3', "expected a line such as"),
        ("x" * 20_000, "more than 10,000 characters"),
    ],
)
def test_bad_line_says_what_was_expected_and_the_others_go_on(line, expected):
    before, bad, after = read(f"one,2026-11-20,1\n{line}\ntwo,2026-11-20,2\n")
    assert (before.story, after.story, after.number) == ("one", "two", 3)
    assert bad.number == 2
    assert expected in bad.message


def test_line_that_is_no_utf_8_is_refused_alone():
    _, bad, after = read(b"one,2026-11-20,1\ncaf\xe9,2026-11-20,1\ntwo,2026-11-20,2\n")
    assert bad == BadLine(2, "expected text in UTF-8.")
    assert after.story == "two"


def test_whole_numbers_may_have_a_point():
    assert values("ferries,2026-11-20,12.0") == [("ferries", DAY, 12)]

# Times as texts write them, without a zone; and a dateline in Cyrillic.
# ruff: noqa: DTZ001, RUF001
from datetime import datetime

import pytest

from articles.importers.head_lines import Head, parse_byline, split_dateline


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Leila Haddad", ["Leila Haddad"]),
        ("BY LEILA HADDAD", ["LEILA HADDAD"]),
        ("by Leila Haddad and Tom Reyes", ["Leila Haddad", "Tom Reyes"]),
        ("By Leila Haddad, Tom Reyes and Ana de Souza", ["Leila Haddad", "Tom Reyes", "Ana de Souza"]),
        ("By Leila Haddad, Tom Reyes, and Ana de Souza", ["Leila Haddad", "Tom Reyes", "Ana de Souza"]),
        ("By Leila Haddad & Tom Reyes", ["Leila Haddad", "Tom Reyes"]),
        ("Written by: Ludwig van der Rohe", ["Ludwig van der Rohe"]),
        ("By J. R. Moss Jr.", ["J. R. Moss Jr."]),
        ("By Jean d’Arc", ["Jean d’Arc"]),
        ("By ليلى حداد", ["ليلى حداد"]),
        ("By 王小明", ["王小明"]),
        ("By Leila Haddad and Leila Haddad", ["Leila Haddad"]),
        ("By Reuters", ["Reuters"]),
    ],
)
def test_bylines_give_names(line, names):
    assert parse_byline(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "By",
        "By Friday",
        "By Friday the troops had left the city",
        "By noon and by night",
        "By the river, nobody had slept.",
        "By Force of Arms They Took the City of Manbij Again",
        "By 2016",
        "By Leila Haddad left the city.",
        "Bypass opens",
        "By leila@example.org",
        "By A? B",
    ],
)
def test_prose_that_begins_like_a_byline_is_none(line):
    assert parse_byline(line) == []


def test_head_takes_each_kind_once_in_either_order():
    head = Head()
    assert head.take("23 July 2016")
    assert head.take("By Leila Haddad")
    assert not head.take("By Tom Reyes")
    assert not head.take("24 July 2016")
    assert head == Head(["Leila Haddad"], datetime(2016, 7, 23))


@pytest.mark.parametrize("between", [" | ", " · ", " — ", " - "])
def test_head_takes_byline_and_date_on_one_line(between):
    head = Head()
    assert head.take(f"By Leila Haddad{between}23 July 2016")
    assert head == Head(["Leila Haddad"], datetime(2016, 7, 23))


def test_head_takes_published_and_updated_times():
    head = Head()
    assert head.take("Published on 23 July 2016")
    assert head.take("Updated: 24 July 2016, 09:00")
    assert head == Head([], datetime(2016, 7, 23), datetime(2016, 7, 24, 9))


def test_head_leaves_half_understood_lines_whole():
    head = Head()
    assert not head.take("By Leila Haddad — and then it rained")
    assert head == Head()


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("MANBIJ, Syria — Fighters left.", "MANBIJ, Syria"),
        ("MANBIJ, Syria – Fighters left.", "MANBIJ, Syria"),
        ("MANBIJ, Syria - Fighters left.", "MANBIJ, Syria"),
        ("MANBIJ, Syria -- Fighters left.", "MANBIJ, Syria"),
        ("BEIRUT—Fighters left.", "BEIRUT"),
        ("NY-ÅLESUND, Svalbard — It was late.", "NY-ÅLESUND, Svalbard"),
        ("LITTLE RANN OF KUTCH, India — The engine ran.", "LITTLE RANN OF KUTCH, India"),
        ("WASHINGTON, July 23 (AP) — “No,” he said.", "WASHINGTON, July 23 (AP)"),
        ("ST. JOHN’S, Newfoundland and Labrador — Fish.", "ST. JOHN’S, Newfoundland and Labrador"),
        ("МОСКВА — Снег.", "МОСКВА"),
    ],
)
def test_dateline_is_taken_off_the_first_paragraph(paragraph, dateline):
    place, text = split_dateline(paragraph)
    assert place == dateline
    assert paragraph.startswith(place)
    assert paragraph.endswith(text)
    assert not text.startswith(("—", "–", "-"))


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Syrian Democratic Forces (SDF) alliance — made up of many — advanced.",
        "The city — Manbij — fell.",
        "NASA — the agency for space — denied it.",
        "UN — It is two letters.",
        "— MANBIJ",
        "MANBIJ —",
        "MANBIJ, Syria has a river — The Euphrates.",
        "COVID-19 — The virus.",
        "NOBODY WHO SAW IT DOUBTED THAT IT WAS THE END OF THE WAR — It was not.",
        "Well-known — A word.",
        "1984 — A novel.",
    ],
)
def test_other_dashes_stay(paragraph):
    assert split_dateline(paragraph) == ("", paragraph)

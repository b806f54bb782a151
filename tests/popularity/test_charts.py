from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.popularity.charts import HEIGHT, MOST_GRIDLINES, Column, draw_columns, scale_for, short_number

NUMBERS = st.lists(st.integers(0, 10**9), min_size=1, max_size=90)


def columns(*values):
    return [Column(f"Hour {place}", value) for place, value in enumerate(values)]


def percent(text):
    assert text.endswith("%")
    return float(text[:-1])


@given(st.integers(1, 10**12))
def test_scale_is_round_and_holds_the_highest(peak):
    step, top = scale_for(peak)
    assert top - step < peak <= top
    assert top % step == 0
    assert top // step <= MOST_GRIDLINES
    assert str(step).rstrip("0") in {"1", "2", "5"}


@given(NUMBERS)
def test_bars_are_as_high_as_their_numbers_and_stay_within_the_chart(values):
    chart = draw_columns(columns(*values))
    _, top = scale_for(max(values))
    for bar, value in zip(chart.bars, values, strict=True):
        assert float(bar.y) + float(bar.height) == pytest.approx(HEIGHT, abs=0.11)
        assert 0 <= float(bar.y) <= HEIGHT
        assert (float(bar.height) > 0) == (value > 0)
        if value / top > 0.02:
            assert float(bar.height) / (HEIGHT - 16) == pytest.approx(value / top, abs=0.01)


@given(NUMBERS)
def test_bars_stand_side_by_side_over_the_whole_width(values):
    bars = draw_columns(columns(*values)).bars
    for left, right in pairwise(bars):
        assert percent(left.x) + percent(left.width) < percent(right.x)
    assert percent(bars[0].slot_x) == 0
    assert percent(bars[-1].slot_x) + percent(bars[-1].slot_width) == pytest.approx(100, abs=0.01)


def test_nothing_read_is_an_empty_chart():
    assert draw_columns(columns(0, 0)).is_empty
    assert draw_columns([]).is_empty
    assert draw_columns([]).peak is None


def test_peak_is_the_highest_bar():
    assert draw_columns(columns(1, 7, 3)).peak.name == "Hour 1"


def test_gridlines_name_round_numbers():
    assert [line.label for line in draw_columns(columns(3_100)).gridlines] == ["1,000", "2,000", "3,000", "4,000"]


def test_labels_at_the_edges_stay_within_the_chart():
    ticks = draw_columns([Column("", 1, f"tick {place}") for place in range(48)]).ticks
    assert (ticks[0].anchor, ticks[0].x) == ("start", "0.000%")
    assert (ticks[-1].anchor, ticks[-1].x) == ("end", "100.000%")
    assert ticks[24].anchor == "middle"


def test_only_columns_with_a_label_have_a_tick():
    assert [tick.label for tick in draw_columns([Column("", 1), Column("", 1, "Sat 1")]).ticks] == ["Sat 1"]


@pytest.mark.parametrize(("number", "text"), [(950, "950"), (12_000, "12,000"), (1_500_000, "1.5 m")])
def test_numbers_at_gridlines_are_short(number, text):
    assert short_number(number) == text

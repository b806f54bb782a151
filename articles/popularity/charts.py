"""From numbers to the shapes of a chart: places along it in percent, so that it is as wide as its page; heights in pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 160
# Above the highest line its number still has room.
HEADROOM: Final = 16
MOST_GRIDLINES: Final = 4
# The part of a column's place that its bar takes.
BAR_WIDTH: Final = 0.72


@dataclass(frozen=True)
class Column:
    """A number, what it counts in words, and the label below it where there is one."""

    name: str
    value: int
    tick: str = ""
    # A label that goes first where there is little room.
    is_minor: bool = False
    # The time that it counts has not passed yet.
    is_open: bool = False


@dataclass(frozen=True)
class Bar:
    """Written as attributes have it, whatever the language of the page writes numbers like."""

    name: str
    value: int
    slot_x: str
    slot_width: str
    x: str
    width: str
    y: str
    height: str
    is_open: bool


@dataclass(frozen=True)
class Gridline:
    y: str
    text_y: str
    label: str


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    anchor: str
    is_minor: bool


@dataclass(frozen=True)
class Chart:
    bars: Sequence[Bar]
    gridlines: Sequence[Gridline]
    ticks: Sequence[Tick]
    total: int
    peak: Bar | None
    height: int = HEIGHT

    @property
    def is_empty(self) -> bool:
        return self.total == 0


def draw_columns(columns: Sequence[Column]) -> Chart:
    """A bar a column, over a scale of whole and round numbers that begins at nought."""
    step, top = scale_for(max((column.value for column in columns), default=0))
    bars = [_bar(column, place, len(columns), top) for place, column in enumerate(columns)]
    return Chart(
        bars=bars,
        gridlines=[_gridline(value, top) for value in range(step, top + 1, step)],
        ticks=[_tick(column, place, len(columns)) for place, column in enumerate(columns) if column.tick],
        total=sum(column.value for column in columns),
        peak=max(bars, key=lambda bar: bar.value, default=None),
    )


def scale_for(peak: int) -> tuple[int, int]:
    """The distance of the gridlines, 1, 2 or 5 times a power of ten, and the number at the uppermost of them."""
    if peak <= 0:
        return 1, 1
    magnitude = 10 ** max(int(math.log10(peak / MOST_GRIDLINES)), 0) if peak > MOST_GRIDLINES else 1
    step = next(step for factor in (1, 2, 5, 10, 20) if -(-peak // (step := factor * magnitude)) <= MOST_GRIDLINES)
    return step, -(-peak // step) * step


def short_number(value: int) -> str:
    """As it stands at a gridline: 950; 12,000; 1.5 m."""
    return f"{value / 1_000_000:g} m" if value >= 1_000_000 else f"{value:,}"


def _bar(column: Column, place: int, number: int, top: int) -> Bar:
    slot = 100 / number
    tall = (HEIGHT - HEADROOM) * column.value / top
    # What was read at all is seen.
    height = max(tall, 1.5) if column.value else 0
    return Bar(
        name=column.name,
        value=column.value,
        slot_x=_percent(place * slot),
        slot_width=_percent(slot),
        x=_percent((place + (1 - BAR_WIDTH) / 2) * slot),
        width=_percent(slot * BAR_WIDTH),
        y=_pixels(HEIGHT - height),
        height=_pixels(height),
        is_open=column.is_open,
    )


def _gridline(value: int, top: int) -> Gridline:
    y = HEIGHT - (HEIGHT - HEADROOM) * value / top
    return Gridline(_pixels(y), _pixels(y + 4), short_number(value))


def _tick(column: Column, place: int, number: int) -> Tick:
    # Those of the first and the last column stay within the chart.
    anchor = "start" if place == 0 else "end" if place == number - 1 else "middle"
    at = {"start": place, "end": place + 1, "middle": place + 0.5}[anchor]
    return Tick(_percent(100 * at / number), column.tick, anchor, column.is_minor)


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"

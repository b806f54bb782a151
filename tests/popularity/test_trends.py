"""The formula of what trends: its order depends neither on arrival nor on the clock."""

import math
import random
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.popularity.ranking import LANDMARK, join_trends, reads_now, trend_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEIGHTS = st.floats(0.01, 1000)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds))
READS = st.lists(st.tuples(WEIGHTS, MOMENTS), min_size=1, max_size=30)


def trend_of_all(reads, half_life=DAY):
    return reduce(join_trends, (trend_of(weight, at, half_life=half_life) for weight, at in reads))


def test_read_weighs_half_after_a_half_life():
    assert reads_now(trend_of(1, NOW, half_life=DAY), NOW + DAY, half_life=DAY) == pytest.approx(0.5)


def test_no_reads_make_no_trend():
    assert trend_of(0, NOW, half_life=DAY) is None
    assert join_trends(None, None) is None
    assert join_trends(None, 3.0) == join_trends(3.0, None) == 3.0


@given(READS)
def test_trend_is_the_sum_of_what_each_read_still_weighs(reads):
    expected = math.fsum(weight * 0.5 ** ((NOW - at) / DAY) for weight, at in reads)
    assert reads_now(trend_of_all(reads), NOW, half_life=DAY) == pytest.approx(expected, rel=1e-6)


@given(READS, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(reads, chance: random.Random):
    shuffled = chance.sample(reads, len(reads))
    assert trend_of_all(shuffled) == pytest.approx(trend_of_all(reads), rel=1e-12)


@given(READS, READS, st.timedeltas(timedelta(0), timedelta(days=700)))
def test_time_alone_never_changes_the_order(reads, others, passed):
    one, other = trend_of_all(reads), trend_of_all(others)
    weighs = [reads_now(trend, NOW, half_life=DAY) for trend in (one, other)]
    weighs_later = [reads_now(trend, NOW + passed, half_life=DAY) for trend in (one, other)]
    if not math.isclose(one, other, rel_tol=1e-12):
        # Equal where both have become too small for a number; never the other way round.
        assert (weighs[0] - weighs[1]) * (weighs_later[0] - weighs_later[1]) >= 0


def test_hundred_years_do_not_overflow():
    half_life = timedelta(hours=1)
    at = LANDMARK
    trend = None
    for year in range(101):
        at = LANDMARK.replace(year=LANDMARK.year + year)
        trend = join_trends(trend, trend_of(1_000_000, at, half_life=half_life))
    assert reads_now(trend, at, half_life=half_life) == pytest.approx(1_000_000)
    assert reads_now(trend_of(1, LANDMARK, half_life=half_life), at, half_life=half_life) == 0.0
    assert math.isfinite(reads_now(trend, LANDMARK, half_life=half_life))

"""The statistics match scipy and published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.experiments import statistics
from engine.experiments.statistics import Sample

COUNTS = st.integers(1, 3000)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_sign_test_is_the_exact_binomial_test(first: int, second: int) -> None:
    expected = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert statistics.sign_test(first, second) == pytest.approx(expected, rel=1e-8, abs=1e-300)


@given(st.floats(0, 200), st.integers(1, 12))
def test_chi_square_probabilities_match_scipy(statistic: float, freedom: int) -> None:
    expected = stats.chi2.sf(statistic, freedom)
    assert statistics.chi_square_above(statistic, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=5))
def test_the_sample_ratio_test_matches_scipy(seen: list[int]) -> None:
    shares = [1.0 + place for place in range(len(seen))]
    due = np.array(shares) / sum(shares) * sum(seen)
    found = statistics.ratio_mismatch(seen, shares)
    if due.min() < statistics.LEAST_EXPECTED:
        assert found is None
    else:
        assert found == pytest.approx(stats.chisquare(seen, due).pvalue, rel=1e-9, abs=1e-15)


@given(COUNTS, st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
def test_intervals_of_a_share_match_wilson(n: int, part: float, level: float) -> None:
    successes = round(n * part)
    expected = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
    assert statistics.wilson(successes, n, level=level) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_difference_of_two_shares_matches_newcombes_example() -> None:
    # Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II, example (a).
    found = statistics.proportions((48, 80), (56, 70))
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(st.lists(st.floats(-50, 50), min_size=6, max_size=60), st.lists(st.floats(-50, 50), min_size=6, max_size=60))
def test_the_difference_of_two_means_matches_welch(first: list[float], second: list[float]) -> None:
    a, b = Sample.of(first), Sample.of(second)
    if min(a.variance, b.variance) < 1e-6:
        return
    interval = stats.ttest_ind(second, first, equal_var=False).confidence_interval()
    found = statistics.means(a, b)
    wide = interval.high - interval.low
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-3 * wide)


@given(st.floats(0.8, 0.995), st.floats(5, 1e6))
def test_student_quantiles_match_scipy(p: float, freedom: float) -> None:
    assert statistics.student_quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=2e-3)


def test_a_detectable_effect_is_found_four_times_in_five() -> None:
    random, n = np.random.default_rng(5), 800
    least = statistics.detectable(Sample(n, 0, 1.0), Sample(n, 0, 1.0))
    found = 0
    for _ in range(400):
        pair = [Sample.of(random.normal(mean, 1, n).tolist()) for mean in (0, least)]
        found += statistics.means(*pair).excludes_zero
    assert 0.74 < found / 400 < 0.86


def test_nothing_is_claimed_for_too_few_users() -> None:
    assert statistics.means(Sample.of([1.0]), Sample.of([2.0, 3.0])).high == math.inf
    assert statistics.detectable(Sample.of([]), Sample.of([1.0])) == math.inf
    assert statistics.wilson(0, 0) == (0, 1)
    alike = Sample.of([1.0] * 9), Sample.of([2.0] * 9)
    assert not statistics.means(*alike).excludes_zero
    assert statistics.detectable(*alike) == math.inf
    assert statistics.ratio_mismatch([3, 4], [0.5, 0.5]) is None
    assert not statistics.proportions((0, 0), (0, 0)).excludes_zero

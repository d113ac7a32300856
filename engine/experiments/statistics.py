"""Statistics: intervals of differences, sample ratio tests, detectable effects. Pure.

Implemented with the standard library, since serving does not depend on scipy; tests compare with scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from core.experiments import Interval

LEVEL, POWER = 0.95, 0.8
SUSPICIOUS = 0.001
"""p-value below which there is a sample ratio mismatch (Fabijan et al., "Diagnosing sample ratio mismatch", 2019)."""
LEAST_EXPECTED = 5
"""Expected users of every variant from which the chi-square approximation holds."""
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Sample:
    """The mean and the unbiased variance of `n` values."""

    n: int
    mean: float
    variance: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Sample:
        """Return the sample of values; all zero without values."""
        n = len(values)
        mean = math.fsum(values) / n if n else 0.0
        squares = math.fsum((value - mean) ** 2 for value in values)
        return cls(n, mean, squares / (n - 1) if n > 1 else 0.0)


def wilson(successes: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a proportion (Wilson, 1927)."""
    if n == 0:
        return 0.0, 1.0
    z, share = _z(level), successes / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def proportions(first: tuple[int, int], second: tuple[int, int], *, level: float = LEVEL) -> Interval:
    """Return the difference of two proportions (successes, n) with Newcombe's hybrid score interval (1998)."""
    shares = [successes / n if n else 0.0 for successes, n in (first, second)]
    (low1, high1), (low2, high2) = wilson(*first, level=level), wilson(*second, level=level)
    difference = shares[1] - shares[0]
    below = math.hypot(shares[1] - low2, high1 - shares[0])
    above = math.hypot(high2 - shares[1], shares[0] - low1)
    return Interval(difference, max(-1.0, difference - below), min(1.0, difference + above))


def means(first: Sample, second: Sample, *, level: float = LEVEL) -> Interval:
    """Return second minus first of two means with unequal variances (Welch, 1947).

    The interval is infinite if the variance is unknown: with fewer than two values per side, or all values equal.
    """
    difference = second.mean - first.mean
    if min(first.n, second.n) < 2 or first.variance + second.variance == 0:  # noqa: PLR2004 - a variance needs two
        return Interval(difference, -math.inf, math.inf)
    a, b = first.variance / first.n, second.variance / second.n
    freedom = (a + b) ** 2 / (a * a / (first.n - 1) + b * b / (second.n - 1))
    half = student_quantile(0.5 + level / 2, freedom) * math.sqrt(a + b)
    return Interval(difference, difference - half, difference + half)


def student_quantile(p: float, freedom: float) -> float:
    """Return a quantile of Student's t by its expansion around the normal (Abramowitz and Stegun, 26.7.5); accurate to
    .2 % from 5 degrees of freedom and up to a level of .99."""
    z = _NORMAL.inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def ratio_mismatch(seen: Sequence[int], shares: Sequence[float]) -> float | None:
    """Return the p-value of the numbers given the shares (Pearson's chi-square); None if too few are expected."""
    total, whole = sum(seen), sum(shares)
    expected = [total * share / whole for share in shares] if whole else []
    if len(expected) < 2 or min(expected) < LEAST_EXPECTED:  # noqa: PLR2004 - a ratio needs two numbers
        return None
    statistic = sum((count - due) ** 2 / due for count, due in zip(seen, expected, strict=True))
    return chi_square_above(statistic, len(expected) - 1)


def chi_square_above(statistic: float, freedom: int) -> float:
    """Return the upper tail probability by the recurrence of the incomplete gamma function (Abramowitz and Stegun,
    6.5.22)."""
    x, a = statistic / 2, 0.5 if freedom % 2 else 1.0
    above = math.erfc(math.sqrt(x)) if freedom % 2 else math.exp(-x)
    while a < freedom / 2 and x > 0:
        above += math.exp(a * math.log(x) - x - math.lgamma(a + 1))
        a += 1
    return min(1.0, above) if x > 0 else 1.0


def sign_test(first: int, second: int) -> float:
    """Return the p-value of a two-sided exact binomial test that both win equally often; 1 without wins."""
    n, least = first + second, min(first, second)
    if n == 0 or first == second:
        return 1.0
    logs = [_log_choose(n, k) - n * math.log(2) for k in range(least + 1)]
    return min(1.0, 2 * math.fsum(map(math.exp, logs)))


def detectable(first: Sample, second: Sample, *, level: float = LEVEL, power: float = POWER) -> float:
    """Return the smallest difference of two means that is detected with this power; infinite if the variance is
    unknown."""
    if not first.n or not second.n or first.variance + second.variance == 0:
        return math.inf
    freedom = max(first.n + second.n - 2, 1)
    pooled = ((first.n - 1) * first.variance + (second.n - 1) * second.variance) / freedom
    return (_z(level) + _NORMAL.inv_cdf(power)) * math.sqrt(pooled * (1 / first.n + 1 / second.n))


def _z(level: float) -> float:
    return _NORMAL.inv_cdf(0.5 + level / 2)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

"""Off-policy estimates: what other ways to fill the explored positions would have achieved, from logged draws. Pure.

Each draw has the probability with which it was made. Two estimators of the mean reward of another policy:

    SNIPS = Σ w r / Σ w                                          (Swaminathan and Joachims, 2015)
    DR    = mean(Σ_a π(a) q(a) + w (r - q(a_drawn)))             (Dudík, Langford and Li, 2011)

w is the policy's probability of the drawn movie over the logged one, r the reward, and q(a) a regression of the reward
on the logarithm of the movie's rank among the candidates. Both agree if the propensities are right; DR varies less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NORMAL = 1.959964
"""Quantile of the normal distribution for 95 % intervals."""
LEAST_EFFECTIVE = 30.0
"""Effective number of draws, (Σ w)² / Σ w², below which no interval is stated: it would be too narrow."""
POLICIES = ("best", "as drawn", "at random")
"""The best movie by the model's score, the logged policy itself, and each candidate equally often."""


@dataclass(frozen=True, slots=True)
class Logged:
    """Draws whose movies were seen.

    Attributes:
        ranks, pools: int64, (n,): rank of the drawn movie among its candidates, from 0, and their number.
        propensities: float64, (n,), above 0. rewards: float64, (n,).
    """

    ranks: NDArray[np.int64]
    pools: NDArray[np.int64]
    propensities: NDArray[np.float64]
    rewards: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ranks)


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate of a policy's mean reward with its 95 % interval; None without enough draws."""

    policy: str
    draws: int
    effective: float
    snips: float | None
    low: float | None
    high: float | None
    doubly_robust: float | None

    def plain(self) -> dict[str, Any]:
        """Return the estimate as plain JSON values."""
        return {name: round(value, 5) if isinstance(value, float) else value for name, value in asdict(self).items()}


def estimates(logged: Logged) -> Sequence[Estimate]:
    """Return an estimate for each policy."""
    if not len(logged):
        return ()
    slope, level = _regression(logged)
    return [_estimate(policy, logged, slope, level) for policy in POLICIES]


def weights(policy: str, logged: Logged) -> NDArray[np.float64]:
    """Return float64, (n,): the policy's probability of each drawn movie over the logged one."""
    if policy == "as drawn":
        return np.ones(len(logged))
    wanted = (logged.ranks == 0).astype(np.float64) if policy == "best" else 1 / logged.pools
    return np.asarray(wanted / logged.propensities)


def _estimate(policy: str, logged: Logged, slope: float, level: float) -> Estimate:
    own = weights(policy, logged)
    total = float(own.sum())
    effective = total**2 / float(np.square(own).sum()) if total else 0.0
    if effective < LEAST_EFFECTIVE:
        return Estimate(policy, len(logged), effective, None, None, None, None)
    mean = float(own @ logged.rewards) / total
    error = NORMAL * float(np.sqrt(np.square(own * (logged.rewards - mean)).sum())) / total
    expected = level + slope * np.log1p(logged.ranks)
    robust = _expected(policy, logged, slope, level) + own * (logged.rewards - expected)
    return Estimate(policy, len(logged), effective, mean, mean - error, mean + error, float(robust.mean()))


def _expected(policy: str, logged: Logged, slope: float, level: float) -> NDArray[np.float64]:
    """Return float64, (n,): what the regression expects of the policy for each draw."""
    if policy == "best":
        return np.full(len(logged), level)
    if policy == "as drawn":
        return np.asarray(level + slope * np.log1p(logged.ranks))
    means = {pool: float(np.log1p(np.arange(pool)).mean()) for pool in np.unique(logged.pools).tolist()}
    return np.array([level + slope * means[pool] for pool in logged.pools.tolist()])


def _regression(logged: Logged) -> tuple[float, float]:
    """Return slope and level of the reward over log(1 + rank)."""
    x = np.log1p(logged.ranks)
    spread = float(np.square(x - x.mean()).sum())
    slope = float((x - x.mean()) @ logged.rewards) / spread if spread > 0 else 0.0
    return slope, float(logged.rewards.mean() - slope * x.mean())

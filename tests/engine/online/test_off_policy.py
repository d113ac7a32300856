"""Off-policy estimates in a world where the true value of each policy is known."""

from __future__ import annotations

import numpy as np
import pytest

from engine.online import off_policy
from engine.online.off_policy import Logged
from engine.recommender.selection import exploration

POOL = 10
SCORES = np.linspace(2, -2, POOL)
CHANCES = exploration.probabilities(SCORES)
TRUE = np.linspace(0.5, 0.05, POOL) + 0.1 * (np.arange(POOL) % 2)
"""The probability that a movie of each rank is clicked."""
VALUES = {"best": TRUE[0], "as drawn": float(CHANCES @ TRUE), "at random": float(TRUE.mean())}


def world(draws: int, seed: int) -> Logged:
    """Draw as the site does, and click with the known probabilities."""
    draw = np.random.default_rng(seed)
    ranks = draw.choice(POOL, draws, p=CHANCES)
    clicks = (draw.random(draws) < TRUE[ranks]).astype(np.float64)
    return Logged(ranks, np.full(draws, POOL), CHANCES[ranks], clicks)


@pytest.mark.parametrize("policy", off_policy.POLICIES)
def test_the_interval_covers_the_true_value_as_often_as_it_claims(policy: str) -> None:
    found = [
        next(one for one in off_policy.estimates(world(1_000, seed)) if one.policy == policy) for seed in range(400)
    ]
    covered = [one.low <= VALUES[policy] <= one.high for one in found if one.low is not None and one.high is not None]
    assert len(covered) == 400
    assert 0.92 <= np.mean(covered) <= 0.98


@pytest.mark.parametrize("policy", off_policy.POLICIES)
def test_both_estimators_are_unbiased(policy: str) -> None:
    found = [
        next(one for one in off_policy.estimates(world(1_000, seed)) if one.policy == policy) for seed in range(400)
    ]
    assert np.mean([one.snips for one in found]) == pytest.approx(VALUES[policy], abs=0.01)
    assert np.mean([one.doubly_robust for one in found]) == pytest.approx(VALUES[policy], abs=0.01)


def test_the_naive_mean_would_be_biased() -> None:
    assert abs(float(world(10_000, 1).rewards.mean()) - VALUES["best"]) > 0.04


def test_few_draws_give_no_figure() -> None:
    found = {one.policy: one for one in off_policy.estimates(world(60, 1))}
    assert found["best"].snips is None
    assert found["best"].effective < off_policy.LEAST_EFFECTIVE
    assert found["as drawn"].snips is not None
    assert off_policy.estimates(world(0, 1)) == ()

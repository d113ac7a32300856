"""The search for weights of the blend: accuracy first, coverage where it costs almost nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.evaluation import splits
from engine.training.fit import blend_weights
from engine.training.fit.blend_weights import Contest
from tests.properties import worlds

CASES, MOVIES, KNOWN, POOL = 120, 600, 30, 64
NAMES = ("ease", "content")


def contest(*, content_knows: bool) -> Contest:
    """EASE finds liked movies among few known ones; content covers all, and knows what is liked or nothing."""
    dice = np.random.default_rng(3)
    pool = np.stack(
        [
            np.concatenate([np.arange(KNOWN), dice.choice(np.arange(KNOWN, MOVIES), POOL - KNOWN, replace=False)])
            for _ in range(CASES)
        ]
    )
    liked = dice.random(pool.shape) < np.where(pool < KNOWN, 0.1, 0.02)
    liked[:, 0] = True
    ease = (pool < KNOWN) * (0.6 + 0.3 * liked) + dice.normal(0, 0.3, pool.shape)
    content = dice.normal(0, 0.6, pool.shape) + (1.2 * liked if content_knows else 0.0)
    parts = np.stack([ease, content], axis=1).astype(np.float32)
    return Contest(NAMES, parts, np.zeros(pool.shape, np.bool_), pool, liked, liked.sum(axis=1), MOVIES)


def ndcg(asked: Contest, weights: dict[str, float]) -> float:
    return blend_weights.worth(asked, np.array([weights.get(name, 0.0) for name in NAMES]), least_coverage=0.0)[1]


def coverage_price(asked: Contest, weights: dict[str, float]) -> float:
    own = np.array([weights.get(name, 0.0) for name in NAMES])
    return ndcg(asked, weights) - blend_weights.worth(asked, own, least_coverage=blend_weights.LEAST_COVERAGE)[0]


def test_noise_is_not_weighted_for_the_sake_of_coverage() -> None:
    asked = contest(content_knows=False)
    accurate, best = blend_weights.search(asked, least_coverage=0.0)
    chosen, _ = blend_weights.search(asked, least_coverage=blend_weights.LEAST_COVERAGE)
    noisy = {"ease": 0.79, "content": 0.41}
    assert coverage_price(asked, noisy) < coverage_price(asked, accurate), "noise does cover more"
    assert ndcg(asked, noisy) < best - 0.1, "and costs accuracy"
    assert ndcg(asked, chosen) >= best - 0.01


def test_coverage_decides_between_weights_that_are_almost_as_accurate() -> None:
    asked = contest(content_knows=True)
    accurate, best = blend_weights.search(asked, least_coverage=0.0)
    chosen, found = blend_weights.search(asked, least_coverage=1.0)
    assert found >= best - blend_weights.MOST_LOST - 1e-9
    assert coverage_price(asked, chosen) <= coverage_price(asked, accurate)


@pytest.mark.parametrize("least_coverage", [0.0, 0.22])
def test_the_search_is_deterministic(least_coverage: float) -> None:
    asked = contest(content_knows=True)
    assert blend_weights.search(asked, least_coverage=least_coverage) == blend_weights.search(
        asked, least_coverage=least_coverage
    )


def test_the_calibration_is_fitted_to_an_even_sample_of_the_users() -> None:
    spot = worlds.Spot(3, 40, 30, 2, 0.6)
    split = splits.by_user(worlds.said(spot), seed=1)
    model = worlds.fit(split.train, stars=False)
    everybody = blend_weights.held_out_ratings(model, split)
    few = blend_weights.held_out_ratings(model, split, most=5)
    assert np.unique(few.users).tolist() == [0, 9, 19, 29, 39]
    kept = np.isin(everybody.users, few.users)
    np.testing.assert_array_equal(few.place, everybody.place[kept])
    np.testing.assert_array_equal(few.liked, everybody.liked[kept])

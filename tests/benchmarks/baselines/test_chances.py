"""The probability of a number of stars, from a prediction and its spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks import rating
from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings import worlds
from tests.engine.recommender.ratings.worlds import World, rated


def test_a_probability_is_the_normal_tail_above_the_threshold_of_the_stars(
    world: World, model: FactorPredictor
) -> None:
    history = world.history(4)
    mean, spread = model.mean_and_spread(history, model.movies)
    expected = [0.5 * math.erfc((model.cuts[7] - m) / s / math.sqrt(2)) for m, s in zip(mean, spread, strict=True)]
    np.testing.assert_allclose(rating.chance(model, history, model.movies, least=4.0), expected, atol=5e-4)


def test_an_unknown_movie_has_no_probability(model: FactorPredictor) -> None:
    found = rating.chance(model, rated({7: 4.0}), np.array([17, 999_999]), least=4.0)
    assert np.isnan(found).tolist() == [False, True]


@pytest.mark.parametrize("least", [0.0, 3.7, 5.5])
def test_a_probability_of_impossible_stars_is_rejected(models: dict[str, FactorPredictor], least: float) -> None:
    with pytest.raises(ValueError, match="stars: expected half stars"):
        rating.chance(models["svd"], rated({}), np.array([7]), least=least)


def test_probabilities_add_up_to_the_observed_share(world: World) -> None:
    served = worlds.served(world.users, world.movies, world.stars)
    chances = [rating.chance(served, world.history(user), world.ids, least=4.0) for user in range(len(world.truth))]
    assert np.array(chances)[world.held_out].mean() == pytest.approx(
        (world.truth[world.held_out] >= 4).mean(), abs=0.03
    )

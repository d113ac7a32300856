"""The simpler rating predictors: their formulas, and their results in a world with a known answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.baselines import bias_only, svd, svdpp
from engine.recommender.ratings import least_squares
from engine.recommender.ratings.fold_in import FactorPredictor
from tests.benchmarks.baselines.models import MODELS
from tests.engine.recommender.ratings.test_fit import (
    error_on_first_fold,
    movies_that_were_rated_are_learned_from,
    small,
)
from tests.engine.recommender.ratings.worlds import World, make, rated
from tests.engine.recommender.test_epochs import errors_are_told_after_each_sweep


@pytest.mark.parametrize(("name", "most"), [("svd", 0.15), ("svd++", 0.15)])
def test_factors_and_biases_of_a_known_world_are_recovered(
    world: World, models: dict[str, FactorPredictor], name: str, most: float
) -> None:
    assert world.error(models[name]) < most


def test_the_baseline_finds_the_biases_if_there_is_nothing_else() -> None:
    plain = make(factors=0)
    assert plain.error(MODELS["baseline"](plain.users, plain.movies, plain.stars)) < 0.12


def test_factors_beat_the_baseline_if_tastes_differ(world: World, models: dict[str, FactorPredictor]) -> None:
    errors = {name: world.error(model) for name, model in models.items()}
    assert max(errors["svd"], errors["svd++"]) < errors["baseline"] / 2


def test_the_baseline_equals_its_formula(models: dict[str, FactorPredictor], world: World) -> None:
    model = models["baseline"]
    mean = world.stars.mean()
    of_movie = world.stars[world.movies == 7] - mean
    level = mean + of_movie.sum() / (5 + len(of_movie))
    assert model.predict(rated({}), np.array([7]))[0] == pytest.approx(level, abs=1e-4)
    assert model.predict(rated({7: 4.0}), np.array([7]))[0] == pytest.approx(level + (4.0 - level) / 6, abs=1e-4)


def test_the_selection_of_rated_movies_carries_information_whatever_the_stars(
    models: dict[str, FactorPredictor],
) -> None:
    """SVD++ distinguishes two users whose ratings SVD cannot distinguish."""
    for name, different in (("svd", False), ("svd++", True)):
        model = models[name]
        levels = dict(zip(model.movies.tolist(), model.levels[:, 0].tolist(), strict=True))
        one, other = (
            model.mean_and_spread(rated({movie: levels[movie] for movie in movies}), model.movies)[0]
            for movies in ((7, 17, 27), (407, 417, 427))
        )
        assert bool(np.abs(one - other).max() > 1e-3) is different


def test_ridge_regressions_of_all_users_at_once_equal_those_of_each_user() -> None:
    known, chance = small(), np.random.default_rng(0)
    movies = chance.normal(size=(len(known.movies), 3)).astype(np.float32)
    prior = chance.normal(size=(len(known.users), 3)).astype(np.float32)
    penalty = np.diag([1, 2, 3]).astype(np.float32)
    found = svd.ridge(
        least_squares.features(movies),
        movies[:, 0],
        rated=known.rated(),
        ratings=known.ratings(),
        penalty=penalty,
        prior=prior,
    )
    for user in range(len(known.users)):
        rows = known.movie_rows[known.user_rows == user]
        design = np.column_stack([np.ones(len(rows)), movies[rows, 1:]])
        left = known.deviations[known.user_rows == user] - movies[rows, 0]
        alone = np.linalg.solve(design.T @ design + penalty, design.T @ left + penalty @ prior[user])
        np.testing.assert_allclose(found[user], alone, atol=1e-4)


@pytest.mark.parametrize(("step", "cut"), [(1.0, 3.5), (0.5, 3.75)])
def test_thresholds_are_where_people_round(step: float, cut: float) -> None:
    world = make()
    rounded = np.clip(np.round(world.stars / step) * step, 1, 5).astype(np.float32)
    model = MODELS["svd"](world.users, world.movies, rounded)
    assert model.cuts[7] == pytest.approx(cut, abs=0.06)
    assert np.all(np.diff(model.cuts) >= 0)


@pytest.mark.data
def test_svdpp_beats_the_baseline_on_real_ratings(real_data: Path) -> None:
    assert error_on_first_fold(real_data, svdpp.train) < error_on_first_fold(real_data, bias_only.train) - 0.03


@pytest.mark.parametrize(
    ("module", "sweeps"), [(svd, svd.Options().sweeps), (svdpp, svdpp.Options().sweeps)], ids=["svd", "svd++"]
)
def test_the_error_is_reported_after_each_sweep(module: Any, sweeps: int) -> None:
    errors_are_told_after_each_sweep(module, sweeps)


def test_the_selection_of_rated_movies_is_used_in_training() -> None:
    movies_that_were_rated_are_learned_from(MODELS["svd++"])

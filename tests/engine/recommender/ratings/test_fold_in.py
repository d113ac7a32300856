"""Folding in, against the same algebra written out the long way; the spread and the chances that come with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.recommendations import History
from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings.worlds import World, rated


def by_hand(model: FactorPredictor, history: History, film: int) -> float:
    """The prediction of one film, draw by draw and rating by rating."""
    rows = [int(np.flatnonzero(model.movies == movie)[0]) for movie in history.movies]
    found = []
    for draw in range(len(model.precision)):
        vectors = [np.array([1.0, *model.factors[row, draw]]) for row in rows]
        implied = np.zeros(model.factors.shape[2] + 1)
        if model.implicit.shape[2]:
            lightest = float(model.lightest[0])
            missing = max(0.0, lightest - len(rows)) * model.common[draw] / math.sqrt(lightest)
            said = sum((model.implicit[row, draw].astype(float) for row in rows), missing)
            implied = said / math.sqrt(max(len(rows), lightest))
        system = model.precision[draw].astype(float) + sum(np.outer(v, v) for v in vectors)
        left = [stars - model.levels[row, draw] for row, stars in zip(rows, history.stars, strict=True)]
        right = model.precision[draw] @ implied + sum(v * rest for v, rest in zip(vectors, left, strict=True))
        row = int(np.flatnonzero(model.movies == film)[0])
        viewer = np.linalg.solve(system, right)
        found.append(model.levels[row, draw] + np.array([1.0, *model.factors[row, draw]]) @ viewer)
    return float(np.clip(np.mean(found), 0.5, 5))


def test_the_fold_in_is_the_ridge_solution_of_each_draw(world: World, model: FactorPredictor) -> None:
    for history in (world.history(0), world.history(17), rated({}), rated({7: 2.0}), rated({7: 5.0, 27: 1.5})):
        found = model.predict(history, world.ids[:5])
        np.testing.assert_allclose(found, [by_hand(model, history, film) for film in world.ids[:5]], atol=1e-3)


def test_the_baseline_is_its_formula(models: dict[str, FactorPredictor], world: World) -> None:
    model = models["baseline"]
    mean = world.stars.mean()
    of_film = world.stars[world.movies == 7] - mean
    level = mean + of_film.sum() / (5 + len(of_film))
    assert model.predict(rated({}), np.array([7]))[0] == pytest.approx(level, abs=1e-4)
    assert model.predict(rated({7: 4.0}), np.array([7]))[0] == pytest.approx(level + (4.0 - level) / 6, abs=1e-4)


def test_what_was_rated_says_something_whatever_the_stars(models: dict[str, FactorPredictor]) -> None:
    """SVD++ tells two viewers apart whose ratings leave SVD nothing to learn."""
    for name, different in (("svd", False), ("svd++", True)):
        model = models[name]
        levels = dict(zip(model.movies.tolist(), model.levels[:, 0].tolist(), strict=True))
        one, other = (
            model.mean_and_spread(rated({film: levels[film] for film in films}), model.movies)[0]
            for films in ((7, 17, 27), (407, 417, 427))
        )
        assert bool(np.abs(one - other).max() > 1e-3) is different


def test_the_spread_shrinks_as_more_is_known(world: World, model: FactorPredictor) -> None:
    whole = world.history(2)
    one = rated({int(whole.movies[0]): float(whole.stars[0])})
    spreads = [model.mean_and_spread(history, model.movies)[1].mean() for history in (rated({}), one, whole)]
    assert spreads[0] > spreads[1] > spreads[2] > 0


def test_the_mean_is_the_prediction_before_it_is_clipped(world: World, model: FactorPredictor) -> None:
    history = world.history(2)
    mean, _ = model.mean_and_spread(history, model.movies)
    np.testing.assert_allclose(np.clip(mean, 0.5, 5), model.predict(history, model.movies), atol=1e-5)


def test_a_chance_is_the_normal_tail_above_the_cut_of_the_stars(world: World, model: FactorPredictor) -> None:
    history = world.history(4)
    mean, spread = model.mean_and_spread(history, model.movies)
    expected = [0.5 * math.erfc((model.cuts[7] - m) / s / math.sqrt(2)) for m, s in zip(mean, spread, strict=True)]
    np.testing.assert_allclose(model.chance(history, model.movies, least=4.0), expected, atol=5e-4)


def test_an_unknown_film_has_no_chance_to_speak_of(model: FactorPredictor) -> None:
    found = model.chance(rated({7: 4.0}), np.array([17, 999_999]), least=4.0)
    assert np.isnan(found).tolist() == [False, True]


@pytest.mark.parametrize("least", [0.0, 3.7, 5.5])
def test_a_chance_of_something_that_nobody_can_give_is_refused(
    models: dict[str, FactorPredictor], least: float
) -> None:
    with pytest.raises(ValueError, match="stars: expected half stars"):
        models["svd"].chance(rated({}), np.array([7]), least=least)

"""Fold-in against a direct implementation of the formulas, and the spread."""

from __future__ import annotations

import math

import numpy as np

from core.recommendations.records import History
from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings.worlds import World, rated


def by_hand(model: FactorPredictor, history: History, movie: int) -> float:
    """Compute the prediction of a movie, draw by draw and rating by rating."""
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
        row = int(np.flatnonzero(model.movies == movie)[0])
        user = np.linalg.solve(system, right)
        found.append(model.levels[row, draw] + np.array([1.0, *model.factors[row, draw]]) @ user)
    return float(np.clip(np.mean(found), 0.5, 5))


def test_the_fold_in_is_the_ridge_solution_of_each_draw(world: World, model: FactorPredictor) -> None:
    for history in (world.history(0), world.history(17), rated({}), rated({7: 2.0}), rated({7: 5.0, 27: 1.5})):
        found = model.predict(history, world.ids[:5])
        np.testing.assert_allclose(found, [by_hand(model, history, movie) for movie in world.ids[:5]], atol=1e-3)


def test_the_spread_shrinks_with_more_ratings(world: World, model: FactorPredictor) -> None:
    whole = world.history(2)
    one = rated({int(whole.movies[0]): float(whole.stars[0])})
    spreads = [model.mean_and_spread(history, model.movies)[1].mean() for history in (rated({}), one, whole)]
    assert spreads[0] > spreads[1] > spreads[2] > 0


def test_the_mean_is_the_prediction_before_it_is_clipped(world: World, model: FactorPredictor) -> None:
    history = world.history(2)
    mean, _ = model.mean_and_spread(history, model.movies)
    np.testing.assert_allclose(np.clip(mean, 0.5, 5), model.predict(history, model.movies), atol=1e-5)

"""Trains the served rating predictor: `train(users, movies, stars)`, a few seconds for 100,000 ratings on one core."""

from __future__ import annotations

from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import bayes
from engine.recommender.ratings.bayes import Sweep
from engine.recommender.ratings.fold_in import FactorPredictor


def train(users: Ids, movies: Ids, stars: Floats, *, seed: int = 0, sweep: Sweep | None = None) -> FactorPredictor:
    """Train the served model (`engine.recommender.ratings.bayes`) on ratings in any order.

    Args:
        users: int64, (n,), any number for each user (not stored).
        movies: int64, (n,), TMDB ids.
        stars: float32, (n,), .5 to 5. Repeated pairs count once, with the mean of their stars.
        seed: of the draws; equal ratings and seeds give equal predictors.
        sweep: called after each of the 120 sweeps.

    Raises:
        ValueError: an entry is invalid; the message names it.
    """
    return bayes.train(users, movies, stars, options=bayes.Options(seed=seed), sweep=sweep)

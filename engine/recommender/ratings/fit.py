"""Trains the served rating predictor: `train(users, movies, stars)`, some seconds for 100,000 ratings on one core."""

from __future__ import annotations

from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import bayes
from engine.recommender.ratings.bayes import Sweep
from engine.recommender.ratings.fold_in import FactorPredictor


def train(users: Ids, movies: Ids, stars: Floats, *, seed: int = 0, sweep: Sweep | None = None) -> FactorPredictor:
    """Train the model that is served (`engine.recommender.ratings.bayes`) on ratings in any order.

    Args:
        users: int64, (n,), any number for each user (they do not outlive training).
        movies: int64, (n,), TMDB ids.
        stars: float32, (n,), .5 to 5. A pair that comes several times counts once, with the mean of its stars.
        seed: of the draws; equal ratings and seeds give equal predictors.
        sweep: is told of each of the 120 sweeps.

    Raises:
        ValueError: names the argument and the entry that cannot be used.
    """
    return bayes.train(users, movies, stars, options=bayes.Options(seed=seed), sweep=sweep)

"""Trains the served rating predictor: `train(users, movies, stars)`, a few seconds for 100,000 ratings on one core.

A sweep costs time in proportion to the ratings. So a budget, in ratings times sweeps, bounds the training: more ratings
get fewer sweeps, but at least `LEAST_SWEEPS`, and beyond that, an even sample of the users is learned from. Others lose
little: users are folded in from their own ratings when they are served. A budget in seconds would make results differ
from run to run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import bayes
from engine.recommender.ratings.bayes import Options, Sweep
from engine.recommender.ratings.fold_in import FactorPredictor

BUDGET = 40.0
"""Million ratings times sweeps: about 40 seconds of a core. 333,000 ratings get all sweeps."""
LEAST_SWEEPS = 60
"""With half as many sweeps, the chain has not settled, which costs more than a smaller sample (`docs/rating.md`)."""
WARM_UP_SHARE = 1 / 3
"""Least share of the sweeps before the first draw is kept."""


def train(
    users: Ids, movies: Ids, stars: Floats, *, seed: int = 0, sweep: Sweep | None = None, budget: float = BUDGET
) -> FactorPredictor:
    """Train the served model (`engine.recommender.ratings.bayes`) on ratings in any order.

    Args:
        users: int64, (n,), any number for each user (not stored).
        movies: int64, (n,), TMDB ids.
        stars: float32, (n,), .5 to 5. Repeated pairs count once, with the mean of their stars.
        seed: of the draws; equal ratings and seeds give equal predictors.
        sweep: called after each of the sweeps: 120, or fewer for many ratings.
        budget: million ratings times sweeps.

    Raises:
        ValueError: an entry is invalid; the message names it.
    """
    most = int(budget * 1e6 / LEAST_SWEEPS)
    if len(users) > most:
        kept = _sample(users, most=most)
        users, movies, stars = users[kept], movies[kept], stars[kept]
    return bayes.train(users, movies, stars, options=planned(len(users), seed=seed, budget=budget), sweep=sweep)


def planned(ratings: int, *, seed: int = 0, budget: float = BUDGET) -> Options:
    """Return the options with which so many ratings stay within a budget, or need the fewest sweeps."""
    usual = Options(seed=seed)
    usual_sweeps = usual.warm_up + usual.draws * usual.apart
    sweeps = max(LEAST_SWEEPS, int(budget * 1e6 / max(ratings, 1)))
    if sweeps >= usual_sweeps:
        return usual
    apart = max(1, int(sweeps * (1 - WARM_UP_SHARE)) // usual.draws)
    return Options(seed=seed, warm_up=sweeps - usual.draws * apart, apart=apart)


def _sample(users: Ids, *, most: int) -> NDArray[np.bool_]:
    """Return bool, like `users`: the ratings of an even sample of the users, about `most` of them."""
    names, rows = np.unique(users, return_inverse=True)
    count = max(1, len(names) * most // len(users))
    chosen = np.zeros(len(names), np.bool_)
    chosen[np.linspace(0, len(names) - 1, count).astype(np.intp)] = True
    return np.asarray(chosen[rows], np.bool_)

"""Scores computed from a movie's own figures. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

PRIOR_VOTES = 300.0
"""Weight of the prior in votes: about the median vote count of TMDB 5000, so that half of the movies outweigh it."""
PRIOR_MEAN = 6.2
"""Mean vote of TMDB 5000 over movies with votes."""


def bayesian_mean(vote_average: ArrayLike, vote_count: ArrayLike) -> NDArray[np.float64]:
    """Return the mean vote shrunk towards the prior: (C·m + n·v) / (C + n), the weighting of IMDb's Top 250.

    Unknown averages (NaN) get the prior's mean.
    """
    average = np.asarray(vote_average, dtype=np.float64)
    count = np.where(np.isnan(average), 0.0, np.asarray(vote_count, dtype=np.float64))
    known = np.nan_to_num(average, nan=PRIOR_MEAN)
    return np.asarray((PRIOR_VOTES * PRIOR_MEAN + count * known) / (PRIOR_VOTES + count))


POPULARITY_VOTES = 15_000.0
"""Votes at which prominence reaches 1 (on a logarithmic scale)."""
POPULARITY_FIGURE = 100.0
"""TMDB popularity at which prominence reaches 1, used for movies without votes."""


def prominence(vote_count: ArrayLike, popularity: ArrayLike) -> NDArray[np.float64]:
    """Return how well known a movie is, 0 to 1 on a logarithmic scale: by its votes, or, without any, by popularity."""
    votes = np.asarray(vote_count, dtype=np.float64)
    by_votes = np.log1p(votes) / np.log1p(POPULARITY_VOTES)
    by_figure = np.log1p(np.asarray(popularity, dtype=np.float64)) / np.log1p(POPULARITY_FIGURE)
    return np.asarray(np.clip(np.where(votes > 0, by_votes, by_figure), 0.0, 1.0))

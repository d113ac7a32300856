"""Stars from biases: μ + b_u + b_i with shrinkage (Koren, 2010, "Factor in the Neighbors", section 2.1).

The bias of a movie without ratings is estimated from the catalogue's votes, by a line fitted on movies with ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from core.recommendations.scores import PRIOR_MEAN, bayesian_mean
from core.types import Movie
from core.users import MAX_STARS, MIN_STARS
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions

MOVIE_PRIOR, USER_PRIOR = 5.0, 5.0
"""Weight of the zero prior, in ratings."""
MEAN_STARS = 3.5
"""The mean without any ratings: that of MovieLens' half stars."""
STARS_PER_VOTE = 0.5
"""Stars per point of votes (0 to 10) without data to fit it."""


@dataclass(frozen=True)
class Baseline:
    """Biases of movies; a user's bias is computed from the history.

    Attributes:
        movies: int64, (n,), ascending. biases: float32, (n,), stars.
    """

    movies: Ids
    mean: float
    biases: Floats

    def stars(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies),): predicted stars, .5 to 5; NaN for unknown movies."""
        rated = ~np.isnan(history.stars)
        own = id_index.find(self.movies, history.movies)
        known = rated & (own >= 0)
        rest = history.stars[known] - self.mean - self.biases[own[known]]
        user = float(rest.sum()) / (USER_PRIOR + len(rest))
        rows = id_index.find(self.movies, movies)
        predicted = np.clip(self.mean + user + self.biases[rows], MIN_STARS, MAX_STARS)
        return np.where(rows >= 0, predicted, np.nan).astype(np.float32)


def fit(interactions: Interactions, movies: Sequence[Movie]) -> Baseline:
    """Fit the biases of all movies of the catalogue."""
    ordered = sorted(movies, key=lambda movie: movie.id)
    ids = np.array([movie.id for movie in ordered], np.int64)
    votes = bayesian_mean(
        np.array([np.nan if movie.vote_average is None else movie.vote_average for movie in ordered]),
        np.array([movie.vote_count for movie in ordered], np.float64),
    )
    rated = interactions.select(~np.isnan(interactions.stars))
    mean = float(rated.stars.mean()) if len(rated) else MEAN_STARS
    found = id_index.find(ids, rated.movies)
    counts = np.bincount(found[found >= 0], minlength=len(ids)).astype(np.float64)
    rest = np.asarray(rated.stars[found >= 0] - mean, np.float64)
    sums = np.bincount(found[found >= 0], rest, minlength=len(ids)).astype(np.float64)
    prior = _by_votes(votes, sums, counts)
    biases = (sums + MOVIE_PRIOR * prior) / (counts + MOVIE_PRIOR)
    return Baseline(ids, mean, np.asarray(biases, np.float32))


def _by_votes(
    votes: NDArray[np.float64], sums: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the expected bias by votes: a line fitted on movies with ratings, weighted by their number."""
    if np.count_nonzero(counts) < 2 or np.ptp(votes[counts > 0]) == 0:  # noqa: PLR2004 - a line needs two points
        return STARS_PER_VOTE * (votes - PRIOR_MEAN)
    known = counts > 0
    slope, offset = np.polyfit(votes[known], sums[known] / counts[known], 1, w=np.sqrt(counts[known]))
    return np.asarray(slope * votes + offset)

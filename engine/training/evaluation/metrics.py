"""How good lists are. Pure; every figure is of one user or one list unless it says otherwise.

Relevance is binary: a held-out movie is relevant when the user liked it (4 stars or better). Lists are ordered, best
first, and hold each movie once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_261
LOWER, UPPER = 2.5, 97.5
"""Percentiles between which 95 % of the resampled means lie."""

Hits = NDArray[np.bool_]
"""bool, (n_users, depth): whether the movie at each place of each list is relevant."""
Counts = NDArray[np.int64]
"""int64, (n_users,): relevant movies that each user has; at least 1."""


def ndcg(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """float64, (n_users,): Σ hit / log2(place + 1) over the same sum of an ideal list (Järvelin, 2002)."""
    gains = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate(([0.0], np.cumsum(gains)))[np.minimum(relevant, hits.shape[1])]
    return np.asarray((hits @ gains) / ideal)


def recall(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """float64, (n_users,): share of a user's relevant movies that stand in the list."""
    return np.asarray(hits.sum(axis=1) / relevant)


def precision(hits: Hits) -> NDArray[np.float64]:
    """float64, (n_users,): share of the list that is relevant."""
    return np.asarray(hits.mean(axis=1))


def coverage(lists: NDArray[np.intp], movies: int) -> float:
    """Share of all movies that stand in at least one list."""
    return len(np.unique(lists)) / movies


def rmse(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean(np.square(np.asarray(predicted, np.float64) - actual))))


def mae(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(np.asarray(predicted, np.float64) - actual)))


def interval(values: Sequence[float] | NDArray[np.float64], *, seed: int = SEED) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean: users drawn with replacement, the same draws every time."""
    known = np.asarray(values, np.float64)
    draws = np.random.default_rng(seed).integers(0, len(known), size=(RESAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), (LOWER, UPPER))
    return float(low), float(high)

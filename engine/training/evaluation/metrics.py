"""Ranking metrics. Pure; figures are per user or per list unless stated otherwise.

Relevance is binary: a held-out movie is relevant if the user liked it (4 stars or better). Lists are ordered, best
first, and contain each movie once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_261
LOWER, UPPER = 2.5, 97.5
"""Percentiles of the 95 % interval of the resampled means."""

Hits = NDArray[np.bool_]
"""bool, (n_users, depth): whether the movie at each position of each list is relevant."""
Counts = NDArray[np.int64]
"""int64, (n_users,): number of relevant movies of each user; at least 1."""


def ndcg(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """Return float64, (n_users,): Σ hit / log2(position + 1) over the same sum of an ideal list (Järvelin, 2002)."""
    gains = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate(([0.0], np.cumsum(gains)))[np.minimum(relevant, hits.shape[1])]
    return np.asarray((hits @ gains) / ideal)


def recall(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """Return float64, (n_users,): share of a user's relevant movies that are in the list."""
    return np.asarray(hits.sum(axis=1) / relevant)


def precision(hits: Hits) -> NDArray[np.float64]:
    """Return float64, (n_users,): share of the list that is relevant."""
    return np.asarray(hits.mean(axis=1))


def coverage(lists: NDArray[np.intp], movies: int) -> float:
    """Return the share of all movies that are in at least one list; 0 without movies."""
    return len(np.unique(lists)) / movies if movies else 0.0


def rmse(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Return the root mean squared error."""
    return float(np.sqrt(np.mean(np.square(np.asarray(predicted, np.float64) - actual))))


def mae(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Return the mean absolute error."""
    return float(np.mean(np.abs(np.asarray(predicted, np.float64) - actual)))


def interval(values: Sequence[float] | NDArray[np.float64], *, seed: int = SEED) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean: users drawn with replacement, with a fixed seed."""
    known = np.asarray(values, np.float64)
    draws = np.random.default_rng(seed).integers(0, len(known), size=(RESAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), (LOWER, UPPER))
    return float(low), float(high)

"""How good lists are. Pure; every figure is of one viewer or one list unless it says otherwise.

Relevance is binary: a held-out film is relevant when the viewer liked it (4 stars or better). Lists are ordered, best
first, and hold each film once.
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
"""bool, (n_viewers, depth): whether the film at each place of each list is relevant."""
Counts = NDArray[np.int64]
"""int64, (n_viewers,): relevant films that each viewer has; at least 1."""


def ndcg(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """float64, (n_viewers,): Σ hit / log2(place + 1) over the same sum of an ideal list (Järvelin, 2002)."""
    gains = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate(([0.0], np.cumsum(gains)))[np.minimum(relevant, hits.shape[1])]
    return np.asarray((hits @ gains) / ideal)


def recall(hits: Hits, relevant: Counts) -> NDArray[np.float64]:
    """float64, (n_viewers,): share of a viewer's relevant films that stand in the list."""
    return np.asarray(hits.sum(axis=1) / relevant)


def precision(hits: Hits) -> NDArray[np.float64]:
    """float64, (n_viewers,): share of the list that is relevant."""
    return np.asarray(hits.mean(axis=1))


def coverage(lists: NDArray[np.intp], films: int) -> float:
    """Share of all films that stand in at least one list."""
    return len(np.unique(lists)) / films


def rmse(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean(np.square(np.asarray(predicted, np.float64) - actual))))


def mae(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(np.asarray(predicted, np.float64) - actual)))


def interval(values: Sequence[float] | NDArray[np.float64], *, seed: int = SEED) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean: viewers drawn with replacement, the same draws every time."""
    known = np.asarray(values, np.float64)
    draws = np.random.default_rng(seed).integers(0, len(known), size=(RESAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), (LOWER, UPPER))
    return float(low), float(high)

"""Metrics of a ranking, from the rank of the intended movie. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
Ranks = Sequence[int | None]
"""The rank of the intended movie, from 1, one per query; None if it is not in the results."""

RESAMPLES = 2_000
SEED = 20_261
LOWER, UPPER = 2.5, 97.5
"""The percentiles that contain 95 % of the resampled figures."""


def recall(ranks: Ranks, depth: int) -> float:
    """Return the share of queries whose movie is among the first `depth`; NaN without queries."""
    return float(np.mean(_hits(ranks, depth))) if ranks else float("nan")


def mrr(ranks: Ranks) -> float:
    """Return the mean reciprocal rank, a miss counting as 0; NaN without queries."""
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks])) if ranks else float("nan")


def interval(ranks: Ranks, depth: int, *, seed: int = SEED) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of `recall`: queries drawn with replacement, reproducibly."""
    hits = _hits(ranks, depth)
    draws = np.random.default_rng(seed).integers(0, len(hits), size=(RESAMPLES, len(hits)))
    low, high = np.percentile(hits[draws].mean(axis=1), (LOWER, UPPER))
    return float(low), float(high)


def halves(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Return the tuning half (even positions) and the reporting half (odd positions)."""
    return list(items[0::2]), list(items[1::2])


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99, interpolated."""
    p50, p95, p99 = np.percentile(values, (50, 95, 99)).tolist()
    return {"p50": round(p50, 2), "p95": round(p95, 2), "p99": round(p99, 2)}


def _hits(ranks: Ranks, depth: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([rank is not None and rank <= depth for rank in ranks], dtype=np.float64)

"""Rates with counts and intervals, as plain JSON values for a run's figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments import statistics

DIGITS = 5


def rate(name: str, count: int, of: int) -> dict[str, Any]:
    """Return a rate with its 95 % interval (Wilson, 1927); None if `of` is 0."""
    if not of:
        return {"name": name, "count": 0, "of": 0, "share": None, "low": None, "high": None}
    low, high = statistics.wilson(count, of)
    share = round(count / of, DIGITS)
    return {
        "name": name,
        "count": count,
        "of": of,
        "share": share,
        "low": round(low, DIGITS),
        "high": round(high, DIGITS),
    }


def by_group(names: Sequence[str], shown: NDArray[np.int64], hits: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Return the rate of hits in each group.

    Args:
        names: of the groups.
        shown: int64, (n,), the group of each impression.
        hits: bool, (n,), whether it was a hit.
    """
    of = np.bincount(shown, minlength=len(names)).tolist()
    count = np.bincount(shown[hits], minlength=len(names)).tolist()
    return [rate(name, *pair) for name, *pair in zip(names, count, of, strict=True) if pair[1]]

"""Shares with what they are shares of, as plain JSON values for a run's figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments import statistics

DIGITS = 5


def rate(name: str, count: int, of: int) -> dict[str, Any]:
    """One share with its 95 % interval (Wilson, 1927); None where it is a share of nothing."""
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
    """The share of hits in each group.

    Args:
        names: of the groups.
        shown: int64, (n,), the group of each that was shown.
        hits: bool, (n,), whether it was one.
    """
    of = np.bincount(shown, minlength=len(names)).tolist()
    count = np.bincount(shown[hits], minlength=len(names)).tolist()
    return [rate(name, *pair) for name, *pair in zip(names, count, of, strict=True) if pair[1]]

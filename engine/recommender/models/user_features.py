"""What a user's history is like, in numbers: how much was said, how kindly, how sure, of how well-known movies.

A scale is fitted once to all histories of a training and frozen: what stands in for a figure that a history says
nothing of, and where the middle of all users is. It is saved with the model, and every history is read by it, also of
users who came later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index

Doubles = NDArray[np.float64]
FIGURES = ("movies", "mean stars", "spread of stars", "share liked", "popularity of movies")
MISSING = np.nan
FARTHEST = 3.0
"""Spreads from the middle beyond which a user counts as no farther: one rating of half a star is no taste."""


def _even(value: float) -> Doubles:
    return np.full(len(FIGURES), value)


@dataclass(frozen=True)
class Scale:
    """How figures are read; as it stands, every history reads as the middle.

    Attributes:
        medians, means, spreads: float64, (5,): what stands in, the middle, and how figures are scaled.
    """

    medians: Doubles = field(default_factory=lambda: _even(MISSING))
    means: Doubles = field(default_factory=lambda: _even(MISSING))
    spreads: Doubles = field(default_factory=lambda: _even(1.0))

    def apply(self, told: Doubles) -> Doubles:
        """float64, like `told`: figures in spreads from the middle of all users, within `FARTHEST`; never NaN."""
        filled = np.where(np.isnan(told), self.medians, told)
        return np.clip(np.nan_to_num((filled - self.means) / self.spreads), -FARTHEST, FARTHEST)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything that the scale is, for `np.savez`; `Scale(**arrays)` makes it again."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def described(self) -> dict[str, dict[str, float]]:
        """For the manifest, as plain JSON values; what nobody told anything of is left out."""
        rows = zip(FIGURES, self.medians, self.means, self.spreads, strict=True)
        return {
            name: {"median": round(float(median), 3), "mean": round(float(mean), 3), "spread": round(float(spread), 3)}
            for name, median, mean, spread in rows
            if not np.isnan(median)
        }


def fit(told: Doubles) -> Scale:
    """The scale of some histories' figures, float64, (n, 5), NaN where a history says nothing of one."""
    known = ~np.isnan(told)
    if not known.any():
        return Scale()
    columns = [column[there] for column, there in zip(told.T, known.T, strict=True)]
    medians = np.array([np.median(column) if len(column) else MISSING for column in columns])
    filled = np.where(known, told, medians)
    spreads = np.array([column.std() for column in filled.T])
    return Scale(medians, filled.mean(axis=0), np.where(spreads > 0, spreads, 1.0))


def of_all(histories: Sequence[History], movies: Ids, popularity: Floats) -> Doubles:
    """float64, (n, 5): the figures of each history; `movies` and `popularity` as in `figures`."""
    return np.array([figures(history, movies, popularity) for history in histories]).reshape(-1, len(FIGURES))


def figures(history: History, movies: Ids, popularity: Floats) -> Doubles:
    """float64, (5,): what one history is like; NaN where it says nothing of a figure.

    Args:
        movies: int64, (n,), ascending. popularity: float32, (n,), of these.
    """
    stars = history.stars[~np.isnan(history.stars)]
    found = id_index.find(movies, history.movies)
    known = popularity[found[found >= 0]]
    return np.array(
        [
            np.log1p(len(history)),
            stars.mean() if len(stars) else MISSING,
            stars.std() if len(stars) else MISSING,
            (history.weights > 0).mean() if len(history) else MISSING,
            known.mean() if len(known) else MISSING,
        ],
        np.float64,
    )

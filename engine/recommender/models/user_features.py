"""Features of a user's history: its length, mean and spread of stars, share of likes, popularity of its movies.

A scale is fitted once to all histories of a training and frozen: values for missing figures, means and standard
deviations. It is saved with the model and applied to all histories, also of later users.
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
"""Bound in standard deviations, so that a single rating of half a star does not count as an extreme taste."""


def _even(value: float) -> Doubles:
    return np.full(len(FIGURES), value)


@dataclass(frozen=True)
class Scale:
    """The standardization of features; the default makes every history an average one.

    Attributes:
        medians, means, spreads: float64, (5,): imputed values, means and standard deviations.
    """

    medians: Doubles = field(default_factory=lambda: _even(MISSING))
    means: Doubles = field(default_factory=lambda: _even(MISSING))
    spreads: Doubles = field(default_factory=lambda: _even(1.0))

    def apply(self, values: Doubles) -> Doubles:
        """Return float64, like `values`: standardized features within `FARTHEST`; never NaN."""
        filled = np.where(np.isnan(values), self.medians, values)
        return np.clip(np.nan_to_num((filled - self.means) / self.spreads), -FARTHEST, FARTHEST)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the scale as arrays for `np.savez`; `Scale(**arrays)` restores it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def described(self) -> dict[str, dict[str, float]]:
        """Return the scale for the manifest, as plain JSON values, without features that no history has."""
        rows = zip(FIGURES, self.medians, self.means, self.spreads, strict=True)
        return {
            name: {"median": round(float(median), 3), "mean": round(float(mean), 3), "spread": round(float(spread), 3)}
            for name, median, mean, spread in rows
            if not np.isnan(median)
        }


def fit(values: Doubles) -> Scale:
    """Fit the scale to features of histories, float64, (n, 5), NaN where a feature is missing."""
    known = ~np.isnan(values)
    if not known.any():
        return Scale()
    columns = [column[there] for column, there in zip(values.T, known.T, strict=True)]
    medians = np.array([np.median(column) if len(column) else MISSING for column in columns])
    filled = np.where(known, values, medians)
    spreads = np.array([column.std() for column in filled.T])
    return Scale(medians, filled.mean(axis=0), np.where(spreads > 0, spreads, 1.0))


def of_all(histories: Sequence[History], movies: Ids, popularity: Floats) -> Doubles:
    """Return float64, (n, 5): the features of each history; `movies` and `popularity` as in `figures`."""
    return np.array([figures(history, movies, popularity) for history in histories]).reshape(-1, len(FIGURES))


def figures(history: History, movies: Ids, popularity: Floats) -> Doubles:
    """Return float64, (5,): the features of a history; NaN where a feature is missing.

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

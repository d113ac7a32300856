"""Content-based scores (similarity to liked minus disliked movies), and factors for movies without ratings.

Vectors are the centred description vectors with unit length: what all descriptions share is no signal.
The map to factors is a ridge regression from these vectors to the learned factors, after the idea of Gantner et al.,
"Learning Attribute-to-Feature Mappings for Cold-Start Recommendations", 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index

NAME = "content"


@dataclass(frozen=True)
class Content:
    """Similarity of descriptions.

    Attributes:
        movies: int64, (n,), ascending.
        vectors: float32, (n, dim), unit rows, centred (`centre`).
    """

    movies: Ids
    vectors: Floats

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): Σ w cosine / Σ |w| over the history; NaN if none of its movies is known."""
        found = id_index.find(self.movies, history.movies)
        if not (found >= 0).any():
            return np.full(len(self.movies), np.nan, np.float32)
        own = self._weights(history, found) @ self.vectors[found[found >= 0]]
        return np.asarray(self.vectors @ own, np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): the summands of the scores."""
        found, rows = id_index.find(self.movies, history.movies), id_index.find(self.movies, movies)
        result = np.zeros((len(movies), len(history)), np.float32)
        known = found >= 0
        if known.any():
            cosines = self.vectors[rows] @ self.vectors[found[known]].T
            result[:, known] = cosines * self._weights(history, found)
        else:
            result[:] = np.nan
        result[rows < 0] = np.nan
        return result

    def _weights(self, history: History, found: NDArray[np.intp]) -> Floats:
        weights = history.weights[found >= 0]
        return np.asarray(weights / np.abs(weights).sum(), np.float32)


def centre(vectors: Floats) -> Floats:
    """Return float32, like `vectors`: minus their mean, unit rows (a row equal to the mean is zero)."""
    centred = vectors - vectors.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(lengths, 1e-9), np.float32)


@dataclass(frozen=True)
class FactorMap:
    """A linear map from features to factors: `features @ weights + offset`.

    Attributes:
        weights: float64, (n_features, dim). offset: float64, (dim,).
    """

    weights: NDArray[np.float64]
    offset: NDArray[np.float64]

    def factors(self, features: NDArray[np.floating]) -> Floats:
        """Return float32, (n, dim): the mapped factors."""
        return np.asarray(features @ self.weights + self.offset, np.float32)


def learn_map(
    features: NDArray[np.floating], factors: Floats, *, weights: NDArray[np.floating], ridge: float
) -> FactorMap:
    """Fit a ridge regression on movies with known factors, weighted (movies with more ratings are more certain)."""
    share = np.asarray(weights, np.float64) / np.sum(weights)
    mean_x, mean_y = share @ features, share @ factors
    x, y = features - mean_x, factors - mean_y
    system = (x.T * share) @ x + ridge / len(x) * np.eye(x.shape[1])
    solved = np.linalg.solve(system, (x.T * share) @ y)
    return FactorMap(np.asarray(solved, np.float64), np.asarray(mean_y - mean_x @ solved, np.float64))


def principal(vectors: Floats, dimension: int) -> Floats:
    """Return float32, (n, ≤ dimension): the vectors' principal components, for a catalogue without ratings."""
    wide = vectors.astype(np.float64)
    values, axes = np.linalg.eigh(wide.T @ wide)
    best = np.argsort(-values)[: min(dimension, len(values))]
    return np.asarray(wide @ axes[:, best], np.float32)

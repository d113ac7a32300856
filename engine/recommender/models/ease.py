"""EASE^R: item-item weights in closed form. Steck, "Embarrassingly Shallow Autoencoders", 2019.

With G = XᵀX + λ1 and P = G⁻¹, the weight of movie j for movie i is B_ji = -P_ji / P_ii and B_ii = 0. X contains the
interaction weights (negative ones for disliked movies); a movie's score is the sum over the history's rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.models import interaction_matrix
from engine.recommender.models.interactions import Interactions

NAME = "ease"


@dataclass(frozen=True, slots=True)
class EASEConfig:
    """The configuration of EASE, tuned on validation data."""

    regularization: float = 280.0
    against: float = 0.1
    """Factor of negative weights: with 1, lists get slightly worse (NDCG@10 -.001); with 0, disliked movies would have
    no effect."""


@dataclass(frozen=True)
class Ease:
    """The matrix B.

    Attributes:
        movies: int64, (n,), ascending.
        rows: float32 or float16, (n, n): row j contains the weights of movie j for each movie. May be memory-mapped: a
            request reads only the rows of the user's movies.
    """

    movies: Ids
    rows: NDArray[np.floating]
    against: float

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): the sum of the rows; NaN if no movie of the history is known."""
        own, weights = self._own(history)
        if not len(own):
            return np.full(len(self.movies), np.nan, np.float32)
        return np.asarray(weights @ np.asarray(self.rows[own], np.float32), np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): the summands of the scores."""
        found, rows = id_index.find(self.movies, history.movies), id_index.find(self.movies, movies)
        own, weights = self._own(history)
        result = np.zeros((len(movies), len(history)), np.float32)
        if len(own):
            result[:, found >= 0] = np.asarray(self.rows[np.ix_(own, rows)], np.float32).T * weights
        else:
            result[:] = np.nan
        result[rows < 0] = np.nan
        return result

    def _own(self, history: History) -> tuple[NDArray[np.intp], Floats]:
        found = id_index.find(self.movies, history.movies)
        weights = history.weights[found >= 0]
        return found[found >= 0], np.where(weights > 0, weights, self.against * weights).astype(np.float32)


def fit(interactions: Interactions, config: EASEConfig) -> Ease:
    """Fit B for all movies in `interactions`."""
    movies = np.unique(interactions.movies)
    weights = np.where(interactions.weights > 0, interactions.weights, config.against * interactions.weights)
    known = interaction_matrix.sparse(interactions, movies, weights)
    gram = np.asarray((known.T @ known).todense(), np.float32)
    gram[np.diag_indices_from(gram)] += config.regularization
    inverse = np.linalg.inv(gram)
    rows = np.asarray(-inverse / np.diag(inverse), np.float32)
    rows[np.diag_indices_from(rows)] = 0
    return Ease(movies, rows, config.against)

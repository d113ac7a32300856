"""EASE^R: what one movie says of another, in closed form. Steck, "Embarrassingly Shallow Autoencoders", 2019.

With G = XᵀX + λ1 and P = G⁻¹, the weight of movie j for movie i is B_ji = -P_ji / P_ii and B_ii = 0. X holds the
weights of the one table, movies that count against as negative numbers; a movie's score sums the history's rows.
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
    """How EASE is trained; tuned on validation data."""

    regularization: float = 280.0
    against: float = 0.1
    """How much of a weight below 0 is kept: with all of it, lists get slightly worse (NDCG@10 -.001); with none, a
    disliked movie would say nothing."""


@dataclass(frozen=True)
class Ease:
    """The matrix B.

    Attributes:
        movies: int64, (n,), ascending.
        rows: float32 or float16, (n, n): row j is what movie j says of each movie. May be mapped from a file: a request
            reads the rows of the user's movies and no others.
    """

    movies: Ids
    rows: NDArray[np.floating]
    against: float

    @property
    def name(self) -> str:
        """What the model is called in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """float32, (n,): the sum of the rows; NaN where no movie of the history is known."""
        own, weights = self._own(history)
        if not len(own):
            return np.full(len(self.movies), np.nan, np.float32)
        return np.asarray(weights @ np.asarray(self.rows[own], np.float32), np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """float32, (len(movies), len(history)): the summands of the scores."""
        found, asked = id_index.find(self.movies, history.movies), id_index.find(self.movies, movies)
        own, weights = self._own(history)
        result = np.zeros((len(movies), len(history)), np.float32)
        if len(own):
            result[:, found >= 0] = np.asarray(self.rows[np.ix_(own, asked)], np.float32).T * weights
        else:
            result[:] = np.nan
        result[asked < 0] = np.nan
        return result

    def _own(self, history: History) -> tuple[NDArray[np.intp], Floats]:
        found = id_index.find(self.movies, history.movies)
        weights = history.weights[found >= 0]
        return found[found >= 0], np.where(weights > 0, weights, self.against * weights).astype(np.float32)


def fit(interactions: Interactions, config: EASEConfig) -> Ease:
    """Learn B of every movie in `interactions`."""
    movies = np.unique(interactions.movies)
    weights = np.where(interactions.weights > 0, interactions.weights, config.against * interactions.weights)
    known = interaction_matrix.sparse(interactions, movies, weights)
    gram = np.asarray((known.T @ known).todense(), np.float32)
    gram[np.diag_indices_from(gram)] += config.regularization
    inverse = np.linalg.inv(gram)
    rows = np.asarray(-inverse / np.diag(inverse), np.float32)
    rows[np.diag_indices_from(rows)] = 0
    return Ease(movies, rows, config.against)

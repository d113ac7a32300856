"""Item-kNN: scores by similarity to the movies of the history, over the nearest neighbours of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions
from engine.recommender.models.item_neighbours import similarity

NAME = "item-knn"


@dataclass(frozen=True, slots=True)
class NeighboursConfig:
    """The configuration of neighbours; tuned on validation data."""

    kept: int = 180
    """The number of neighbours of a movie that count."""
    shrinkage: float = 35.0


@dataclass(frozen=True)
class Neighbours:
    """The nearest movies of each movie.

    Attributes:
        movies: int64, (n,), ascending.
        rows: float32, (n, n): row j contains the similarities of movie j; 0 beyond its neighbours.
    """

    movies: Ids
    rows: Floats

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """Return the sums of weight times similarity, NaN if no movie of the history is known: float32, (n,)."""
        found = id_index.find(self.movies, history.movies)
        known = found >= 0
        if not known.any():
            return np.full(len(self.movies), np.nan, np.float32)
        return np.asarray(history.weights[known] @ self.rows[found[known]], np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return the summands of the scores: float32, (len(movies), len(history))."""
        found, asked = id_index.find(self.movies, history.movies), id_index.find(self.movies, movies)
        known = found >= 0
        result = np.zeros((len(movies), len(history)), np.float32)
        if known.any():
            result[:, known] = self.rows[np.ix_(found[known], asked)].T * history.weights[known]
        else:
            result[:] = np.nan
        result[asked < 0] = np.nan
        return result


def fit(interactions: Interactions, config: NeighboursConfig) -> Neighbours:
    """Find the neighbours of every movie in `interactions`."""
    movies = np.unique(interactions.movies)
    rows = similarity(interactions, movies, shrinkage=config.shrinkage)
    return Neighbours(movies, np.ascontiguousarray(_nearest(rows, config.kept).T))


def _nearest(rows: Floats, kept: int) -> Floats:
    """Keep the `kept` most similar movies of each row."""
    if kept >= rows.shape[1]:
        return rows
    bound = np.partition(rows, -kept, axis=1)[:, -kept][:, None]
    return np.where(rows >= bound, rows, 0).astype(np.float32)

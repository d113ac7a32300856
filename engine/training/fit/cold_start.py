"""Factors of movies without ratings: a map from features to factors, fitted to the rated movies.

`engine.training.fit.movie_features` defines the features. The map is saved with the model, so that movies added later
get factors without a training.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats
from core.types import Movie
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import content
from engine.recommender.models.als import Als
from engine.recommender.models.content import FactorMap
from engine.training.fit import movie_features
from engine.training.fit.movie_features import Space

RIDGE = 3.0
"""Tuned by the ranking of held-out movies that the map was not fitted to (`docs/training.md`)."""
SAVED_WEIGHTS, SAVED_OFFSET = "map_weights", "map_offset"


def complete(
    model: Als,
    movies: NDArray[np.int64],
    known: NDArray[np.float64],
    counts: NDArray[np.float64],
    *,
    ridge: float = RIDGE,
) -> tuple[Als, FactorMap]:
    """Return the model over all movies, with learned or else mapped factors, and the map.

    Args:
        movies: int64, (n,), ascending: all movies of the catalogue.
        known: their features.
        counts: float64, (n,): number of ratings of each movie, its weight in the fit.
    """
    rows = id_index.find(movies, model.movies)
    found = fit(model.factors, known[rows], counts[rows], ridge=ridge)
    factors = found.factors(known)
    factors[rows] = model.factors
    learned = np.zeros(len(movies), np.bool_)
    learned[rows] = True
    return Als(movies, factors, learned, model.alpha, model.regularization), found


def saved(space: Space, found: FactorMap) -> dict[str, NDArray[Any]]:
    """Return a feature space and its map as plain arrays, for `Recommender.features`."""
    weights, offset = found.weights.astype(np.float32), found.offset.astype(np.float32)
    return {**space.arrays(), SAVED_WEIGHTS: weights, SAVED_OFFSET: offset}


def factors_of(model: Recommender, movies: Sequence[Movie], vectors: Floats) -> Floats | None:
    """Return float32, (n, dim): the factors of movies added after the training, by the saved map.

    Args:
        vectors: float32, (n, dim), unit rows, as stored in the engine.

    Returns:
        None for a model trained without ratings: its factors are the descriptions' principal components.
    """
    if not model.features:
        return None
    space = movie_features.from_arrays(model.features)
    found = FactorMap(model.features[SAVED_WEIGHTS], model.features[SAVED_OFFSET])
    return found.factors(space.apply(movies, space.centred(vectors)))


def fit(factors: Floats, known: NDArray[np.float64], counts: NDArray[np.float64], *, ridge: float = RIDGE) -> FactorMap:
    """Fit the map from features to factors."""
    return content.learn_map(known, factors, weights=np.log1p(counts), ridge=ridge)


def from_descriptions(movies: NDArray[np.int64], vectors: Floats, *, dimension: int) -> Als:
    """Return factors for a catalogue without ratings: the descriptions' principal components."""
    return Als(movies, content.principal(vectors, dimension), np.zeros(len(movies), np.bool_), 4.0, 1.0)

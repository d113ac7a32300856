"""Factors for films that nobody rated: a map learned from films that were, and how good it is.

The features of a film are its centred description vector and two figures that a new film has too: the logarithm of its
votes and their Bayesian mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.scoring import PRIOR_MEAN, bayesian_mean
from core.taste import Floats
from core.types import Movie
from engine.taste import content, places
from engine.taste.als import Als

RIDGE = 1.0
"""Chosen by the ranking of held-out films that the map had not seen (`python -m benchmarks.taste tune`)."""
VOTES_SCALE, MEAN_SCALE = 0.1, 0.3
"""Bring both figures to the size of a vector's entries times ten, so that one ridge suits all."""


def features(movies: Sequence[Movie], vectors: Floats) -> NDArray[np.float64]:
    """float64, (n, dim + 2): one row a film; `vectors` are centred."""
    count = np.array([movie.vote_count for movie in movies], np.float64)
    average = np.array([np.nan if movie.vote_average is None else movie.vote_average for movie in movies])
    figures = (VOTES_SCALE * np.log1p(count), MEAN_SCALE * (bayesian_mean(average, count) - PRIOR_MEAN))
    return np.column_stack((vectors.astype(np.float64), *figures))


def complete(model: Als, movies: NDArray[np.int64], known: NDArray[np.float64], counts: NDArray[np.float64]) -> Als:
    """The same model over all films: learned factors where there are some, mapped ones elsewhere.

    Args:
        movies: int64, (n,), ascending: every film of the catalogue.
        known: their features.
        counts: float64, (n,): ratings of each film; those with more weigh more in the map.
    """
    rows = places.find(movies, model.movies)
    factors = fit(model.factors, known[rows], counts[rows]).factors(known)
    factors[rows] = model.factors
    learned = np.zeros(len(movies), np.bool_)
    learned[rows] = True
    return Als(movies, factors, learned, model.alpha, model.regularization)


def fit(
    factors: Floats, known: NDArray[np.float64], counts: NDArray[np.float64], *, ridge: float = RIDGE
) -> content.FactorMap:
    """The map from features to factors."""
    return content.learn_map(known, factors, weights=np.log1p(counts), ridge=ridge)


def from_descriptions(movies: NDArray[np.int64], vectors: Floats, *, dimension: int) -> Als:
    """Where nobody rated anything: the descriptions' principal components stand in for factors."""
    return Als(movies, content.principal(vectors, dimension), np.zeros(len(movies), np.bool_), 4.0, 1.0)

"""Item-to-item neighbours: cosine with shrinkage between movies' users, and lists blended with content.

    s_ij = Σ_u w_ui w_uj / (|w_i| |w_j| + shrinkage)        (Bell and Koren, 2007, for the shrinkage)

The shrinkage moves the cosine of movies with few users towards 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender.models import interaction_matrix
from engine.recommender.models.interactions import Interactions

LENGTH = 20
"""Length of a precomputed list."""


def similarity(interactions: Interactions, movies: Ids, *, shrinkage: float) -> Floats:
    """Return float32, (n, n): the shrunk cosine of all pairs of movies, 0 on the diagonal."""
    known = interaction_matrix.sparse(interactions, movies, interactions.weights)
    products = np.asarray((known.T @ known).todense(), np.float32)
    lengths = np.sqrt(np.diag(products))
    result = products / (np.outer(lengths, lengths) + shrinkage)
    result[np.diag_indices_from(result)] = 0
    return np.asarray(result, np.float32)


def lists(
    together: Floats, learned: NDArray[np.bool_], alike: Floats, *, share: float
) -> tuple[NDArray[np.intp], Floats]:
    """Return the nearest movies of each movie, best first, ties by row.

    Args:
        together: float32, (n_learned, n_learned): similarity by users, of the `learned` movies in order.
        alike: float32, (n, dim): unit rows, the description vectors.
        share: of `together`; the rest is content. Both are scaled by their maximum in the row, so that shares compare.

    Returns:
        intp, (n, LENGTH): rows of movies; float32, (n, LENGTH): scores, at most 1.
    """
    places_learned = np.flatnonzero(learned)
    length = min(LENGTH, max(len(alike) - 1, 0))
    found = np.zeros((len(alike), length), np.intp)
    scores = np.zeros((len(alike), length), np.float32)
    rank = np.cumsum(learned) - 1
    for movie in range(len(alike)):
        row = (alike @ alike[movie]).astype(np.float32)
        row[movie] = 0
        row /= max(float(row.max(initial=0)), 1e-6)
        if learned[movie]:
            others = together[rank[movie]]
            row *= 1 - share
            row[places_learned] += share * others / max(float(others.max(initial=0)), 1e-6)
        row[movie] = -np.inf
        found[movie], scores[movie] = _best(row, length)
    return found, scores


def _best(row: Floats, length: int) -> tuple[NDArray[np.intp], Floats]:
    likely = np.argpartition(-row, length - 1)[:length] if length < len(row) else np.arange(len(row))
    order = likely[np.lexsort((likely, -row[likely]))]
    return order, row[order]

"""Item-to-item neighbours: cosine with shrinkage between the viewers of films, and lists blended with content.

    s_ij = Σ_u w_ui w_uj / (|w_i| |w_j| + shrinkage)        (Bell and Koren, 2007, for the shrinkage)

The shrinkage draws the cosine of two films that few people have seen towards 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations import Floats, Ids
from engine.recommender.models import interaction_matrix
from engine.recommender.models.interactions import Interactions

LENGTH = 20
"""Films in a precomputed list."""


def similarity(interactions: Interactions, movies: Ids, *, shrinkage: float) -> Floats:
    """float32, (n, n): the shrunk cosine of every two films, 0 of a film with itself."""
    known = interaction_matrix.sparse(interactions, movies, interactions.weights)
    products = np.asarray((known.T @ known).todense(), np.float32)
    lengths = np.sqrt(np.diag(products))
    result = products / (np.outer(lengths, lengths) + shrinkage)
    result[np.diag_indices_from(result)] = 0
    return np.asarray(result, np.float32)


def lists(
    together: Floats, learned: NDArray[np.bool_], alike: Floats, *, share: float
) -> tuple[NDArray[np.intp], Floats]:
    """The nearest films of every film, best first, ties by place.

    Args:
        together: float32, (n_learned, n_learned): similarity by viewers, of the `learned` films in order.
        alike: float32, (n, dim): unit rows, what the films are about.
        share: of `together`; the rest is content. Each is scaled by its best in the row, so that shares are shares.

    Returns:
        intp, (n, LENGTH): places of films; float32, (n, LENGTH): scores, at most 1.
    """
    places_learned = np.flatnonzero(learned)
    length = min(LENGTH, max(len(alike) - 1, 0))
    found = np.zeros((len(alike), length), np.intp)
    scores = np.zeros((len(alike), length), np.float32)
    rank = np.cumsum(learned) - 1
    for film in range(len(alike)):
        row = (alike @ alike[film]).astype(np.float32)
        row[film] = 0
        row /= max(float(row.max(initial=0)), 1e-6)
        if learned[film]:
            others = together[rank[film]]
            row *= 1 - share
            row[places_learned] += share * others / max(float(others.max(initial=0)), 1e-6)
        row[film] = -np.inf
        found[film], scores[film] = _best(row, length)
    return found, scores


def _best(row: Floats, length: int) -> tuple[NDArray[np.intp], Floats]:
    likely = np.argpartition(-row, length - 1)[:length] if length < len(row) else np.arange(len(row))
    order = likely[np.lexsort((likely, -row[likely]))]
    return order, row[order]

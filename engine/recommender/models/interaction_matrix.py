"""Interactions as a sparse matrix, for training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Ids
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions


def sparse(interactions: Interactions, movies: Ids, values: NDArray[np.floating]) -> Any:  # noqa: ANN401 - scipy has no types
    """Return a scipy CSR matrix, float32, (n_users with rows, len(movies)), with one value per interaction."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - serving processes do not need it

    _, users = np.unique(interactions.users, return_inverse=True)
    columns = id_index.find(movies, interactions.movies)
    shape = (int(users.max(initial=-1)) + 1, len(movies))
    return csr_matrix((np.asarray(values, np.float32), (users, columns)), shape=shape)

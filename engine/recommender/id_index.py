"""Lookup of rows in an ascending array of movie ids. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Ids


def find(movies: Ids, wanted: Ids) -> NDArray[np.intp]:
    """Return intp, (len(wanted),): the row of each wanted movie in `movies` (ascending), -1 if it is missing."""
    if not len(movies):
        return np.full(len(wanted), -1, np.intp)
    places = np.searchsorted(movies, wanted).clip(max=len(movies) - 1)
    return np.where(movies[places] == wanted, places, -1).astype(np.intp)

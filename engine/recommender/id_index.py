"""Where movies stand in an ascending array of ids. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Ids


def find(movies: Ids, wanted: Ids) -> NDArray[np.intp]:
    """intp, (len(wanted),): the place of each wanted movie among `movies` (ascending), -1 where it is not there."""
    if not len(movies):
        return np.full(len(wanted), -1, np.intp)
    places = np.searchsorted(movies, wanted).clip(max=len(movies) - 1)
    return np.where(movies[places] == wanted, places, -1).astype(np.intp)

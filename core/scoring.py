"""Scores that follow from a film's own figures. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

PRIOR_VOTES = 300.0
"""Votes that the prior weighs; about the median vote count of TMDB 5000, so that half of the films outweigh it."""
PRIOR_MEAN = 6.2
"""Mean vote of TMDB 5000 over films with votes."""


def bayesian_mean(vote_average: ArrayLike, vote_count: ArrayLike) -> NDArray[np.float64]:
    """Mean vote drawn towards the prior where votes are few: (C·m + n·v) / (C + n), the weighting of IMDb's Top 250.

    Unknown averages (NaN) get the prior's mean.
    """
    average = np.asarray(vote_average, dtype=np.float64)
    count = np.where(np.isnan(average), 0.0, np.asarray(vote_count, dtype=np.float64))
    known = np.nan_to_num(average, nan=PRIOR_MEAN)
    return np.asarray((PRIOR_VOTES * PRIOR_MEAN + count * known) / (PRIOR_VOTES + count))

"""Models of a few made-up movies, for tests."""

from __future__ import annotations

import numpy as np

from benchmarks.jobs import made_up
from engine.recommender.model import Recommender

FIRST_ID = 100


def model(version: str, *, movies: int = 12, seed: int = 1) -> Recommender:
    """Return a random model; another seed gives other lists."""
    return made_up.model(version, np.arange(FIRST_ID, FIRST_ID + movies, dtype=np.int64), seed=seed)

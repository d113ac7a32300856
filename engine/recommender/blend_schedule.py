"""How much is known of a user, and what the steps of that schedule show. Pure."""

from __future__ import annotations

import numpy as np

from core.recommendations.records import Floats, Stage
from core.types import MovieId
from core.users import Diary, MarkKind

KNOWN_FROM = 5
"""Movies from which the model is trusted; below, popularity and nearness in meaning help it (see docs/taste.md)."""


def stage(weights: Floats, *, genres: tuple[str, ...] = ()) -> Stage:
    """The rung of a user, by the weights of the movies that the model knows; those that speak for something count.

    Args:
        weights: float32, (n,), as in `core.recommendations.records.History`.
        genres: the user's favourite genres.
    """
    liked = int(np.count_nonzero(weights > 0))
    if liked >= KNOWN_FROM:
        return Stage.KNOWN
    if liked:
        return Stage.FEW
    return Stage.GENRES if genres else Stage.NOBODY


def spoken_of(diary: Diary) -> frozenset[MovieId]:
    """Every movie of which the user said anything: none of these is recommended."""
    marked = (movie for kind in MarkKind for movie in diary.marked(kind))
    return frozenset((*diary.ratings, *marked, *diary.reviews))

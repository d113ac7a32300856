"""Stages of users by the length of their history. Pure."""

from __future__ import annotations

import numpy as np

from core.recommendations.records import Floats, Stage
from core.types import MovieId
from core.users import Diary, MarkKind

KNOWN_FROM = 5
"""Movies from which the model is used alone; below, popular movies are added (see docs/recommendations.md)."""

CLEAR_DISLIKE = -1.0
"""Sum of weights from which dislikes count alone: half a star once, or "not now" five times."""


def stage(weights: Floats, *, genres: tuple[str, ...] = ()) -> Stage:
    """Return the stage of a user by the number of positive movies that the model knows, or by clear dislikes alone.

    Args:
        weights: float32, (n,), as in `core.recommendations.records.History`.
        genres: the user's favourite genres.
    """
    liked = int(np.count_nonzero(weights > 0))
    if liked >= KNOWN_FROM:
        return Stage.KNOWN
    if liked or dislikes_alone(weights):
        return Stage.FEW
    return Stage.GENRES if genres else Stage.NOBODY


def dislikes_alone(weights: Floats) -> bool:
    """Whether a user has no positive movie, but dislikes as clear as half a star for one movie."""
    return not np.any(weights > 0) and float(weights.sum()) <= CLEAR_DISLIKE


def spoken_of(diary: Diary, *, watchlist: bool = True) -> frozenset[MovieId]:
    """Return all movies in the user's diary: none of them is recommended.

    Args:
        watchlist: False leaves out movies that are on the watchlist and otherwise not mentioned.
    """
    kinds = [kind for kind in MarkKind if watchlist or kind is not MarkKind.WATCHLIST]
    marked = (movie for kind in kinds for movie in diary.marked(kind))
    return frozenset((*diary.ratings, *marked, *diary.reviews))

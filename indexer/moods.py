"""Mood scores of movies as rows of numbers in the order of the index. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.ports import Vectors

COLUMN = "mood:"
"""Prefix of the columns of `Question.order` with mood scores."""
COLUMNS = ("rating", "prominence")
"""The other columns."""


def fault(scores: Mapping[str, float], names: Sequence[str]) -> str:
    """Return what is wrong with the moods of a movie, or an empty string."""
    if unknown := [mood for mood in scores if mood not in names]:
        return f"its mood {unknown[0]!r} is unknown; the index has {', '.join(names) or 'none'}"
    odd = [mood for mood, score in scores.items() if not 0 < score <= 1]
    return f"its score for the mood {odd[0]!r} is {scores[odd[0]]}, expected above 0 and up to 1" if odd else ""


def row(scores: Mapping[str, float], names: Sequence[str]) -> Vectors:
    """Return float32, (n_moods,): the scores of `names`, 0 for moods that the movie does not have."""
    return np.array([scores.get(mood, 0.0) for mood in names], dtype=np.float32)


def by_name(scores: Iterable[float], names: Sequence[str]) -> dict[str, float]:
    """Return the moods of a movie from a row: the inverse of `row`."""
    return {mood: float(score) for mood, score in zip(names, scores, strict=True) if score > 0}


def check_order(order: Sequence[tuple[str, float]]) -> None:
    """Reject an invalid order. Moods unknown to an index score 0 for every movie.

    Raises:
        ValueError: names the column.
    """
    for column, weight in order:
        if column not in COLUMNS and not column.startswith(COLUMN):
            raise ValueError(f"order: expected {', '.join(COLUMNS)} or {COLUMN}NAME, got {column!r}")
        if not 0 < weight < float("inf"):
            raise ValueError(f"order: expected a positive weight for {column}, got {weight}")

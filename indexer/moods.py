"""Scores of movies by mood, as a row of numbers in the order of the index. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.ports import Vectors

COLUMN = "mood:"
"""Beginning of the name of a column of `Question.order` that holds the scores of a mood."""
COLUMNS = ("rating", "prominence")
"""The other columns."""


def fault(scores: Mapping[str, float], names: Sequence[str]) -> str:
    """What is wrong with the moods of a movie, empty where nothing is."""
    if unknown := [mood for mood in scores if mood not in names]:
        return f"its mood {unknown[0]!r} is not one of the index: {', '.join(names) or 'it has none'}"
    odd = [mood for mood, score in scores.items() if not 0 < score <= 1]
    return f"its score for the mood {odd[0]!r} is {scores[odd[0]]}, expected above 0 and up to 1" if odd else ""


def row(scores: Mapping[str, float], names: Sequence[str]) -> Vectors:
    """float32, (n_moods,): the score of each of `names`, 0 where the movie does not belong to the mood."""
    return np.array([scores.get(mood, 0.0) for mood in names], dtype=np.float32)


def by_name(scores: Iterable[float], names: Sequence[str]) -> dict[str, float]:
    """The moods that a movie belongs to: what `row` was made of."""
    return {mood: float(score) for mood, score in zip(names, scores, strict=True) if score > 0}


def check_order(order: Sequence[tuple[str, float]]) -> None:
    """Refuse an order that no engine could follow. A mood that an index does not know is 0 for every movie.

    Raises:
        ValueError: names the column.
    """
    for column, weight in order:
        if column not in COLUMNS and not column.startswith(COLUMN):
            raise ValueError(f"order: expected {', '.join(COLUMNS)} or {COLUMN}NAME, got {column!r}")
        if not 0 < weight < float("inf"):
            raise ValueError(f"order: expected a positive weight for {column}, got {weight}")

"""Time of one response of the model in milliseconds, in one thread."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from benchmarks import metrics
from benchmarks.taste.datasets import Dataset
from core.recommendations.records import History
from engine.recommender.model import Recommender

MOVIES = 50
ROUNDS = 300


def measure(model: Recommender, data: Dataset) -> dict[str, dict[str, float]]:
    """Return percentiles for fold-in, blend and explanations of ten movies, for users with 50 ratings."""
    histories = data.interactions.histories()
    movies = min(MOVIES, max(map(len, histories)))
    asked = [_shortened(history, movies) for history in histories if len(history) >= movies]
    ten = model.movies[:10]
    return {
        "fold-in": _times(model.user_vector, asked),
        "blend": _times(model.blend, asked),
        "terms of ten films": _times(lambda history: model.terms(history, ten), asked),
        "stars of ten films": _times(lambda history: model.stars(history, ten), asked),
        "neighbours": _times(lambda _history: model.neighbours(int(model.movies[0])), asked),  # type: ignore[arg-type]
    }


def _shortened(history: History, movies: int) -> History:
    rows = np.sort(np.random.default_rng(len(history)).choice(len(history), movies, replace=False))
    return History(history.movies[rows], history.weights[rows], history.stars[rows])


def _times(call: Callable[[History], object], asked: list[History]) -> dict[str, float]:
    times = []
    for turn in range(ROUNDS):
        started = time.perf_counter()
        call(asked[turn % len(asked)])
        times.append((time.perf_counter() - started) * 1000)
    return metrics.percentiles(times)

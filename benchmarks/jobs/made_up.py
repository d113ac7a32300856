"""Random models over given movies: complete, served like any other, and created in milliseconds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender.blend import DEFAULT
from engine.recommender.calibration import Calibration
from engine.recommender.model import Recommender
from engine.recommender.models import sparse_rows
from engine.recommender.models.als import Als
from engine.recommender.models.biases import Baseline
from engine.recommender.models.content import Content
from engine.recommender.models.ease import Ease

LISTED = 5
"""The length of a list of similar movies."""


def model(version: str, movies: Ids, *, seed: int, dimension: int = 4) -> Recommender:
    """Return a model of random numbers; another seed yields other lists."""
    chance = np.random.default_rng(seed)
    count = len(movies)
    length = min(count - 1, LISTED)
    return Recommender(
        version=version,
        als=Als(movies, _floats(chance, count, dimension), np.ones(count, np.bool_), alpha=9.5, regularization=1.0),
        ease=Ease(movies, sparse_rows.of_dense(0.1 * _floats(chance, count, count)), 0.1),
        content=Content(movies, _unit(_floats(chance, count, 6))),
        popularity=chance.random(count).astype(np.float32),
        schedule=DEFAULT,
        baseline=Baseline(movies, 3.5, 0.3 * _floats(chance, count)),
        rating=None,
        calibration=Calibration(),
        neighbour_places=_others(chance, count, length),
        neighbour_scores=np.sort(chance.random((count, length)).astype(np.float32))[:, ::-1].copy(),
    )


def _floats(chance: np.random.Generator, *shape: int) -> Floats:
    return chance.standard_normal(shape).astype(np.float32)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _others(chance: np.random.Generator, movies: int, length: int) -> NDArray[np.int32]:
    rows = [chance.choice(np.delete(np.arange(movies), movie), length, replace=False) for movie in range(movies)]
    return np.array(rows, np.int32).reshape(movies, length)

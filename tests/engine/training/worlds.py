"""The checkerboard as a training sees it, and a Work that notes everything and can ask to stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import Cancelled
from engine.training import dataset
from engine.training.dataset import Dataset
from engine.training.fit.components import World
from tests.engine.training.conftest import catalogue, movielens

QUICK: Mapping[str, Any] = {"factors": 8, "iterations": 4}
"""Enough for a world of two colours."""


SPOILED = 1_000
"""Ratings that a movie must have to be learned about, of which none has as many: a setting as somebody mistypes it."""


class Watched:
    """A run as somebody sees it who may ask it to stop: at the n-th look, or once a curve has so many epochs."""

    def __init__(self, *, stop_when: tuple[str, int] | None = None) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[str, int, int]] = []
        self.figures: dict[str, Any] = {}
        self._stop_when = stop_when

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        self.steps.append((name, done, total))

    def note(self, figures: Mapping[str, Any]) -> None:
        self.figures |= figures

    def check(self) -> None:
        if self._stop_when is not None:
            curve, epochs = self._stop_when
            if len(self.figures.get("loss", {}).get(curve, [])) >= epochs:
                raise Cancelled("somebody asked to stop")


def checkerboard(folder: Path) -> Dataset:
    """Everything that is said in the checkerboard."""
    movies, vectors = catalogue()
    return dataset.gather(
        movies=movies, vectors=vectors, ratings_folder=movielens(folder), snapshot=None, catalogue_hash="abc"
    )


def spoiled(given: Dataset) -> Dataset:
    """The same movies and ratings with descriptions that say nothing; learned from with `SPOILED`, worth little."""
    nonsense = np.random.default_rng(8).standard_normal(given.world.vectors.shape).astype(np.float32)
    return replace(given, world=World.of(given.world.movies, nonsense))

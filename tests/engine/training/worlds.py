"""The checkerboard as a dataset, and a `Work` that records progress and can cancel."""

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
"""Minimum ratings of a movie that no movie has, as if the setting were mistyped."""


class Watched:
    """Work that cancels at the n-th check, or once a curve has a given number of epochs."""

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
    """The dataset of the checkerboard."""
    movies, vectors = catalogue()
    return dataset.gather(
        movies=movies, vectors=vectors, ratings_folder=movielens(folder), snapshot=None, catalogue_hash="abc"
    )


def spoiled(given: Dataset) -> Dataset:
    """The same movies and ratings with meaningless descriptions; with `SPOILED`, models are bad."""
    nonsense = np.random.default_rng(8).standard_normal(given.world.vectors.shape).astype(np.float32)
    return replace(given, world=World.of(given.world.movies, nonsense))

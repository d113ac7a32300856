"""Vectors and groups of candidates are remembered, and threads never take them for missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.types import MovieId
from engine.recommender.selection.candidates import Candidates


@dataclass
class IndexOfOne:
    """An index with the movie 1, which calls `while_read` as soon as the groups of the movie are looked at."""

    while_read: Callable[[], None] = lambda: None
    asked: list[Sequence[int]] = field(default_factory=list)
    up: bool = True

    def info(self) -> SimpleNamespace:
        """The published version."""
        return SimpleNamespace(version="one")

    def movies(self, ids: Sequence[int]) -> list[Any]:
        """The movie, if it is asked for."""
        self.asked.append(list(ids))
        return [self] if 1 in ids and self.up else []

    def vectors(self, ids: Sequence[int]) -> np.ndarray:
        """A vector for each id."""
        return np.ones((len(ids), 2), np.float32)

    @property
    def id(self) -> int:
        """The movie's id."""
        return 1

    @property
    def collection(self) -> str:
        """The movie's collection."""
        return "Trilogy"

    @property
    def directors(self) -> tuple[str, ...]:
        """The movie's directors."""
        call, self.while_read = self.while_read, lambda: None
        call()
        return ()


def test_known_movies_are_asked_for_once() -> None:
    index = IndexOfOne()
    candidates = Candidates(index)  # type: ignore[arg-type]
    for _ in range(2):
        about = candidates.about([1])
        assert about.movies == [1]
        assert about.groups == [frozenset({"collection Trilogy"})]
        assert about.vectors.shape == (1, 2)
    assert index.asked == [[MovieId(1)]]


def test_a_movie_that_was_missing_during_an_outage_is_asked_for_again() -> None:
    index = IndexOfOne(up=False)
    candidates = Candidates(index)  # type: ignore[arg-type]
    assert candidates.about([1]).movies == []
    index.up = True
    assert candidates.about([1]).movies == [1]


def test_a_movie_that_another_thread_is_reading_is_not_missing() -> None:
    index, seen = IndexOfOne(), list[list[int]]()
    candidates = Candidates(index)  # type: ignore[arg-type]
    index.while_read = lambda: seen.append(candidates.about([1]).movies)
    candidates.about([1])
    assert seen == [[1]]

"""The mood scores of a version's movies: a matrix with one column per mood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors
from indexer import moods
from indexer.embedded.bitmaps import Bitmaps
from indexer.embedded.columns import Columns, Rows

FILE = "moods.npy"


@dataclass(frozen=True)
class Moods:
    """Scores by row.

    Attributes:
        names: the moods of the index.
        scores: float32, (n_movies, n_moods), 0 for moods that a movie does not have.
    """

    names: tuple[str, ...]
    scores: Vectors

    @classmethod
    def load(cls, folder: Path, names: tuple[str, ...]) -> Moods:
        """Read what `save` wrote.

        Raises:
            ValueError: it does not match `names`.
        """
        scores = np.load(folder / FILE, mmap_mode="r", allow_pickle=False)
        if scores.ndim != 2 or scores.shape[1] != len(names):  # noqa: PLR2004
            raise ValueError(f"{FILE} has the shape {scores.shape}, expected a column for each of {len(names)} moods")
        return cls(names, scores.view(np.ndarray))

    def column(self, name: str) -> NDArray[np.float32]:
        """Return float32, (n_movies,): the scores of a mood; all 0 if the index does not know it."""
        if name not in self.names:
            return np.zeros(len(self.scores), dtype=np.float32)
        return self.scores[:, self.names.index(name)]

    @cached_property
    def values(self) -> Bitmaps:
        """The movies with each mood."""
        return Bitmaps.of((name, self.scores[:, place] > 0) for place, name in enumerate(self.names))


def save(folder: Path, scores: Iterable[Mapping[str, float]], names: tuple[str, ...]) -> None:
    """Write the scores of every movie in row order."""
    rows = [moods.row(own, names) for own in scores]
    np.save(folder / FILE, np.array(rows, dtype=np.float32).reshape(len(rows), len(names)))


def best(order: Iterable[tuple[str, float]], columns: Columns, scored: Moods, *, rows: Rows | None, depth: int) -> Rows:
    """Return the `depth` of `rows` (all if None) with the greatest weighted sum of columns, ties by id."""
    total = np.zeros(len(columns.ids), dtype=np.float64)
    for name, weight in order:
        total += weight * _column(name, columns, scored)
    chosen = np.arange(len(total)) if rows is None else rows
    merit = total[chosen].astype(np.float32)  # the same precision as Elasticsearch's scores
    if 0 < depth < len(chosen):  # only the best, and those that tie with the last of them, are sorted
        last = np.partition(merit, len(merit) - depth)[len(merit) - depth]
        best = np.flatnonzero(merit >= last)
        chosen, merit = chosen[best], merit[best]
    return chosen[np.lexsort((columns.ids[chosen], -merit))[:depth]]


def _column(name: str, columns: Columns, scored: Moods) -> NDArray[np.floating]:
    if name.startswith(moods.COLUMN):
        return scored.column(name.removeprefix(moods.COLUMN))
    return columns.merits[name]

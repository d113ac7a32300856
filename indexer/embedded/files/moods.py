"""The mood scores of a version's movies: a matrix with one column per mood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors
from core.types import FacetValue
from indexer import moods
from indexer.embedded.columns import Columns, Rows

FILE = "moods.npy"


@dataclass(frozen=True, slots=True)
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

    def facet(self, rows: Rows) -> tuple[FacetValue, ...]:
        """Count the movies of `rows` in each mood, most frequent first."""
        counts = np.count_nonzero(self.scores[rows] > 0, axis=0).tolist()
        ranked = sorted(zip(self.names, counts, strict=True), key=lambda item: (-item[1], item[0]))
        return tuple(FacetValue(name, count) for name, count in ranked if count)


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
    return chosen[np.lexsort((columns.ids[chosen], -merit))[:depth]]


def _column(name: str, columns: Columns, scored: Moods) -> NDArray[np.floating]:
    if name.startswith(moods.COLUMN):
        return scored.column(name.removeprefix(moods.COLUMN))
    return columns.merits[name]

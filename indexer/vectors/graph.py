"""A graph for approximate search among many vectors: HNSW by usearch, with vectors rounded to bytes.

The order of what it finds is approximate too, so callers request more than they need and compare that exactly.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors

EXACT_UP_TO = 50_000
"""Movies up to which all vectors are compared: that takes 8 ms at most, a graph 3 of any number."""
LINKS, BUILD = 32, 200
"""Links per movie, and candidates examined when it is added. With 16 and 128, recall@10 was .94 at best."""
EFFORT = 600
"""Candidates that a search examines at least."""
OVERSAMPLE = 2
"""Movies to request for one that is needed. Rounding alone costs 6 % of the first 300 movies, but hardly of 600."""

Rows = NDArray[np.int64]


class Graph:
    """A graph over the rows of a matrix. Thread-safe for searches."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401 - usearch is imported only where there are many movies
        self._index = index
        # usearch gives searches of one thread each the same working memory.
        self._lock = threading.Lock()

    @classmethod
    def build(cls, vectors: Vectors, *, links: int = LINKS, effort: int = BUILD) -> Graph:
        """Build the graph with all processors.

        Args:
            vectors: float32, (n, dimension), unit rows.
            links: links per row.
            effort: candidates examined for each row.
        """
        index = _index_type()(
            ndim=vectors.shape[1],
            metric="ip",
            dtype="i8",
            connectivity=links,
            expansion_add=effort,
            expansion_search=EFFORT,
        )
        index.add(np.arange(len(vectors)), vectors)
        return cls(index)

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int) -> Graph:
        """Map a saved graph into memory, which processes share.

        Raises:
            OSError, ValueError: it cannot be read, or belongs to other vectors.
        """
        try:
            index = _index_type().restore(str(path), view=True)
        except (RuntimeError, ValueError) as error:  # usearch's own do not name the file
            raise ValueError(f"{path.name} cannot be read: {error}") from error
        if index is None or (len(index), index.ndim) != (count, dimension):
            raise ValueError(f"{path.name} is not the graph of {count} vectors of {dimension} dimensions")
        index.expansion_search = EFFORT
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the graph to a file."""
        try:
            self._index.save(str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name} cannot be written: {error}") from error

    def nearest(self, vector: Vectors, count: int) -> Rows:
        """Return about `count` rows nearest to a vector, roughly nearest first."""
        with self._lock:
            return np.asarray(self._index.search(vector, count, threads=1).keys, dtype=np.int64)

    def nearest_of_each(self, vectors: Vectors, count: int) -> Rows:
        """Return int64, (n, count): rows near each of n vectors, -1 where fewer were found; with all processors."""
        found = self._index.search(vectors, count)
        keys = np.asarray(found.keys, dtype=np.int64).reshape(len(vectors), -1)
        return np.where(np.arange(keys.shape[1]) < np.asarray(found.counts)[:, None], keys, -1)


def _index_type() -> Any:  # noqa: ANN401
    from usearch.index import Index  # noqa: PLC0415 - takes .2 s, for large catalogues only

    return Index

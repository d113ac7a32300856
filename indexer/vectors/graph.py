"""A graph for approximate search among many vectors: HNSW by usearch, with vectors rounded to bytes.

A graph of many vectors consists of parts, each searched by itself, like the segments of Lucene: with one part of a
million vectors around 4,800 centres, where every vector has more near ones than a graph has links, recall@10 was .66,
with five parts .998. The order of what it finds is approximate, so callers request more than they need and compare
that exactly.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors

EXACT_UP_TO = 50_000
"""Movies up to which all vectors are compared: that takes 8 ms at most, a graph 3 of any number."""
LINKS, BUILD = 32, 200
"""Links per movie, and candidates examined when it is added. With 16 and 128, recall@10 was .94 at best."""
SEARCH = (600, 300)
"""Candidates that a search examines at least: in a graph of one part, and in each of several, which find more."""
PART = 200_000
"""Vectors of a part at most."""
SPARE_DEVIATIONS = 3
"""Standard deviations above the mean number of wanted rows in a part: so many are requested from each."""
OVERSAMPLE = 2
"""Movies to request for one that is needed. Rounding alone costs 6 % of the first 300 movies, but hardly of 600."""

Rows = NDArray[np.int64]


class Graph:
    """A graph over the rows of a matrix. Thread-safe for searches."""

    def __init__(self, parts: Sequence[Any], *, search: tuple[int, int] = SEARCH) -> None:
        """Create it from its parts, and the candidates that a search examines (`SEARCH`)."""
        self._parts = tuple(parts)
        whole, each = search
        for part in self._parts:
            part.expansion_search = whole if len(self._parts) == 1 else each
        # usearch gives searches of one thread each the same working memory.
        self._lock = threading.Lock()

    @classmethod
    def build(
        cls,
        vectors: Vectors,
        *,
        links: int = LINKS,
        effort: int = BUILD,
        search: tuple[int, int] = SEARCH,
        part: int = PART,
    ) -> Graph:
        """Build the graph with all processors.

        Args:
            vectors: float32, (n, dimension), unit rows.
            links: links per row.
            effort: candidates examined for each row.
            search: candidates that a search examines, as in `SEARCH`.
            part: rows of a part at most. Rows are divided in turn, so that each part has some from everywhere.
        """
        count = max(1, math.ceil(len(vectors) / part))
        parts = []
        for first in range(count):
            index = _index_type()(
                ndim=vectors.shape[1], metric="ip", dtype="i8", connectivity=links, expansion_add=effort
            )
            rows = np.arange(first, len(vectors), count)
            index.add(rows, vectors[rows] if count > 1 else vectors)
            parts.append(index)
        return cls(parts, search=search)

    @classmethod
    def load(cls, folder: Path, *, count: int, dimension: int) -> Graph:
        """Map a saved graph into memory, which processes share.

        Raises:
            OSError, ValueError: it cannot be read, or belongs to other vectors.
        """
        parts = [_load(path, dimension) for path in sorted(folder.iterdir())]
        if sum(map(len, parts)) != count:
            raise ValueError(f"{folder.name} is not the graph of {count} vectors")
        return cls(parts)

    def save(self, folder: Path) -> None:
        """Write the graph to a new folder, with a file for each part."""
        folder.mkdir()
        for number, part in enumerate(self._parts):
            path = folder / f"{number:03}"
            try:
                part.save(str(path))
            except RuntimeError as error:
                raise OSError(f"{folder.name}/{path.name} cannot be written: {error}") from error

    def nearest(self, vector: Vectors, count: int) -> Rows:
        """Return about `count` rows nearest to a vector, roughly nearest first."""
        with self._lock:
            found = [part.search(vector, self._share(count), threads=1) for part in self._parts]
        keys = np.concatenate([one.keys for one in found]).astype(np.int64)
        distances = np.concatenate([one.distances for one in found])
        return keys[np.argsort(distances, kind="stable")[:count]]

    def nearest_of_each(self, vectors: Vectors, count: int) -> Rows:
        """Return int64, (n, count): rows near each of n vectors, -1 where fewer were found; with all processors."""
        keys, distances = [], []
        for part in self._parts:
            found = part.search(vectors, self._share(count))
            own = np.asarray(found.distances, dtype=np.float32).reshape(len(vectors), -1)
            keys.append(np.asarray(found.keys, dtype=np.int64).reshape(own.shape))
            missing = np.arange(own.shape[1]) >= np.reshape(found.counts, (-1, 1))
            distances.append(np.where(missing, np.inf, own))
        every, far = np.concatenate(keys, axis=1), np.concatenate(distances, axis=1)
        order = np.argsort(far, axis=1, kind="stable")[:, :count]
        return np.where(np.take_along_axis(far, order, axis=1) < np.inf, np.take_along_axis(every, order, axis=1), -1)

    def _share(self, count: int) -> int:
        """Return how many rows to request from each part so that the nearest `count` are nearly always among them."""
        mean = count / len(self._parts)
        return count if len(self._parts) == 1 else min(count, math.ceil(mean + SPARE_DEVIATIONS * math.sqrt(mean)))


def _load(path: Path, dimension: int) -> Any:  # noqa: ANN401 - usearch is imported only where there are many movies
    name = f"{path.parent.name}/{path.name}"
    try:
        index = _index_type().restore(str(path), view=True)
    except (RuntimeError, ValueError) as error:  # usearch's own do not name the file
        raise ValueError(f"{name} cannot be read: {error}") from error
    if index is None or index.ndim != dimension:
        raise ValueError(f"{name} is not a graph of vectors of {dimension} dimensions")
    return index


def _index_type() -> Any:  # noqa: ANN401
    from usearch.index import Index  # noqa: PLC0415 - takes .2 s, for large catalogues only

    return Index

"""The vectors of one space of a version: compared exactly if they are few, else found by a graph and then compared."""

from __future__ import annotations

import math
import mmap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors
from indexer.embedded.bitmaps import Mask
from indexer.embedded.columns import Rows
from indexer.embedded.files import mapping
from indexer.vectors import graph
from indexer.vectors.graph import Graph

GRAPH = ".graph"
"""Suffix of the folder with the graph of a file of vectors."""
SCANNED = 10
"""Vectors that are compared in the time in which a graph finds one movie: decides how movies that meet a filter are
searched."""
SPARE = 1.25
"""Movies requested for each that should meet a filter, so that chance alone does not require a second attempt."""
BLOCK = 8_192
"""Vectors copied at once when those of some movies are compared, 12 MB: all at once could take a gigabyte."""
WHOLE = 0.25
"""Share of movies from which comparing all of them is faster than copying the vectors of some."""

Cosines = NDArray[np.float32]


@dataclass(frozen=True)
class Meaning:
    """The vectors of a space.

    Attributes:
        vectors: float32, (n_movies, dimension), unit rows, memory-mapped.
        graph: finds the nearest of many vectors; None if all are compared.
        file: the vectors of a space with a graph, of which searches read some.
    """

    vectors: Vectors
    graph: Graph | None = None
    file: mmap.mmap | bytes = b""

    @classmethod
    def load(cls, path: Path, *, dimension: int) -> Meaning:
        """Map the vectors in `path`, and their graph if there is one.

        Raises:
            OSError, ValueError: they cannot be read.
        """
        beside = graph_folder(path)
        if beside.is_dir():  # searches compare a few hundred vectors
            file = mapping.at_random(path)
            vectors = np.frombuffer(file, "<f4").reshape(-1, dimension)
            return cls(vectors, Graph.load(beside, count=len(vectors), dimension=dimension), file)
        if not path.stat().st_size:
            return cls(np.zeros((0, dimension), dtype=np.float32))
        return cls(np.memmap(path, dtype="<f4", mode="r").reshape(-1, dimension).view(np.ndarray))

    def __len__(self) -> int:
        return len(self.vectors)

    def compare(self, vector: Vectors) -> Comparison:
        """Return the comparison of all movies with a vector, float32, (dimension,); computed as far as it is needed."""
        return Comparison(self, np.asarray(vector, dtype=np.float32))


@dataclass(frozen=True)
class Comparison:
    """A vector compared with the movies of a space."""

    space: Meaning
    vector: Vectors

    def cosines(self, rows: Rows) -> Cosines:
        """Return the exact cosine of each of `rows`."""
        if "_all" in self.__dict__ or self.space.graph is None or len(rows) > WHOLE * len(self.space):
            return self._all[rows]
        if len(rows) <= BLOCK:
            row_bytes = self.space.vectors.strides[0]
            mapping.read_ahead(self.space.file, ((row * row_bytes, (row + 1) * row_bytes) for row in rows.tolist()))
        blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
        return np.concatenate([np.zeros(0, np.float32), *(self.space.vectors[some] @ self.vector for some in blocks)])

    def nearest(self, mask: Mask | None, depth: int) -> Rows:
        """Return the `depth` rows with the greatest cosines among those in `mask`, all movies if it is None."""
        allowed = len(self.space) if mask is None else int(np.count_nonzero(mask))
        found = self._by_graph(mask, allowed=allowed, depth=depth)
        if found is None:
            found = np.arange(len(self.space)) if mask is None else np.flatnonzero(mask)
        if len(found) <= depth or not depth:
            return found[:depth]
        return found[np.argpartition(-self.cosines(found), depth - 1)[:depth]]

    @cached_property
    def _all(self) -> Cosines:
        cosines: Cosines = self.space.vectors @ self.vector
        return cosines

    def _by_graph(self, mask: Mask | None, *, allowed: int, depth: int) -> Rows | None:
        """Return enough rows near the vector that are in `mask`; None if comparing all of them is faster.

        A filter that few of the nearest movies meet takes several attempts, each with twice as many movies.
        """
        if self.space.graph is None or not depth or allowed <= depth:
            return None
        needed = graph.OVERSAMPLE * depth
        requested = math.ceil(SPARE * needed * len(self.space) / allowed) if mask is not None else needed
        while SCANNED * requested < allowed:
            found = self.space.graph.nearest(self.vector, requested)
            met = found if mask is None else found[mask[found]]
            if len(met) >= needed:
                return met
            requested *= 2
        return None


def graph_folder(vectors: Path) -> Path:
    """Return the folder of the graph of a file of vectors."""
    return vectors.with_name(vectors.name + GRAPH)

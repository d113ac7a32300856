"""The weighted terms and nearest movies of a version's movies, as read by ranking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import Entry
from indexer.embedded.columns import Rows
from indexer.embedded.files import mapping

TERMS, OFFSETS, NEIGHBOURS = "terms.bin", "terms-offsets.npy", "neighbours.npy"


class TermsWriter:
    """Appends the terms of each movie to a file, and collects the neighbours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / TERMS).open("wb")
        self._offsets = [0]
        self._neighbours: list[NDArray[np.int64]] = []

    def add(self, entry: Entry) -> None:
        """Append a movie."""
        self._offsets.append(self._offsets[-1] + self._file.write(entry.terms))
        self._neighbours.append(np.array(entry.neighbours, np.int64))

    def finish(self) -> None:
        """Close the file; write the offsets, int64, (n_movies + 1,), and the neighbours, int64, (n_movies, k)."""
        self._file.close()
        np.save(self._folder / OFFSETS, np.array(self._offsets, np.int64))
        width = max(map(len, self._neighbours), default=0)
        rows = np.zeros((len(self._neighbours), width), np.int64)
        for row, own in zip(rows, self._neighbours, strict=True):
            row[: len(own)] = own
        np.save(self._folder / NEIGHBOURS, rows)

    def abandon(self) -> None:
        """Close the file of a draft that will not be finished."""
        self._file.close()


class Terms:
    """Reads terms and neighbours by row from memory-mapped files.

    Raises:
        ValueError: the files are inconsistent.
    """

    def __init__(self, folder: Path) -> None:
        self._offsets = np.load(folder / OFFSETS)
        self._neighbours = np.load(folder / NEIGHBOURS, mmap_mode="r", allow_pickle=False)
        self._file = mapping.at_random(folder / TERMS)
        self._terms = memoryview(self._file)
        if len(self._terms) != self._offsets[-1] or len(self._neighbours) != len(self):
            raise ValueError(f"{TERMS} has {len(self._terms)} bytes, expected {self._offsets[-1]}")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def read(self, rows: Rows) -> list[memoryview]:
        """Return the terms of the movies at `rows` without copying: a search uses only a fraction of them."""
        bounds = mapping.bounds_of(self._offsets, rows)
        mapping.read_ahead(self._file, bounds)
        return [self._terms[start:end] for start, end in bounds]

    def neighbours(self, rows: Rows) -> NDArray[np.int64]:
        """Return the ids of the movies nearest to those at `rows`, (n, k)."""
        return np.array(self._neighbours[rows])

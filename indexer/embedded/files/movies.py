"""The movies of a version as JSON lines, decoded individually on demand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import orjson

from core.types import Movie
from indexer import documents
from indexer.embedded.columns import Rows
from indexer.embedded.files import mapping

RECENT = 2_000
"""Decoded movies that a version caches, about 10 kB each."""


class MoviesWriter:
    """Appends movies to `films.jsonl` and records their offsets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / "films.jsonl").open("wb")
        self._offsets = [0]

    def add(self, movie: Movie) -> None:
        """Append a movie."""
        self._offsets.append(self._offsets[-1] + self._file.write(documents.to_json(movie) + b"\n"))

    def finish(self) -> None:
        """Close the file and write the offsets, int64, (n_movies + 1,)."""
        self._file.close()
        np.save(self._folder / "offsets.npy", np.array(self._offsets, dtype=np.int64))

    def abandon(self) -> None:
        """Close the file of a draft that will not be finished."""
        self._file.close()


class Movies:
    """Reads movies by row."""

    def __init__(self, folder: Path) -> None:
        self._offsets = np.load(folder / "offsets.npy")
        self._text = mapping.at_random(folder / "films.jsonl")
        if len(self._text) != self._offsets[-1]:
            raise ValueError(f"films.jsonl has {len(self._text)} bytes, expected {self._offsets[-1]}")
        # The same movies are decoded repeatedly, each with its whole cast: caching saves a millisecond per page.
        self._recent = lru_cache(maxsize=RECENT)(self._decode)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def read(self, rows: Rows) -> list[Movie]:
        """Return the movies at `rows`, in that order."""
        mapping.read_ahead(self._text, mapping.bounds_of(self._offsets, rows))
        return [self._recent(row) for row in rows.tolist()]

    def _decode(self, row: int) -> Movie:
        return documents.from_plain(orjson.loads(self._text[self._offsets[row] : self._offsets[row + 1]]))

"""Item-item weights as a sparse matrix in rows (CSR), of plain arrays: serving needs numpy only.

A request reads the rows of the user's movies and nothing else, so that the entries may be memory-mapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.recommendations.records import Floats

COLUMN, VALUE = "column", "value"
ENTRY = np.dtype([(COLUMN, "<i4"), (VALUE, "<f4")])
"""An entry of a row: which movie, and its weight."""
BLOCK = 512
"""Rows of a dense matrix that are searched at once."""

Entries = NDArray[Any]


@dataclass(frozen=True, slots=True)
class SparseRows:
    """A square matrix.

    Attributes:
        starts: int64, (n + 1,): the entries of row j are `starts[j]` to `starts[j + 1]`.
        entries: of dtype `ENTRY`, (n_entries,), ascending by column within a row. May be memory-mapped.
    """

    starts: NDArray[np.int64]
    entries: Entries

    def __len__(self) -> int:
        return len(self.starts) - 1

    def check(self) -> None:
        """Raise `DataError` if the arrays do not fit together, as those of a damaged file."""
        columns, starts = self.entries[COLUMN], self.starts
        if starts[0] != 0 or starts[-1] != len(columns) or (np.diff(starts) < 0).any():
            raise DataError("the rows of item-item weights do not fit their entries")
        if len(columns) and not 0 <= columns.min() <= columns.max() < len(self):
            raise DataError("item-item weights name movies that do not exist")

    @property
    def values(self) -> Floats:
        """float32, (n_entries,): all weights."""
        return np.asarray(self.entries[VALUE], np.float32)

    def weighted_sum(self, rows: NDArray[np.intp], weights: Floats) -> Floats:
        """Return float32, (n,): Σ weights[k] · row `rows[k]`."""
        entries, lengths = self._entries(rows)
        summands = entries[VALUE] * np.repeat(weights, lengths)
        return np.bincount(entries[COLUMN], summands, minlength=len(self)).astype(np.float32)

    def dense(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
        """Return float32, (len(rows), len(columns)): these rows at these columns."""
        entries, lengths = self._entries(rows)
        wanted, of_wanted = np.unique(columns, return_inverse=True)
        places = np.full(len(self), -1, np.intp)
        places[wanted] = np.arange(len(wanted))
        found = places[entries[COLUMN]]
        result = np.zeros((len(rows), len(wanted)), np.float32)
        result[np.repeat(np.arange(len(rows)), lengths)[found >= 0], found[found >= 0]] = entries[VALUE][found >= 0]
        return result[:, of_wanted]

    def among(self, kept: NDArray[np.bool_]) -> SparseRows:
        """Return the rows and columns of the movies to keep; `kept` is bool, (n,)."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        entries = self.entries[kept[rows] & kept[self.entries[COLUMN]]]
        renumbered = np.cumsum(kept) - 1
        counts = np.bincount(rows[kept[rows] & kept[self.entries[COLUMN]]], minlength=len(self))[kept]
        entries[COLUMN] = renumbered[entries[COLUMN]]
        return SparseRows(_starts(counts), entries)

    def _entries(self, rows: NDArray[np.intp]) -> tuple[Entries, NDArray[np.int64]]:
        """Return the entries of some rows, one row after another, and the number of each."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return self.entries[places], lengths


def nothing(rows: int = 0) -> SparseRows:
    """Return a matrix of zeros."""
    return SparseRows(np.zeros(rows + 1, np.int64), np.empty(0, ENTRY))


def of_dense(matrix: NDArray[np.floating]) -> SparseRows:
    """Return the entries of a dense matrix, (n, n), that are not 0."""
    parts, counts = [np.empty(0, ENTRY)], [np.empty(0, np.int64)]
    for start in range(0, len(matrix), BLOCK):
        block = np.asarray(matrix[start : start + BLOCK], np.float32)
        rows, columns = np.nonzero(block)
        parts.append(_entries(columns, block[rows, columns]))
        counts.append(np.bincount(rows, minlength=len(block)))
    return SparseRows(_starts(np.concatenate(counts)), np.concatenate(parts))


def of_triples(
    rows: NDArray[np.integer[Any]], columns: NDArray[np.integer[Any]], values: NDArray[np.floating], *, size: int
) -> SparseRows:
    """Return a matrix of `size` rows from entries in any order; of several entries of a place, one is kept."""
    places, first = np.unique(rows.astype(np.int64) * size + columns, return_index=True)
    counts = np.bincount(places // size, minlength=size)
    return SparseRows(_starts(counts), _entries(places % size, values[first]))


def _entries(columns: NDArray[np.integer[Any]], values: NDArray[np.floating]) -> Entries:
    entries = np.empty(len(columns), ENTRY)
    entries[COLUMN], entries[VALUE] = columns, values
    return entries


def _starts(counts: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))

"""Search by words: BM25 as a sparse matrix of movies and terms, of which a search adds up columns.

A search needs the scores of the best movies and of those found in other ways. The sum has both. It takes 6 ms of
processor for a million movies (`python -m benchmarks words`); tantivy would take 43, of which 15 for the others,
because it collects the best without skipping what cannot be among them (`docs/decisions.md`).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.types import Movie
from indexer import documents, schema
from indexer.embedded import fields
from indexer.embedded.bitmaps import Mask
from indexer.embedded.columns import Rows
from indexer.embedded.files import mapping

KEYS, BOUNDS = "keys.npy", "bounds.npy"
"""Keys of the terms, uint64, (n_terms,), ascending; first and last + 1 of each one's entries, int64, (n_terms, 2)."""
ROWS, WEIGHTS = "rows.bin", "weights.bin"
"""The entries: rows, int32, ascending for each term, and what the term adds to their scores, float32."""
ENTRY_BYTES = 4
"""Bytes of a row, and of a weight."""
BLOCKS = 4
"""Blocks for each requested movie: the best of every block give a bound that the best movies reach."""
_EXACT_LENGTHS = 24
"""Lengths that Lucene stores exactly in the byte that it has for them."""
_DIGITS = 4
"""Binary digits that it keeps of what exceeds them."""
_NOT_INDEXED = -1
"""The column of stop words."""

Scores = NDArray[np.float32]


class WordsWriter:
    """Writes the matrix of a draft."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._drafts = {name: _FieldDraft(name, folder / f"{name}.draft") for name in schema.WORD_FIELDS}

    def add(self, movie: Movie) -> None:
        """Count the words of a movie; its row is the number of movies added before."""
        for name, text in documents.word_fields(movie).items():
            self._drafts[name].add(text.split())

    def finish(self) -> None:
        """Write the files; no movie can be added afterwards."""
        keys, bounds, first = [], [], 0
        with (self._folder / ROWS).open("wb") as rows, (self._folder / WEIGHTS).open("wb") as weights:
            for name, draft in self._drafts.items():
                matrix = draft.matrix()
                rows.write(matrix.indices.astype(np.int32, copy=False))
                weights.write(matrix.data.astype(np.float32, copy=False))
                keys.append(_keys(name, draft.columns.terms))
                bounds.append(first + np.stack([matrix.indptr[:-1], matrix.indptr[1:]], axis=1, dtype=np.int64))
                first += matrix.nnz
        every = np.concatenate(keys)
        order = np.argsort(every)
        np.save(self._folder / KEYS, every[order])
        np.save(self._folder / BOUNDS, np.concatenate(bounds)[order])

    def abandon(self) -> None:
        """Close the files of a draft that will not be finished, all of them even if one cannot be flushed."""
        with ExitStack() as stack:
            for draft in self._drafts.values():
                stack.callback(draft.close)


class _Columns(dict[str, int]):
    """The column of each word; words with the same stem share one, and those that are not indexed have none."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.terms: dict[str, int] = {}
        self._field = field

    def __missing__(self, word: str) -> int:
        found = fields.terms(word, self._field)
        self[word] = self.terms.setdefault(found[0], len(self.terms)) if found else _NOT_INDEXED
        return self[word]


class _FieldDraft:
    """The words of a field, movie by movie, in a file that is deleted when the matrix is made."""

    def __init__(self, field: str, path: Path) -> None:
        self.columns = _Columns(field)
        self._path = path
        self._file: BinaryIO = path.open("wb")
        self._lengths = array("q")

    def add(self, words: Iterable[str]) -> None:
        found = array("i", (column for column in map(self.columns.__getitem__, words) if column != _NOT_INDEXED))
        self._file.write(found.tobytes())
        self._lengths.append(len(found))

    def close(self) -> None:
        self._file.close()

    def matrix(self) -> Any:  # noqa: ANN401 - a matrix of scipy
        """Return what each term adds to the score of each movie: a `csc_array`, float32, (n_movies, n_terms)."""
        from scipy import sparse  # noqa: PLC0415 - takes .2 s, for builds only

        self._file.close()
        columns, lengths = np.fromfile(self._path, np.int32), np.array(self._lengths, np.int64)
        self._path.unlink()
        starts, shape = np.concatenate([[0], np.cumsum(lengths)]), (len(lengths), len(self.columns.terms))
        matrix = sparse.csr_array((np.ones(len(columns), np.float32), columns, starts), shape).tocsc()
        matrix.sum_duplicates()
        _weigh(matrix, lengths)
        return matrix


def _weigh(matrix: Any, lengths: NDArray[np.int64]) -> None:  # noqa: ANN401 - a matrix of scipy
    """Replace the counts by BM25 as Lucene computes it, without the constant factor k1 + 1.

    Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009. Movies without the
    field do not count as documents.

    Args:
        matrix: how often each term occurs in each movie.
        lengths: (n_movies,), words of the field.
    """
    count, total = np.count_nonzero(lengths), lengths.sum()
    having = np.diff(matrix.indptr)
    rarity = np.log1p((count - having + 0.5) / (having + 0.5)).astype(np.float32)
    shares = _as_stored(lengths) / (total / count) if total else np.zeros(len(lengths))
    norms = (schema.BM25_K1 * (1 - schema.BM25_B + schema.BM25_B * shares)).astype(np.float32)
    matrix.data /= matrix.data + norms[matrix.indices]
    matrix.data *= np.repeat(rarity, having)


def _as_stored(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round lengths down as Lucene does (`SmallFloat.intToByte4`), so that both engines give the same scores."""
    beyond = np.maximum(lengths - _EXACT_LENGTHS, 0)
    dropped = np.maximum(np.frexp(beyond)[1] - _DIGITS, 0)
    rounded: NDArray[np.int64] = np.minimum(lengths, _EXACT_LENGTHS) + (beyond >> dropped << dropped)
    return rounded


class Words:
    """The matrix of one version, memory-mapped. Movies are identified by row.

    Raises:
        OSError, ValueError: the files cannot be read.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        self._keys = np.load(folder / KEYS, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        self._bounds = np.load(folder / BOUNDS, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        self._files = [mapping.at_random(folder / name) for name in (ROWS, WEIGHTS)]
        self._rows: NDArray[np.int32] = np.frombuffer(self._files[0], np.int32)
        self._weights: Scores = np.frombuffer(self._files[1], np.float32)
        if not len(self._rows) == len(self._weights) == self._bounds.max(initial=0):
            raise ValueError(f"{ROWS} and {WEIGHTS} in {folder} have different numbers of entries")

    def scores(self, text: str, weights: Sequence[tuple[str, float]]) -> Scores | None:
        """Return the sum over fields and words of boost times BM25, (n_movies,), or None if there are no words.

        Raises:
            ValueError: for a field that is not one of `schema.WORD_FIELDS`.
        """
        asked: list[NDArray[np.uint64]] = []
        boosts: list[float] = []
        for name, boost in weights:
            if name not in schema.WORD_FIELDS:
                raise ValueError(f"fields: expected some of {', '.join(schema.WORD_FIELDS)}, got {name!r}")
            terms = fields.asked_terms(text, name) if boost > 0 else []
            asked.append(_keys(name, terms))
            boosts.extend([boost] * len(terms))
        if not boosts:
            return None
        found = np.zeros(self._count, np.float32)
        entries = self._entries(np.concatenate(asked), np.array(boosts, np.float32))
        for mapped in self._files:
            mapping.read_ahead(mapped, ((first * ENTRY_BYTES, end * ENTRY_BYTES) for (first, end), _ in entries))
        for (first, end), factor in entries:
            np.add.at(found, self._rows[first:end], self._weights[first:end] * factor)
        return found

    def _entries(self, keys: NDArray[np.uint64], boosts: Scores) -> list[tuple[list[int], np.float32]]:
        """Return the bounds of each term that a movie contains, and its boost."""
        if not len(self._keys):
            return []
        places = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
        known = self._keys[places] == keys
        return list(zip(self._bounds[places[known]].tolist(), boosts[known], strict=True))


def best(scores: Scores, mask: Mask | None, depth: int) -> Rows:
    """Return the rows with the best positive scores among those in `mask`, best first, equal ones by row."""
    if not depth:
        return np.zeros(0, np.int64)
    allowed = scores if mask is None else np.where(mask, scores, np.float32(0))
    rows = np.flatnonzero((allowed > 0) & (allowed >= _bound(allowed, depth)))
    return rows[np.argsort(-allowed[rows], kind="stable")[:depth]]


def _bound(scores: Scores, depth: int) -> float:
    """Return a score that at least `depth` movies reach: those that are the best of their block."""
    width = len(scores) // (BLOCKS * depth)
    if width < 2:  # noqa: PLR2004 - blocks of one movie
        return 0.0 if len(scores) <= depth else float(np.partition(scores, -depth)[-depth])
    blocks = scores[: len(scores) // width * width].reshape(-1, width).max(axis=1)
    return float(np.partition(blocks, -depth)[-depth])


def _keys(field: str, terms: Collection[str]) -> NDArray[np.uint64]:
    """Return the keys of terms: 64 bits each, of which two of ten million are the same once in 400,000 indexes."""
    hashes = (hashlib.blake2b(f"{field} {term}".encode(), digest_size=8).digest() for term in terms)
    return np.frombuffer(b"".join(hashes), np.uint64)

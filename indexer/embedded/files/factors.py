"""Item factors of a version: one matrix file per publication, and a manifest that refers to the current one.

A publication writes a new matrix and then replaces the manifest atomically. Readers that mapped the previous matrix
keep it, so results never mix two models; a killed publication leaves a file that the next one deletes.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from core.errors import FactorsMissing
from core.ports import FactorMatches, Factors, Vectors
from indexer import factors as shared
from indexer.embedded.bitmaps import Mask
from indexer.embedded.columns import Columns
from indexer.embedded.version_writer import sync

MANIFEST = "factors.json"
"""Refers to the current matrix of a version; a version without it has no factors."""
_MATRIX = "factors-{}.f32"
_ATTEMPTS = 5
"""Attempts to load: another publication can delete a matrix between reading the manifest and opening the file."""
_FLOAT32 = 2.0**-24
"""Half the distance between 1 and the next float32: the relative error of one rounding."""


@dataclass(frozen=True, slots=True)
class StoredFactors:
    """The factors of a model, one row per movie of a version.

    Attributes:
        model: version of the model.
        vectors: float32, (n_movies, dimension), memory-mapped; rows of movies without factors are not used.
        known: bool, (n_movies,), the movies with factors.
        longest: the greatest length of a row.
    """

    model: str
    vectors: Vectors
    known: Mask
    longest: float

    def best(
        self, vector: Vectors, columns: Columns, *, mask: Mask | None, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """Return the `depth` movies of `mask` (all if None) with the greatest inner product, exactly, ties by id.

        The rounding of matrix products depends on the row's position, so equal rows may differ in the last bit: rows
        that may be among the best are recomputed in float64.
        """
        user = shared.check_user(vector, self.vectors.shape[1])
        allowed = self.known.copy() if mask is None else self.known & mask
        left_out = columns.rows(without)
        allowed[left_out[left_out >= 0]] = False
        rows = np.flatnonzero(allowed)
        if depth < len(rows):
            rough = (self.vectors @ user)[rows]
            bar = np.partition(rough, len(rows) - depth)[len(rows) - depth] if depth > 0 else np.inf
            slack = 4 * _FLOAT32 * len(user) * self.longest * float(np.linalg.norm(user))
            rows = rows[rough >= bar - slack]
        scores = np.einsum("ij,j->i", self.vectors[rows].astype(np.float64), user.astype(np.float64))
        return shared.rank(columns.ids[rows], scores.astype(np.float32), depth=depth)


NONE = StoredFactors("", np.zeros((0, 0), np.float32), np.zeros(0, np.bool_), 0.0)
"""The factors of a version that has none."""


def require(stored: StoredFactors, model: str) -> StoredFactors:
    """Return the factors if they belong to `model`.

    Raises:
        FactorsMissing: they belong to another model, or there are none.
    """
    if not stored.model or stored.model != model:
        present = f"factors of the model {stored.model!r}" if stored.model else "no factors"
        raise FactorsMissing(f"the published index has {present}, not those of {model!r}")
    return stored


def save(folder: Path, columns: Columns, factors: Factors) -> int:
    """Write factors for the version in `folder` and make them current; return how many movies have factors."""
    rows = columns.rows(factors.movies.tolist())
    known = rows >= 0
    matrix = np.full((len(columns.ids), factors.vectors.shape[1]), np.nan, dtype="<f4")
    matrix[rows[known]] = factors.vectors[known]
    name = _MATRIX.format(uuid.uuid4().hex)
    longest = float(np.linalg.norm(matrix[rows[known]], axis=1).max(initial=0.0))
    _write(folder / name, matrix.tobytes())
    plain = {"model": factors.model, "file": name, "dimension": matrix.shape[1], "longest": longest}
    beside = folder / f".{MANIFEST}.{os.getpid()}"
    _write(beside, orjson.dumps(plain))
    beside.replace(folder / MANIFEST)
    sync(folder)
    for old in (*folder.glob(_MATRIX.format("*")), *folder.glob(f".{MANIFEST}.*")):
        if old.name != name:
            old.unlink(missing_ok=True)
    return int(known.sum())


def load(folder: Path, count: int) -> StoredFactors:
    """Return the current factors of the version in `folder`, or `NONE`.

    Raises:
        OSError, ValueError, KeyError, TypeError: they cannot be read.
    """
    for attempt in range(_ATTEMPTS):
        if not (folder / MANIFEST).is_file():
            return NONE
        plain = orjson.loads((folder / MANIFEST).read_bytes())
        try:
            return _map(folder / plain["file"], plain, count)
        except FileNotFoundError:
            if attempt == _ATTEMPTS - 1:
                raise
    return NONE


def _map(path: Path, plain: dict[str, object], count: int) -> StoredFactors:
    size, expected = path.stat().st_size, count * int(str(plain["dimension"])) * 4
    if size != expected:
        raise ValueError(f"{path.name} has {size} bytes, expected {expected}")
    shape = (count, int(str(plain["dimension"])))
    vectors = (np.memmap(path, dtype="<f4", mode="r", shape=shape) if count else np.zeros(shape, "<f4")).view(
        np.ndarray
    )
    return StoredFactors(str(plain["model"]), vectors, ~np.isnan(vectors[:, 0]), float(str(plain["longest"])))


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

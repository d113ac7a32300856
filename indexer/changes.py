"""What has changed since the published version: a build can start from a copy of it and write only that. Pure.

Each version stores digests of every movie as an attachment: of the movie with its vectors, and of its neighbours, which
change with other movies. The weights of its terms and the scores of its moods are in neither: they depend on statistics
of the whole catalogue, so that each would change with every movie. Movies that stay keep those that they were written
with, until so much has changed that all are written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import SearchUnavailable
from core.ports import Changes, IndexInfo, Vectors
from core.types import Movie
from indexer import documents

NAME = "entries"
"""The attachment with the digests."""
MOST = 0.05
"""Share of movies, changed or removed since all were written, up to which a version is copied. The statistics that
term weights and moods are computed from have changed by as much at most."""
MOST_WRITTEN = 0.5
"""Share of movies to be written, including those with other neighbours, up to which a copy is worth its while."""
RECORD = np.dtype([("movie", "<i8"), ("content", "<u8"), ("near", "<u8")])
_CARRIED = np.dtype("<i8")

Digests = NDArray[np.void]
"""Dtype `RECORD`, (n_movies,)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a version consists of.

    Attributes:
        digests: of its movies.
        carried: movies changed or removed since all movies were written; 0 if this version wrote all.
    """

    digests: Digests
    carried: int = 0

    def dump(self) -> bytes:
        """Return it as an attachment."""
        return np.array([self.carried], _CARRIED).tobytes() + self.digests.tobytes()


def read(content: bytes) -> Written:
    """Read what `Written.dump` wrote.

    Raises:
        SearchUnavailable: it is damaged.
    """
    try:
        carried = np.frombuffer(content, _CARRIED, count=1)
        return Written(np.frombuffer(content, RECORD, offset=_CARRIED.itemsize), int(carried[0]))
    except ValueError as error:
        raise SearchUnavailable(f"the attachment {NAME!r} of the index is damaged: {error}") from error


def digests(
    movies: Sequence[Movie],
    vectors: Vectors,
    multilingual: Vectors | None,
    neighbours: NDArray[np.int64],
) -> Digests:
    """Return the digests of movies, in order; all arguments have one row for each."""
    found = np.zeros(len(movies), RECORD)
    found["movie"] = [movie.id for movie in movies]
    for row, movie in enumerate(movies):
        plain = documents.to_json(movie)
        second = b"" if multilingual is None else multilingual[row].tobytes()
        found["content"][row] = _digest(b"".join((vectors[row].tobytes(), second, plain)))
        found["near"][row] = _digest(neighbours[row].tobytes())
    return found


def _digest(content: bytes) -> int:
    """Return 64 bits: they are only compared with those of the same movie."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def since(written: Written, base: IndexInfo, info: IndexInfo, fresh: Digests) -> tuple[Changes, int] | None:
    """Return the changes since a version, and how many movies are carried then; None if all should be written.

    Args:
        written: what the version consists of.
        base: its metadata.
        info: the metadata of the new version.
        fresh: the digests of the new version.
    """
    if _lasting(base) != _lasting(info):
        return None
    _, before, now = np.intersect1d(written.digests["movie"], fresh["movie"], assume_unique=True, return_indices=True)
    old, new = written.digests[before], fresh[now]
    same = old["content"] == new["content"]
    kept = new["movie"][same & (old["near"] == new["near"])]
    removed = np.setdiff1d(written.digests["movie"], fresh["movie"])
    added = np.setdiff1d(fresh["movie"], written.digests["movie"])
    carried = written.carried + len(fresh) - int(np.count_nonzero(same)) + len(removed)
    if carried > MOST * len(fresh) or len(fresh) - len(kept) > MOST_WRITTEN * len(fresh):
        return None
    return Changes(base.version, frozenset(kept.tolist()), tuple(removed.tolist()), tuple(added.tolist())), carried


def _lasting(info: IndexInfo) -> tuple[object, ...]:
    """Return the metadata that decide how movies are written."""
    second = info.multilingual
    spaces = (info.encoder, info.dimension, (second.encoder, second.dimension) if second is not None else None)
    return (info.schema, info.recipe, info.moods, info.moods_hash, spaces)

"""The lists of related movies: computed for a catalogue, and stored with an index in shards of bounded size.

Each list holds the movies that are most alike without ratings, and the rest of the series. Ratings are added when a
list is read, because models change more often than the index.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from io import BytesIO

import numpy as np
import orjson
from numpy.typing import NDArray

from core.errors import SearchUnavailable
from core.ports import Vectors
from core.types import Movie
from indexer.names.gazetteer import NamedMovie
from indexer.related.features import NAMES, Features
from indexer.related.weights import CHOSEN, Weights

LENGTH = 100
"""Movies per list: the best 12 with ratings are among the best 100 without (`python -m benchmarks similar`)."""
MAX_SERIES = 40
"""Movies of the same series per list, the nearest in order."""
SHARD = 2_000
"""Movies per attachment, 4 MB: a server loads those asked for, never a whole large catalogue."""
BLOCK = 500_000
"""Pairs of movies whose features are computed at once, 20 MB."""


class Trait(IntEnum):
    """What can be a reason: the first features, in order (`features.NAMES`)."""

    MEANING = 0
    MAKERS = 1
    CAST = 2
    KEYWORDS = 3
    GENRES = 4


RECORD = np.dtype(
    [("movie", "<i8"), ("score", "<f4"), ("meaning", "<f4"), ("terms", "<f2", len(Trait)), ("part", "u1")]
)
"""A related movie: its score without ratings, its cosine, what each `Trait` adds to the score beyond the mean of all
movies, and its number within the series that both belong to (0 if they do not)."""


@dataclass(frozen=True, slots=True)
class Related:
    """The movies related to one movie, best first without ratings.

    Attributes:
        part: its number within its series; 0 without one.
        topics: its folded keywords, rarest first.
        records: of dtype `RECORD`, (≤ LENGTH + MAX_SERIES,).
    """

    part: int
    topics: tuple[str, ...]
    records: NDArray[np.void]


def attachments(
    movies: Sequence[Movie], vectors: Vectors, named: Sequence[NamedMovie], *, weights: Weights = CHOSEN
) -> dict[str, bytes]:
    """Return the lists of all movies as attachments of an index, by name.

    Args:
        movies: the movies of the index.
        vectors: float32, (n_movies, dimension), unit rows, in the order of `movies`.
        named: the movies with their series and parts (`indexer.names.gazetteer`).
    """
    shards = count_of_shards(len(movies))
    found: dict[str, dict[int, Related]] = {name_of(shard): {} for shard in range(shards)}
    for movie, related in of_all(movies, vectors, named, weights=weights):
        found[name_of(movie % shards)][movie] = related
    return {name: dump(lists) for name, lists in found.items()}


def count_of_shards(movies: int) -> int:
    """Return the number of attachments for an index of so many movies; a movie's is its id modulo this number."""
    return max(1, -(-movies // SHARD))


def name_of(shard: int) -> str:
    """Return the name of an attachment."""
    return f"related-{shard}"


def of_all(
    movies: Sequence[Movie], vectors: Vectors, named: Sequence[NamedMovie], *, weights: Weights = CHOSEN
) -> Iterator[tuple[int, Related]]:
    """Yield the id and the related movies of each movie."""
    features = Features(movies, vectors)
    ids = np.array([movie.id for movie in movies], np.int64)
    shown = np.array([not movie.adult for movie in movies], np.bool_)
    parts = _Parts(ids, named)
    step = max(1, BLOCK // max(len(movies), 1))
    for start in range(0, len(movies), step):
        rows = np.arange(start, min(start + step, len(movies)))
        terms = features.block(rows) * np.asarray(weights.content, np.float32)
        for row, own in zip(rows.tolist(), terms, strict=True):
            related = _related(row, own, ids, shown=shown, parts=parts, meaning=weights.meaning)
            yield int(ids[row]), replace(related, topics=features.topics(row))


def dump(lists: Mapping[int, Related]) -> bytes:
    """Serialize lists for `load`."""
    owners = np.array(sorted(lists), np.int64)
    own = [lists[int(movie)] for movie in owners]
    file = BytesIO()
    np.savez(
        file,
        movies=owners,
        parts=np.array([one.part for one in own], np.uint8),
        topics=np.frombuffer(orjson.dumps([one.topics for one in own]), np.uint8),
        offsets=np.cumsum([0, *(len(one.records) for one in own)], dtype=np.int64),
        records=np.concatenate([np.zeros(0, RECORD), *(one.records for one in own)]),
    )
    return file.getvalue()


def load(content: bytes) -> dict[int, Related]:
    """Read what `dump` wrote. Raises `SearchUnavailable` if it is damaged."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as stored:
            movies, parts, offsets, records = (stored[name] for name in ("movies", "parts", "offsets", "records"))
            topics = orjson.loads(stored["topics"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SearchUnavailable(f"the related movies cannot be read ({error}); run `marquee index`") from error
    rows = zip(movies.tolist(), parts.tolist(), topics, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    return {movie: Related(part, tuple(own), records[start:end]) for movie, part, own, start, end in rows}


class _Parts:
    """Series of the catalogue, by row."""

    def __init__(self, ids: NDArray[np.int64], named: Sequence[NamedMovie]) -> None:
        rows = {int(movie): row for row, movie in enumerate(ids.tolist())}
        self.number = {rows[movie.id]: min(movie.part, 255) for movie in named if movie.series and movie.id in rows}
        self._series = {rows[movie.id]: movie.series for movie in named if movie.id in rows}
        self._members: dict[str, list[int]] = {}
        for row in self.number:
            self._members.setdefault(self._series[row], []).append(row)

    def others(self, row: int) -> list[int]:
        """Return the other movies of the series, nearest in order first."""
        if row not in self.number:
            return []
        own = self.number[row]
        others = [other for other in self._members[self._series[row]] if other != row]
        return sorted(others, key=lambda other: (abs(self.number[other] - own), self.number[other]))[:MAX_SERIES]


def _related(
    row: int,
    terms: NDArray[np.float32],
    ids: NDArray[np.int64],
    *,
    shown: NDArray[np.bool_],
    parts: _Parts,
    meaning: float,
) -> Related:
    """Return the list of one movie.

    Args:
        terms: float32, (n, len(NAMES)), what each feature adds to the score of each movie.
    """
    score = np.where(shown, terms.sum(axis=1), -np.inf)
    score[row] = -np.inf
    length = min(LENGTH, max(len(ids) - 1, 0))
    best = np.argpartition(-score, length - 1)[:length] if length else np.zeros(0, np.intp)
    series = [other for other in parts.others(row) if shown[other]]
    rows = np.union1d(best, np.array(series, np.intp)).astype(np.intp)
    rows = rows[np.lexsort((ids[rows], -score[rows]))]
    rows = rows[np.isfinite(score[rows])]
    found = np.zeros(len(rows), RECORD)
    found["movie"], found["score"], found["meaning"] = ids[rows], score[rows], terms[rows, 0] / max(meaning, 1e-9)
    found["terms"] = terms[rows, : len(Trait)] - terms[:, : len(Trait)].mean(axis=0)
    together = set(series)
    found["part"] = [parts.number[other] if other in together else 0 for other in rows.tolist()]
    return Related(parts.number.get(row, 0), (), found)


assert NAMES[: len(Trait)] == tuple(trait.name.lower() for trait in Trait)  # noqa: S101 - two lists of one order

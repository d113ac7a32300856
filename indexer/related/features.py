"""What two movies have in common, as figures from 0 to 1. Pure.

People and keywords count by their rarity: inverse document frequencies, of which 1 is that of a name in two movies.
Two movies that share a director of fifty movies have less in common than two by a director of three.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import Vectors
from core.recommendations import scores
from core.types import Movie

NAMES = ("meaning", "makers", "cast", "keywords", "genres", "era", "prominence", "tone")
"""The features, in the order of `Features.block`."""
BILLED = 5
"""Actors of a movie that count, the first-billed fully, the others less."""
KEYWORDS_MORE = 12.0
"""Added to the product of lengths of two lists of keywords: one shared keyword of two says less than five of ten."""
WRITERS_SHARE = 0.6
"""Weight of a writer relative to a director."""
DECADES = 20.0
"""Years after which two movies count as half as near in time."""
MAX_SHARED = 2_000
"""A name or keyword of more movies than this is ignored: it says little, and would cost much in a large catalogue."""

TONES = ("Animation", "Comedy", "Horror")
"""Genres that say how a movie tells: who liked a comedy seldom wants a drama with the same story."""

FORMS = frozenset({
    "3d", "aftercreditsstinger", "based on novel", "duringcreditsstinger", "imax", "independent film", "remake",
    "sequel", "woman director",
})  # fmt: skip
"""Keywords about how a movie was made: movies that share them are not about the same."""

Block = NDArray[np.float32]
"""float32, (rows, movies, features)."""


class Features:
    """The features of all pairs of movies of a catalogue, computed in blocks of rows."""

    def __init__(self, movies: Sequence[Movie], vectors: Vectors) -> None:
        self._vectors = vectors
        makers = [_makers(movie) for movie in movies]
        cast = [_cast(movie) for movie in movies]
        keywords = [_topics(movie) for movie in movies]
        self._makers, self._cast = _Shared(makers), _Shared(cast)
        self._keywords = _Shared(keywords)
        self._genres = _indicators([movie.genres for movie in movies])
        self._tones = np.array(
            [sum(1 << at for at, one in enumerate(TONES) if one in m.genres) for m in movies], np.int8
        )
        self._years = np.array([movie.year or 0 for movie in movies], np.float32)
        self.prominence = scores.prominence(
            np.array([movie.vote_count for movie in movies]), np.array([movie.popularity for movie in movies])
        ).astype(np.float32)

    def __len__(self) -> int:
        return len(self._years)

    def topics(self, row: int) -> tuple[str, ...]:
        """Return the folded keywords of a movie, rarest first."""
        return self._keywords.rarest_first(row)

    def block(self, rows: NDArray[np.intp]) -> Block:
        """Return the features of some movies with all movies, float32, (len(rows), n, len(NAMES))."""
        found = np.zeros((len(rows), len(self), len(NAMES)), np.float32)
        found[..., 0] = self._vectors[rows] @ self._vectors.T
        found[..., 1] = np.minimum(self._makers.sums(rows), 1.0)
        found[..., 2] = np.minimum(self._cast.sums(rows), 1.0)
        found[..., 3] = self._keywords.cosines(rows, more=KEYWORDS_MORE)
        found[..., 4] = _jaccard(self._genres, rows)
        found[..., 5] = _era(self._years, rows)
        found[..., 6] = self.prominence
        found[..., 7] = self._tones[rows, None] == self._tones
        return found


class _Shared:
    """Weighted names of each movie, and the movies of each name."""

    def __init__(self, named: Sequence[Mapping[str, float]]) -> None:
        self._named = named
        counts = Counter(name for names in named for name in names)
        most = math.log(max(len(named), 3) / 2)
        self._rarity = {
            name: math.log(max(len(named), 3) / count) / most for name, count in counts.items() if count > 1
        }
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, names in enumerate(named):
            for name, weight in names.items():
                if name in self._rarity and counts[name] <= MAX_SHARED:
                    postings[name].append((row, weight))
        self._postings = {
            name: (np.array([row for row, _ in own], np.intp), np.array([weight for _, weight in own], np.float32))
            for name, own in postings.items()
        }
        one = {name: 1.0 for name in counts if name not in self._rarity}
        rarity = self._rarity | one
        self._lengths = np.array(
            [math.sqrt(sum((rarity[name] * weight) ** 2 for name, weight in names.items())) for names in named],
            np.float32,
        )

    def rarest_first(self, row: int) -> tuple[str, ...]:
        """Return the names of a movie that others have too, rarest first."""
        shared = [name for name in self._named[row] if name in self._rarity]
        return tuple(sorted(shared, key=lambda name: (-self._rarity[name], name)))

    def sums(self, rows: NDArray[np.intp], *, power: int = 1) -> NDArray[np.float32]:
        """Return the sums of rarity and weights over shared names, float32, (len(rows), n)."""
        found = np.zeros((len(rows), len(self._named)), np.float32)
        for at, row in enumerate(rows.tolist()):
            for name, weight in self._named[row].items():
                if name in self._postings:
                    others, weights = self._postings[name]
                    found[at, others] += self._rarity[name] ** power * weight * weights
        return found

    def cosines(self, rows: NDArray[np.intp], *, more: float) -> NDArray[np.float32]:
        """Return the cosines of the weighted lists, float32, (len(rows), n), shrunk by `more`."""
        lengths = np.outer(self._lengths[rows], self._lengths)
        return np.asarray(self.sums(rows, power=2) / (lengths + more / 10), np.float32)


def _topics(movie: Movie) -> dict[str, float]:
    return dict.fromkeys((word for word in map(texts.fold, movie.keywords) if word not in FORMS), 1.0)


def _makers(movie: Movie) -> dict[str, float]:
    writers = {f"w {texts.fold(name)}": math.sqrt(WRITERS_SHARE) for name in movie.writers}
    return writers | {f"d {texts.fold(name)}": 1.0 for name in movie.directors}


def _cast(movie: Movie) -> dict[str, float]:
    leads = sorted(movie.cast, key=lambda member: member.order)[:BILLED]
    return {texts.fold(member.name): 1 / math.sqrt(place) for place, member in enumerate(leads, start=1)}


def _indicators(lists: Iterable[Sequence[str]]) -> NDArray[np.float32]:
    """Return float32, (n, n_values): the rarity of each value of a movie, 0 for those it does not have."""
    own = list(lists)
    counts = Counter(value for values in own for value in values)
    columns = {value: place for place, value in enumerate(sorted(counts))}
    found = np.zeros((len(own), len(columns)), np.float32)
    for row, values in enumerate(own):
        for value in values:
            found[row, columns[value]] = math.log(1 + len(own) / counts[value])
    return found


def _jaccard(values: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the weighted Jaccard index of the rows' values with those of all movies."""
    shared = values[rows] @ (values > 0).T.astype(np.float32)
    total = values.sum(axis=1)
    return np.asarray(shared / np.maximum(total[rows, None] + total - shared, 1e-6), np.float32)


def _era(years: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    apart = np.abs(years[rows, None] - years)
    known = (years[rows, None] > 0) & (years > 0)
    return np.asarray(np.where(known, DECADES / (DECADES + apart), 0.5), np.float32)

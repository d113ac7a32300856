"""Columns for filtering, sorting and counting movies: small enough to be held in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from core import texts
from core.recommendations import scores
from core.types import MAX_VOTE, Filters, Movie, Sort
from indexer.embedded.bitmaps import Bitmaps, Mask

Rows = NDArray[np.int64]
"""Row numbers of one version, int64, (n,). Only valid within it: movies are identified by id."""
_NUMBERS: Mapping[str, tuple[str, Callable[[Movie], float]]] = {
    "ids": ("i8", lambda movie: movie.id),
    "year": ("i2", lambda movie: np.clip(movie.year or 0, 0, 32_767)),
    "released": ("i4", lambda movie: movie.release_date.toordinal() if movie.release_date else 0),
    "runtime": ("i4", lambda movie: movie.runtime or 0),
    "votes": ("i4", lambda movie: movie.vote_count),
    "rating": ("f4", lambda movie: np.nan if movie.vote_average is None else movie.vote_average),
    "popularity": ("f4", lambda movie: movie.popularity),
}
"""Columns with their dtype and their value for a movie. Unknown is 0, for the rating NaN."""


_KNOWN: Mapping[str, Callable[[NDArray[Any]], Mask]] = {
    "year": lambda column: column > 0,
    "runtime": lambda column: column > 0,
    "votes": lambda column: np.ones(len(column), dtype=np.bool_),
    "rating": lambda column: ~np.isnan(column),
}
"""Which values of a column are known."""
SLICE = 50_000
"""Movies whose filter is looked up at once when the first of an order are listed."""


@dataclass(slots=True)
class ColumnsWriter:
    """Collects the columns of a draft, movie by movie."""

    numbers: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in _NUMBERS})
    genre_sets: dict[tuple[str, ...], int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    codes: list[tuple[int, int]] = field(default_factory=list)

    def add(self, movie: Movie) -> None:
        """Add a movie."""
        for name, (_, value) in _NUMBERS.items():
            self.numbers[name].append(value(movie))
        genres = self.genre_sets.setdefault(movie.genres, len(self.genre_sets))
        self.codes.append((genres, self.languages.setdefault(movie.language, len(self.languages))))

    def save(self, folder: Path) -> None:
        """Write `columns.npz` and `labels.json`."""
        codes = np.array(self.codes, dtype=np.int32).reshape(-1, 2)
        numbers = {name: np.array(self.numbers[name], dtype=dtype) for name, (dtype, _) in _NUMBERS.items()}
        np.savez(folder / "columns.npz", allow_pickle=False, genre_set=codes[:, 0], language=codes[:, 1], **numbers)
        labels = {"genre_sets": list(self.genre_sets), "languages": list(self.languages)}
        (folder / "labels.json").write_bytes(orjson.dumps(labels))


@dataclass(frozen=True)
class Columns:
    """The columns of one version; row i of each belongs to the same movie."""

    ids: NDArray[np.int64]
    year: NDArray[np.int16]
    released: NDArray[np.int32]
    """Day of release as a proleptic ordinal."""
    runtime: NDArray[np.int32]
    votes: NDArray[np.int32]
    rating: NDArray[np.float32]
    popularity: NDArray[np.float32]
    genre_set: NDArray[np.int32]
    """Index into `genre_sets`."""
    language: NDArray[np.int32]
    """Index into `languages`."""
    genre_sets: Sequence[tuple[str, ...]]
    languages: Sequence[str]

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Read what `ColumnsWriter.save` wrote."""
        labels: dict[str, Any] = orjson.loads((folder / "labels.json").read_bytes())
        with np.load(folder / "columns.npz", allow_pickle=False) as arrays:
            return cls(
                **{name: arrays[name] for name in (*_NUMBERS, "genre_set", "language")},
                genre_sets=[tuple(genres) for genres in labels["genre_sets"]],
                languages=labels["languages"],
            )

    def rows(self, ids: Sequence[int]) -> Rows:
        """Return the row of each id, -1 for unknown ids."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self.ids):
            return np.full(len(wanted), -1, dtype=np.int64)
        places = self._by_id[np.searchsorted(self.ids, wanted, sorter=self._by_id).clip(max=len(self.ids) - 1)]
        return np.where(self.ids[places] == wanted, places, -1)

    def mask(self, filters: Filters) -> Mask:
        """Return the movies that meet all filters except clauses (`traits.clauses`). Unknown values meet no bound."""
        mask = np.ones(len(self.ids), dtype=np.bool_)
        bounds = (
            ("year", filters.year_from, filters.year_to),
            ("runtime", filters.runtime_min, filters.runtime_max),
            ("votes", filters.votes_min, filters.votes_max),
            ("rating", _as_single(filters.rating_min), _as_single(filters.rating_max)),
        )
        for name, least, most in bounds:
            if least is not None or most is not None:
                mask &= _within(getattr(self, name), _KNOWN[name], least, most)
        if filters.language:
            code = self.languages.index(filters.language) if filters.language in self.languages else -1
            mask &= self.language == code
        if filters.genres:
            wanted = {texts.fold(genre) for genre in filters.genres}
            mask &= np.array([_has(own, wanted, filters.all_genres) for own in self._folded_sets], bool)[self.genre_set]
        return mask

    def first(self, sort: Sort, mask: Mask | None, *, offset: int, size: int) -> Rows:
        """Return a slice of the rows in `mask` (all if None) in the order of `sort`, ties by id."""
        order = self._orders[Sort.POPULARITY if sort is Sort.RELEVANCE else sort]
        if mask is None:
            return order[offset : offset + size]
        found, passed, step = [np.zeros(0, np.int64)], 0, max(SLICE, 2 * (offset + size))
        for start in range(0, len(order), step):
            some = order[start : start + step]
            found.append(some[mask[some]])
            passed += len(found[-1])
            if passed >= offset + size:
                break
        return np.concatenate(found)[offset : offset + size]

    @cached_property
    def values(self) -> Mapping[str, Bitmaps]:
        """The movies with each genre, of each decade and in each language."""
        genres = self._genre_matrix.astype(np.bool_)
        known = np.unique(self.year // 10)
        decades = [decade for decade in known.tolist() if decade]
        spoken = [code for code, language in enumerate(self.languages) if language]
        return {
            "genre": Bitmaps.of((name, genres[:, place][self.genre_set]) for place, name in enumerate(self._genres)),
            "decade": Bitmaps.of((str(10 * decade), self.year // 10 == decade) for decade in decades),
            "language": Bitmaps.of((self.languages[code], self.language == code) for code in spoken),
        }

    @cached_property
    def merits(self) -> Mapping[str, NDArray[np.float64]]:
        """The columns of `Question.order` except moods, float64, (n_movies,), 0 to 1."""
        return {
            "rating": scores.bayesian_mean(self.rating, self.votes) / MAX_VOTE,
            "prominence": scores.prominence(self.votes, self.popularity),
        }

    @cached_property
    def _by_id(self) -> Rows:
        return np.argsort(self.ids)

    @cached_property
    def _genres(self) -> list[str]:
        return sorted({genre for genres in self.genre_sets for genre in genres})

    @cached_property
    def _genre_matrix(self) -> NDArray[np.int64]:
        """int64, (n_sets, n_genres): 1 where a set has a genre."""
        found = [[genre in genres for genre in self._genres] for genres in self.genre_sets]
        return np.array(found, np.int64).reshape(len(self.genre_sets), len(self._genres))

    @cached_property
    def _folded_sets(self) -> list[frozenset[str]]:
        return [frozenset(map(texts.fold, genres)) for genres in self.genre_sets]

    @cached_property
    def _orders(self) -> dict[Sort, Rows]:
        rating = scores.bayesian_mean(self.rating, self.votes)
        return {
            Sort.POPULARITY: np.lexsort((self.ids, -self.popularity)),
            Sort.RATING: np.lexsort((self.ids, -rating)),
            Sort.NEWEST: np.lexsort((self.ids, -self.released, -self.year)),
        }


def _as_single(bound: float | None) -> float | None:
    """Round a bound to the precision of the column: 7.1 differs in float64, and would exclude movies rated 7.1."""
    return None if bound is None else float(np.float32(bound))


def _within(
    column: NDArray[Any], known: Callable[[NDArray[Any]], Mask], least: float | None, most: float | None
) -> Mask:
    mask = known(column)
    # float64 holds every possible bound; comparing an int16 column with 10**9 would overflow.
    if least is not None:
        mask &= column >= np.float64(least)
    if most is not None:
        mask &= column <= np.float64(most)
    return mask


def _has(own: frozenset[str], wanted: set[str], every: bool) -> bool:
    return wanted <= own if every else bool(wanted & own)

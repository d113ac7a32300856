"""MovieLens 100K: ratings of 1998 with five standard folds, tab-separated, in Latin-1, without header lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.types import MovieId
from data.catalogues.report import SkippedRow
from data.files import cells, csv_tables, rows
from data.files.cells import CellError, Row

RATINGS, MOVIES, LINKS = "u.data", "u.item", "item_to_tmdb.csv"
FOLDS = (1, 2, 3, 4, 5)
BEST_STARS = 5
_RATING_COLUMNS = ("user", "item", "rating", "timestamp")
_GOOD_RATING = re.compile(r"([1-9]\d{0,8})\t([1-9]\d{0,8})\t([1-5])\t(\d{1,12})", re.ASCII)
"""A valid row, as nearly all are, is read at once. Other rows are read cell by cell to name the error."""
_MOVIE_COLUMNS = 24
"""Id, title, two dates, address, and 19 genres as 0 or 1."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings in file order, each pair of user and movie once.

    Attributes:
        users, movies: int64, (n,), MovieLens 100K's own ids, from 1.
        stars: float32, (n,), whole stars from 1 to 5.
        times: int64, (n,), seconds since 1970.
        skipped: unusable rows; rows count from 1.
    """

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    stars: NDArray[np.float32]
    times: NDArray[np.int64]
    skipped: tuple[SkippedRow, ...] = ()

    def __len__(self) -> int:
        return len(self.stars)


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles with their years, as `u.item` spells them, by movie id."""

    titles: Mapping[int, str]
    skipped: tuple[SkippedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """MovieLens 100K's movie id to TMDB id, for the movies that have one."""

    tmdb_ids: Mapping[int, MovieId]
    skipped: tuple[SkippedRow, ...] = ()


def read_ratings(folder: Path) -> Ratings:
    """Read all ratings from `u.data`. Raises `DataError`: the file is unusable as a whole."""
    return _ratings(folder / RATINGS)


def read_fold(folder: Path, fold: int) -> tuple[Ratings, Ratings]:
    """Read the training and test ratings of fold 1 to 5 from `u<fold>.base` and `u<fold>.test`.

    Raises:
        ValueError: there is no such fold.
        DataError: a file is unusable as a whole.
    """
    if fold not in FOLDS:
        raise ValueError(f"fold: expected {FOLDS[0]} to {FOLDS[-1]}, got {fold}")
    return _ratings(folder / f"u{fold}.base"), _ratings(folder / f"u{fold}.test")


def read_titles(folder: Path) -> Titles:
    """Read the titles of all movies from `u.item`. Raises `DataError`: the file is unusable as a whole."""
    titles, skipped = rows.collect(_lines(folder / MOVIES), _title, file=MOVIES, key="id")
    rows.require(titles, skipped, file=MOVIES)
    return Titles(titles, tuple(skipped))


def read_links(folder: Path) -> Links:
    """Read the TMDB ids of the movies from `item_to_tmdb.csv`. Raises `DataError`: the file is unusable as a whole."""
    table = csv_tables.read(folder / LINKS, required=("item_id", "tmdbId"))
    links, bad = rows.collect(table.rows, _link, file=LINKS, key="item_id")
    skipped = sorted((*table.skipped, *bad), key=lambda row: row.row)
    rows.require(links, skipped, file=LINKS)
    return Links({movie: MovieId(tmdb) for movie, tmdb in links.items() if tmdb is not None}, tuple(skipped))


def _ratings(path: Path) -> Ratings:
    pairs: dict[tuple[int, int], int] = {}

    def once(line: str) -> tuple[int, tuple[int, int, int, int]]:
        rating = _rating(line)
        if rating[:2] in pairs:
            raise CellError("item", f"user {rating[0]} rated movie {rating[1]} before")
        pairs[rating[:2]] = len(pairs)
        return pairs[rating[:2]], rating

    found, skipped = rows.collect(_lines(path), once, file=path.name, key="item")
    rows.require(found, skipped, file=path.name)
    users, movies, stars, times = np.array(list(found.values()), dtype=np.int64).T
    return Ratings(users, movies, stars.astype(np.float32), times, tuple(skipped))


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the non-empty lines with their numbers; every byte is a Latin-1 character."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=path.name) from error
    lines = content.decode("latin-1").split("\n")
    return [(number, line.rstrip("\r")) for number, line in enumerate(lines, 1) if line.strip()]


def _rating(line: str) -> tuple[int, int, int, int]:
    if good := _GOOD_RATING.fullmatch(line):
        user, movie, stars, at = good.groups()
        return int(user), int(movie), int(stars), int(at)
    parts = line.split("\t")
    if len(parts) != len(_RATING_COLUMNS):
        raise CellError("", f"expected {len(_RATING_COLUMNS)} cells between tabs, got {len(parts)}")
    row = dict(zip(_RATING_COLUMNS, parts, strict=True))
    user, movie = _whole(row, "user", _above_zero), _whole(row, "item", _above_zero)
    return user, movie, _whole(row, "rating", _stars), _whole(row, "timestamp", _time)


def _title(line: str) -> tuple[int, str]:
    parts = line.split("|")
    if len(parts) != _MOVIE_COLUMNS:
        raise CellError("", f"expected {_MOVIE_COLUMNS} cells between bars, got {len(parts)}")
    row = {"id": parts[0], "title": parts[1]}
    movie, title = _whole(row, "id", _above_zero), cells.clean(row["title"])
    if not title:
        raise CellError("title", "expected a title, got nothing")
    return movie, title


def _link(row: Row) -> tuple[int, int | None]:
    movie, tmdb = _whole(row, "item_id", _above_zero), cells.read(row, "tmdbId", cells.whole)
    if tmdb is not None and tmdb <= 0:
        raise CellError("tmdbId", f"expected a TMDB id above 0, got {tmdb}")
    return movie, tmdb


def _whole(row: Row, column: str, check: Callable[[int | None], int]) -> int:
    return cells.read(row, column, lambda value: check(cells.whole(value)))


def _above_zero(value: int | None) -> int:
    if value is None or value <= 0:
        raise ValueError("a whole number above 0")
    return value


def _stars(value: int | None) -> int:
    if value is None or not 1 <= value <= BEST_STARS:
        raise ValueError("whole stars from 1 to 5")
    return value


def _time(value: int | None) -> int:
    if value is None or value < 0:
        raise ValueError("seconds since 1970")
    return value

"""MovieLens ratings, and the mapping from MovieLens ids to TMDB ids."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.types import MovieId
from core.users import check_stars
from data.catalogues.report import SkippedRow
from data.files import cells, csv_tables, rows, text_files
from data.files.cells import CellError, Row

LINKS = "links.csv"
RATINGS = "ratings.csv"
_COLUMNS = ("userId", "movieId", "rating", "timestamp")


@dataclass(frozen=True, slots=True)
class Links:
    """Mapping from MovieLens id to TMDB id. Two MovieLens movies may share a TMDB id; a few have none."""

    tmdb_ids: Mapping[int, MovieId]
    without_tmdb: int
    skipped: tuple[SkippedRow, ...] = ()


def read_links(folder: Path) -> Links:
    """Read `links.csv` of any MovieLens release.

    Raises:
        DataError: the file cannot be read.
    """
    table = csv_tables.read(folder / LINKS, required=("movieId", "tmdbId"))
    links, bad = rows.collect(table.rows, _link, file=LINKS, key="movieId")
    skipped = sorted((*table.skipped, *bad), key=lambda row: row.row)
    rows.require(links, skipped, file=LINKS)
    known = {movie: MovieId(tmdb) for movie, tmdb in links.items() if tmdb is not None}
    return Links(known, len(links) - len(known), tuple(skipped))


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of MovieLens users, one row each, ordered by user and movie, without duplicate pairs.

    Attributes:
        users: int64, (n,), MovieLens' own user numbers.
        movies: int64, (n,), TMDB ids.
        stars: float32, (n,), .5 to 5; the mean if two MovieLens movies share a TMDB id.
        times: int64, (n,), seconds since 1970; the latest if rows were merged.
        merged: number of rows merged into others.
        unlinked: number of rows whose movie has no TMDB id.
    """

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    stars: NDArray[np.float32]
    times: NDArray[np.int64]
    merged: int = 0
    unlinked: int = 0
    skipped: tuple[SkippedRow, ...] = ()


def read_ratings(folder: Path) -> Ratings:
    """Read `ratings.csv` of a MovieLens release, mapping movies to TMDB ids with `links.csv`.

    Raises:
        DataError: a file cannot be read.
    """
    links = read_links(folder)
    read, skipped = _read_ratings(folder / RATINGS)
    movies = np.array([links.tmdb_ids.get(movie, 0) for movie in read[:, 1].astype(np.int64).tolist()], np.int64)
    linked = movies > 0
    kept = read[linked]
    users, times = kept[:, 0].astype(np.int64), kept[:, 3].astype(np.int64)
    whole = _merge(users, movies[linked], kept[:, 2], times)
    return Ratings(
        *whole, merged=len(kept) - len(whole[0]), unlinked=int((~linked).sum()), skipped=(*links.skipped, *skipped)
    )


def _read_ratings(path: Path) -> tuple[NDArray[np.float64], list[SkippedRow]]:
    """Return float64, (n, 4): user, movie, stars, time of every valid row; and the invalid rows."""
    good: list[tuple[int, int, float, int]] = []
    skipped: list[SkippedRow] = []
    for number, line in _lines(path):
        try:
            good.append(_rating(line))
        except CellError as bad:
            skipped.append(SkippedRow(RATINGS, number, bad.column, bad.reason))
    if not good:
        raise DataError("no valid row" if skipped else "no rows below the header", file=RATINGS)
    return np.array(good, np.float64), skipped


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows after the header with their numbers, cells in the order of `_COLUMNS`, without empty lines."""
    text = text_files.decode(text_files.load(path), path, locate=lambda before: (before.count("\n") + 1, ""))
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        found = ", ".join(header) or "none"
        raise DataError(f"the column is missing; found: {found}", file=path.name, row=1, column=missing[0])
    places = [header.index(name) for name in _COLUMNS]
    for number, line in enumerate(reader, start=2):
        if line:
            yield number, [line[place] if place < len(line) else "" for place in places]


def _rating(line: list[str]) -> tuple[int, int, float, int]:
    user, movie, stars, time = line
    try:
        read = int(user), int(movie), float(stars), int(time)
        check_stars(read[2])
    except ValueError:
        raise _fault(line) from None
    return read


def _fault(line: list[str]) -> CellError:
    """Return the error for the first invalid cell of a row."""
    for column, value in zip(_COLUMNS, line, strict=True):
        expected = "half stars from 0.5 to 5" if column == "rating" else "a whole number"
        try:
            check_stars(float(value)) if column == "rating" else int(value)
        except ValueError:
            return CellError(column, f"expected {expected}, got {cells.shorten(value)}")
    raise AssertionError("the row is valid")


def _merge(
    users: NDArray[np.int64], movies: NDArray[np.int64], stars: NDArray[np.float64], times: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
    """Merge rows with the same user and movie, in order: mean of the stars, latest time."""
    order = np.lexsort((movies, users))
    users, movies, stars, times = users[order], movies[order], stars[order], times[order]
    first = np.ones(len(users), np.bool_)
    first[1:] = (np.diff(users) != 0) | (np.diff(movies) != 0)
    starts = np.flatnonzero(first)
    if not len(starts):
        return users, movies, stars.astype(np.float32), times
    counts = np.diff(np.append(starts, len(users)))
    mean = (np.add.reduceat(stars, starts) / counts).astype(np.float32)
    return users[starts], movies[starts], mean, np.maximum.reduceat(times, starts)


def _link(row: Row) -> tuple[int, int | None]:
    movie, tmdb = cells.read(row, "movieId", cells.whole), cells.read(row, "tmdbId", cells.whole)
    if movie is None:
        raise CellError("movieId", "expected a MovieLens id, got nothing")
    if tmdb is not None and tmdb <= 0:
        raise CellError("tmdbId", f"expected a TMDB id above 0, got {tmdb}")
    return movie, tmdb

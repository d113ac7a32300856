"""MovieLens ratings, and the mapping from MovieLens ids to TMDB ids."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.types import MovieId
from core.users import check_stars
from data.catalogues import movielens_layouts as layouts
from data.catalogues.report import SkippedRow
from data.files import cells, csv_tables, rows
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


def read_links(path: Path) -> Links:
    """Read the links of any MovieLens release, a folder or an archive; those of a later one if it has none.

    Raises:
        DataError: the file cannot be read.
    """
    if (path / LINKS).is_file() or (path.is_dir() and layouts.recognise(path) is None):
        return _read_links(path)
    release = _release(path)
    if release.layout.own_numbers and (known := layouts.item_links(release)) is not None:
        return Links({movie: MovieId(tmdb) for movie, tmdb in known.items()}, 0)
    place = layouts.with_links(release)
    links = _read_links(place)
    if not release.layout.own_numbers:
        return links
    numbers = layouts.own_numbers(release, place)
    found = {early: links.tmdb_ids[later] for early, later in numbers.items() if later in links.tmdb_ids}
    return Links(found, len(numbers) - len(found), links.skipped)


def _release(path: Path) -> layouts.Release:
    found = layouts.recognise(path)
    if found is None:
        expected = ", ".join(layout.ratings for layout in layouts.LAYOUTS)
        raise DataError(f"not a release of MovieLens: expected one of {expected}", file=str(path))
    return found


def _read_links(place: layouts.Place) -> Links:
    if isinstance(place, Path):
        table = csv_tables.read(place / LINKS, required=("movieId", "tmdbId"))
    else:
        table = csv_tables.read_content((place / LINKS).read_bytes(), Path(LINKS), required=("movieId", "tmdbId"))
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


def read_ratings(path: Path) -> Ratings:
    """Read the ratings of a MovieLens release, a folder or an archive, row by row; movies get their TMDB ids.

    Raises:
        DataError: a file cannot be read.
    """
    links = read_links(path)
    (users, numbers, stars, times), skipped = _read_ratings(path)
    movies = _linked(numbers, links.tmdb_ids)
    kept = movies > 0
    unlinked = len(kept) - int(kept.sum())
    if unlinked:
        users, movies, stars, times = users[kept], movies[kept], stars[kept], times[kept]
    whole = _merge(users, movies, stars, times)
    merged = len(users) - len(whole[0])
    return Ratings(*whole, merged=merged, unlinked=unlinked, skipped=(*links.skipped, *skipped))


Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]


def _read_ratings(path: Path) -> tuple[Columns, list[SkippedRow]]:
    """Return users, MovieLens' movies, stars and times of every valid row; and the invalid rows.

    Rows are collected in typed arrays of 24 bytes a row: 32 million of them as Python objects would take 5 GB.
    """
    release = layouts.recognise(path)
    file = release.layout.ratings if release else RATINGS
    found: tuple[array[Any], ...] = (array("q"), array("q"), array("f"), array("q"))
    skipped: list[SkippedRow] = []
    for number, line in layouts.lines(release or layouts.Release(path, path, layouts.LAYOUTS[0], 0)):
        try:
            read = _rating(line)
        except CellError as bad:
            skipped.append(SkippedRow(file, number, bad.column, bad.reason))
        else:
            for column, value in zip(found, read, strict=True):
                column.append(value)
    if not found[0]:
        raise DataError("no valid row" if skipped else "no rows below the header", file=file)
    users, movies, stars, times = (np.frombuffer(column, column.typecode) for column in found)
    return (users, movies, stars, times), skipped


def _linked(numbers: NDArray[np.int64], links: Mapping[int, MovieId]) -> NDArray[np.int64]:
    """Return int64, (n,): the TMDB id of each of MovieLens' numbers, 0 without one."""
    known = np.array(sorted(links), np.int64)
    ids = np.array([links[movie] for movie in known.tolist()], np.int64)
    if not len(known):
        return np.zeros(len(numbers), np.int64)
    places = known.searchsorted(numbers).clip(max=len(known) - 1)
    return np.where(known[places] == numbers, ids[places], 0)


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

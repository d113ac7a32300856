"""IMDb's own files (`title.basics.tsv`, …): movies only. A movie's id is the number of its IMDb id."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from core.types import Movie, MovieId
from data.catalogues.datasets import streams
from data.catalogues.datasets.streams import Losses
from data.catalogues.report import Catalogue
from data.files import cells, rows
from data.files.cells import CellError, Row

NAME = "IMDb"
BASICS, RATINGS, CREW, NAMES = "title.basics.tsv", "title.ratings.tsv", "title.crew.tsv", "name.basics.tsv"
COLUMNS = ("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "runtimeMinutes", "genres")
KIND = "movie"
"""The title type of movies; others are series, episodes, shorts, games, and films made for television."""
NOTHING = r"\N"
VOTES_PER_POPULARITY = 1_000
"""IMDb has no popularity: movies are ordered by their votes, a thousand of which count as one."""

T = TypeVar("T")
Crew = tuple[tuple[int, ...], tuple[int, ...]]
"""Numbers of the directors and the writers."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the other files say, by number."""

    ratings: Mapping[int, tuple[float, int]] = field(default_factory=dict)
    crews: Mapping[int, Crew] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)


def find(folder: Path) -> tuple[Path, ...]:
    """Return the files in a folder, packed or not, the movies first; empty without them."""
    found = [streams.find(folder, name) for name in (BASICS, RATINGS, CREW, NAMES)]
    return tuple(path for path in found if path is not None) if found[0] else ()


def read(files: tuple[Path, ...], *, reason: str = "") -> Catalogue:
    """Read the files row by row; all but the first may be missing. Raises `DataError`: a file cannot be read."""
    losses = Losses()
    named = {path.name.removesuffix(".gz").removesuffix(".zip"): path for path in files}
    known = set(_rows(files[0], ("tconst", "titleType"), _movie_number, Losses()))
    crews = dict(_rows(named.get(CREW), ("tconst", "directors", "writers"), _of(known, "tconst", _crew), losses))
    people = {person for crew in crews.values() for part in crew for person in part}
    facts = _Facts(
        dict(_rows(named.get(RATINGS), ("tconst", "averageRating", "numVotes"), _of(known, "tconst", _rating), losses)),
        crews,
        dict(_rows(named.get(NAMES), ("nconst", "primaryName"), _of(people, "nconst", _name), losses)),
    )
    movies = _rows(files[0], COLUMNS, lambda row: _movie(row, facts), losses)
    return streams.catalogue(NAME, files, movies, losses, reason=reason)


def _rows(
    path: Path | None, required: Collection[str], parse: Callable[[Row], T | None], losses: Losses
) -> Iterator[T]:
    if path is not None:
        yield from streams.parsed(path, streams.rows(path, required=required, quoted=False), parse, losses)


def _movie_number(row: Row) -> int | None:
    return _number(row, "tconst") if row["titleType"] == KIND else None


def _of(known: Collection[int], column: str, parse: Callable[[Row], T]) -> Callable[[Row], tuple[int, T] | None]:
    """Return a parser of the rows with a known number; the others, most of them, are not even parsed."""

    def parsed(row: Row) -> tuple[int, T] | None:
        number = _number(row, column)
        return (number, parse(row)) if number in known else None

    return parsed


def _rating(row: Row) -> tuple[float, int]:
    mean, votes = cells.read(row, "averageRating", cells.number), cells.read(row, "numVotes", cells.whole)
    if mean is None or votes is None:
        raise CellError("averageRating", "expected a mean and a number of votes, got nothing")
    return mean, votes


def _crew(row: Row) -> Crew:
    return _numbers(row, "directors"), _numbers(row, "writers")


def _name(row: Row) -> str:
    return cells.clean(row["primaryName"])


def _movie(row: Row, facts: _Facts) -> Movie | None:
    if row["titleType"] != KIND:
        return None
    given = {column: "" if value == NOTHING else value for column, value in row.items()}
    number = _number(given, "tconst")
    title, original = cells.clean(given["primaryTitle"]), cells.clean(given["originalTitle"])
    mean, votes = facts.ratings.get(number, (None, 0))
    directors, writers = facts.crews.get(number, ((), ()))
    return rows.create(
        {
            "id": MovieId(number),
            "title": title,
            "original_title": title if original == title else original,
            "year": cells.read(given, "startYear", cells.whole),
            "genres": tuple(sys.intern(genre) for genre in given["genres"].split(",") if genre),
            "directors": _named(directors, facts),
            "writers": _named(writers, facts),
            "runtime": cells.read(given, "runtimeMinutes", cells.whole) or None,
            "vote_count": votes,
            "vote_average": mean,
            "popularity": votes / VOTES_PER_POPULARITY,
            "adult": cells.read(given, "isAdult", cells.truth),
        }
    )


def _named(numbers: tuple[int, ...], facts: _Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for number in numbers if (name := facts.names.get(number))))


def _numbers(row: Row, column: str) -> tuple[int, ...]:
    return tuple(_parse(item, column) for item in row[column].split(",")) if row[column] not in ("", NOTHING) else ()


def _number(row: Row, column: str) -> int:
    return _parse(row[column], column)


def _parse(value: str, column: str) -> int:
    if not (value[:2] in ("tt", "nm") and value[2:].isascii() and value[2:].isdecimal()):
        raise CellError(column, f"expected an IMDb id such as tt0114709, got {cells.shorten(value)}")
    return int(value[2:])

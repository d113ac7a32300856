"""The TMDB 5000 files as published on Kaggle: one CSV file of movies, one of cast and crew.

Every oddity of these files has a rule; `docs/data.md` lists them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from core.types import CastMember, Movie, MovieId
from data.catalogues.report import Catalogue, CatalogueSource, SkippedRow
from data.files import cells, csv_tables, rows, text_files
from data.files.cells import CellError, Row

NAME = "TMDB 5000"
MOVIES = "tmdb_5000_movies.csv"
CREDITS = "tmdb_5000_credits.csv"

MOVIE_COLUMNS = (
    "id", "title", "original_title", "overview", "tagline", "genres", "keywords", "original_language", "popularity",
    "production_countries", "release_date", "runtime", "spoken_languages", "vote_average", "vote_count",
)  # fmt: skip
"""Required columns. `production_companies`, and `belongs_to_collection` and `poster_path` of other exports, are used if
present."""
CREDIT_COLUMNS = ("movie_id", "cast", "crew")

NO_LANGUAGE = "xx"
"""TMDB's code for movies without spoken language."""
COMPOSING = frozenset({"Original Music Composer", "Composer", "Music"})
WRITING = frozenset({
    "Adaptation", "Author", "Book", "Characters", "Co-Writer", "Comic Book", "Dialogue", "Idea", "Musical", "Novel",
    "Original Story", "Scenario Writer", "Screenplay", "Screenstory", "Short Story", "Story", "Teleplay",
    "Theatre Play", "Writer",
})  # fmt: skip
"""Crew jobs that count as writing; storyboards, script editing and consulting do not."""
GENDERS: Mapping[object, str] = {1: "female", 2: "male"}
"""TMDB's codes; others mean unknown."""


@dataclass(frozen=True, slots=True)
class Credits:
    """The cast and crew of a movie."""

    cast: tuple[CastMember, ...] = ()
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()


def present(folder: Path) -> bool:
    """Whether a folder contains at least one of the two files."""
    return (folder / MOVIES).exists() or (folder / CREDITS).exists()


def read(folder: Path, *, reason: str = "") -> Catalogue:
    """Read the two files in `folder`.

    Raises:
        DataError: a file cannot be read.
    """
    table = csv_tables.read(folder / MOVIES, required=MOVIE_COLUMNS)
    people = csv_tables.read(folder / CREDITS, required=CREDIT_COLUMNS)
    known, bad_credits = rows.collect(people.rows, credits_of, file=CREDITS, key="movie_id")
    movies, bad_movies = rows.collect(table.rows, lambda row: movie(row, known), file=MOVIES, key="id")
    skipped = _in_order(*table.skipped, *bad_movies, *people.skipped, *bad_credits)
    rows.require(movies, [row for row in skipped if row.file == MOVIES], file=MOVIES)
    source = CatalogueSource(NAME, folder, text_files.fingerprint(table.content, people.content), reason)
    return Catalogue(tuple(movies.values()), source, skipped, tuple(_notes(movies, known)))


def credits_of(row: Row) -> tuple[int, Credits]:
    """Return id and people of a row of credits. Raises `CellError`."""
    cast, crew = _entries(row, "cast"), _entries(row, "crew")
    members = [_cast_member(entry, position) for position, entry in enumerate(cast)]
    people = Credits(
        cast=tuple(sorted((member for member in members if member.name), key=lambda member: member.order)),
        directors=_unique(_text(entry, "name", "crew") for entry in crew if entry.get("job") == "Director"),
        writers=_unique(_text(entry, "name", "crew") for entry in crew if entry.get("job") in WRITING),
        composers=_unique(_text(entry, "name", "crew") for entry in crew if entry.get("job") in COMPOSING),
    )
    return identity_of(row, "movie_id"), people


def _cast_member(entry: Mapping[str, Any], position: int) -> CastMember:
    order = entry.get("order", position)
    if not isinstance(order, int):
        raise CellError("cast", f"order: expected a whole number, got {order!r}")
    gender = GENDERS.get(entry.get("gender"), "")
    return CastMember(_text(entry, "name", "cast"), _text(entry, "character", "cast"), order, gender)


def movie(row: Row, known: Mapping[int, Credits]) -> tuple[int, Movie]:
    """Return id and movie of a row, with its people by id. Raises `CellError`."""
    identity = identity_of(row, "id")
    people = known.get(identity, Credits())
    fields = {
        "id": MovieId(identity),
        **{name: cells.clean(row[name]) for name in ("title", "original_title", "overview", "tagline")},
        **_facts(row),
        "genres": _names(row, "genres"),
        "keywords": _names(row, "keywords"),
        "countries": _names(row, "production_countries"),
        "companies": _names(row, "production_companies") if row.get("production_companies") else (),
        "spoken_languages": _names(row, "spoken_languages", key="iso_639_1"),
        "language": language(row["original_language"]),
        "collection": _collection(row),
        "poster": cells.clean(row.get("poster_path", "")),
        "cast": people.cast,
        "directors": people.directors,
        "writers": people.writers,
        "composers": people.composers,
        "adult": cells.read(row, "adult", cells.truth) if "adult" in row else False,
    }
    return identity, rows.create(fields)


def _facts(row: Row) -> dict[str, object]:
    """Return the numbers and dates. The file has 0 for an unknown runtime and for the mean of no votes."""
    released = cells.read(row, "release_date", cells.day)
    votes = cells.read(row, "vote_count", cells.whole)
    if votes is None:  # never blank in the original, and the last cell of a row
        raise CellError("vote_count", "expected a whole number, got nothing: the row may be truncated")
    average = cells.read(row, "vote_average", cells.number)
    minutes = cells.read(row, "runtime", cells.number)
    return {
        "release_date": released,
        "year": released.year if released else None,
        "runtime": round(minutes) or None if minutes is not None else None,
        "vote_count": votes,
        "vote_average": average if votes else None,
        "popularity": cells.read(row, "popularity", cells.number) or 0.0,
    }


def identity_of(row: Row, column: str) -> int:
    """Return the TMDB id in a column. Raises `CellError`."""
    identity = cells.read(row, column, cells.whole)
    if identity is None or identity <= 0:
        raise CellError(column, f"expected a TMDB id above 0, got {cells.shorten(row[column])}")
    return identity


def language(value: str) -> str:
    """Return the code of a language; empty for TMDB's code of none."""
    code = cells.clean(value).lower()
    return "" if code == NO_LANGUAGE else code


def _collection(row: Row) -> str:
    value = row.get("belongs_to_collection", "").strip()
    if not value:
        return ""
    loaded = _load(value, "belongs_to_collection") or {}
    if not isinstance(loaded, dict):
        raise CellError("belongs_to_collection", f"expected a JSON object, got {cells.shorten(value)}")
    return _text(loaded, "name", "belongs_to_collection")


def _names(row: Row, column: str, *, key: str = "name") -> tuple[str, ...]:
    names = _unique(_text(entry, key, column) for entry in _entries(row, column))
    return tuple(name for name in names if name != NO_LANGUAGE) if key != "name" else names


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _text(entry: Mapping[str, Any], key: str, column: str) -> str:
    value = entry.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise CellError(column, f"{key}: expected text, got {value!r}")
    return cells.clean(value)


def _entries(row: Row, column: str) -> list[dict[str, Any]]:
    loaded = _load(row[column], column)
    if not isinstance(loaded, list) or not all(isinstance(entry, dict) for entry in loaded):
        raise CellError(column, f"expected a JSON list of objects, got {cells.shorten(row[column])}")
    return loaded


def _load(value: str, column: str) -> object:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        if (literal := _literal(value)) is not None:
            return literal
        raise CellError(column, f"invalid JSON at character {error.pos}: {error.msg}") from None


def _literal(value: str) -> object:
    """Return what Python wrote instead of JSON, as in The Movies Dataset; None if it is neither."""
    if not value.startswith(("[{'", "{'", '[{"')):
        return None
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _in_order(*skipped: SkippedRow) -> tuple[SkippedRow, ...]:
    return tuple(sorted(skipped, key=lambda row: (row.file != MOVIES, row.row)))


def _notes(movies: Mapping[int, Movie], known: Mapping[int, Credits]) -> Iterable[str]:
    bare, spare = len(movies.keys() - known.keys()), len(known.keys() - movies.keys())
    if bare:
        yield f"movies without a valid row in {CREDITS}, loaded without cast and crew: {bare:,}"
    if spare:
        yield f"rows of {CREDITS} for movies that are not loaded: {spare:,}"

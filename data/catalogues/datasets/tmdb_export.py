"""TMDB's movies as published on Kaggle in one table of a million rows, `TMDB_movie_dataset_v11.csv`."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from core.types import Movie, MovieId
from data.catalogues import tmdb
from data.catalogues.datasets import streams
from data.catalogues.datasets.languages import CODES
from data.catalogues.report import Catalogue
from data.files import cells, rows
from data.files.cells import CellError, Row

NAME = "TMDB export"
FILE = "TMDB_movie_dataset_v*.csv"
REQUIRED = ("id", "title", "vote_count", "adult", "overview", "release_date")
REMEMBERED = 50_000
"""Cached cells of lists: most movies share theirs with others, which saves memory and time."""


def find(folder: Path) -> tuple[Path, ...]:
    """Return the file of the newest version in a folder, packed or not; empty if there is none."""
    found = streams.find(folder, FILE)
    return (found,) if found else ()


def read(files: tuple[Path, ...], *, reason: str = "") -> Catalogue:
    """Read the table row by row. Raises `DataError`: it cannot be read."""
    losses = streams.Losses()
    movies = streams.parsed(files[0], streams.rows(files[0], required=REQUIRED), _movie, losses)
    return streams.catalogue(NAME, files, movies, losses, reason=reason)


def _movie(row: Row) -> Movie:
    title = cells.clean(row["title"])
    original = cells.clean(row.get("original_title", ""))
    released = cells.read(row, "release_date", _day)
    votes = cells.read(row, "vote_count", cells.whole) or 0
    minutes = cells.read(row, "runtime", cells.number) if "runtime" in row else None
    return rows.create(
        {
            "id": _id(row),
            "title": title,
            "original_title": title if original == title else original,  # one text in memory instead of two
            "release_date": released,
            "year": released.year if released else None,
            "overview": cells.clean(row["overview"]),
            "tagline": cells.clean(row.get("tagline", "")),
            "genres": _names(row.get("genres", "")),
            "keywords": _names(row.get("keywords", "")),
            "language": sys.intern(tmdb.language(row.get("original_language", ""))),
            "spoken_languages": _codes(row.get("spoken_languages", "")),
            "countries": _names(row.get("production_countries", "")),
            "companies": _names(row.get("production_companies", "")),
            "runtime": round(minutes) or None if minutes is not None else None,
            "vote_count": votes,
            "vote_average": cells.read(row, "vote_average", cells.number) if votes and "vote_average" in row else None,
            "popularity": (cells.read(row, "popularity", cells.number) if "popularity" in row else None) or 0.0,
            "poster": cells.clean(row.get("poster_path", "")),
            "adult": cells.read(row, "adult", cells.truth),
        }
    )


def _id(row: Row) -> MovieId:
    found = cells.read(row, "id", cells.whole)
    if found is None or found <= 0:
        raise CellError("id", f"expected a TMDB id above 0, got {cells.shorten(row['id'])}")
    return MovieId(found)


_day = lru_cache(REMEMBERED)(cells.day)


@lru_cache(REMEMBERED)
def _names(cell: str) -> tuple[str, ...]:
    """Return the names of a cell, `Action, Science Fiction`."""
    names = (cells.clean(name) for name in cell.split(", "))
    return tuple(dict.fromkeys(sys.intern(name) for name in names if name))


@lru_cache(REMEMBERED)
def _codes(cell: str) -> tuple[str, ...]:
    """Return the codes of languages given by their English names; TMDB's names without a code are left out."""
    return tuple(dict.fromkeys(CODES[name] for name in _names(cell) if name in CODES))

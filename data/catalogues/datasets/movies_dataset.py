"""The Movies Dataset of Kaggle (`movies_metadata.csv`, `credits.csv`, `keywords.csv`): lists as Python wrote them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from core.types import Movie
from data.catalogues import tmdb
from data.catalogues.datasets import streams
from data.catalogues.datasets.streams import Losses
from data.catalogues.report import Catalogue
from data.catalogues.tmdb import Credits
from data.files.cells import Row

NAME = "The Movies Dataset"
MOVIES, CREDITS, KEYWORDS = "movies_metadata.csv", "credits.csv", "keywords.csv"
REQUIRED = tuple(column for column in tmdb.MOVIE_COLUMNS if column != "keywords")

T = TypeVar("T")


def find(folder: Path) -> tuple[Path, ...]:
    """Return the files in a folder, packed or not, the movies first; empty without movies."""
    movies = streams.find(folder, MOVIES)
    others = (streams.find(folder, name) for name in (CREDITS, KEYWORDS))
    return (movies, *(path for path in others if path is not None)) if movies else ()


def read(files: tuple[Path, ...], *, reason: str = "") -> Catalogue:
    """Read the files row by row; credits and keywords may be missing. Raises `DataError`: a file cannot be read."""
    losses = Losses()
    named = {path.name.removesuffix(".gz").removesuffix(".zip"): path for path in files}
    people = _by_id(named.get(CREDITS), ("id", "cast", "crew"), _credits, losses)
    keywords = _by_id(named.get(KEYWORDS), ("id", "keywords"), _keywords, losses)

    def movie(row: Row) -> Movie:
        identity = tmdb.identity_of(row, "id")
        return tmdb.movie({**row, "keywords": keywords.get(identity, "[]")}, people)[1]

    movies = streams.parsed(files[0], streams.rows(files[0], required=REQUIRED), movie, losses)
    return streams.catalogue(NAME, files, movies, losses, reason=reason)


def _by_id(
    path: Path | None, required: Collection[str], parse: Callable[[Row], tuple[int, T]], losses: Losses
) -> Mapping[int, T]:
    if path is None:
        return {}
    return dict(streams.parsed(path, streams.rows(path, required=required), parse, losses))


def _credits(row: Row) -> tuple[int, Credits]:
    return tmdb.credits_of({**row, "movie_id": row["id"]})


def _keywords(row: Row) -> tuple[int, str]:
    return tmdb.identity_of(row, "id"), row["keywords"]

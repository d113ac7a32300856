"""From IMDb's ids to TMDB's: MovieLens' links where they are at hand, and an id map beside the catalogue."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.config import Settings
from core.errors import DataError
from core.types import MovieId
from data.catalogues import movielens, sources

ID_MAP = "id_map.csv"
MAX_LINKS = 500_000
"""Pairs that are kept; the largest release of MovieLens has 87,000."""


def read(settings: Settings) -> Mapping[int, MovieId]:
    """All pairs that are at hand, IMDb's number to the TMDB id; never downloads, and nothing at hand gives none."""
    folder = sources.ratings(settings, fetch=_stay_here)
    paths = [folder / movielens.LINKS] if folder else []
    if settings.data_dir:
        paths += [settings.data_dir / ID_MAP, settings.data_dir / sources.TMDB_FOLDER / ID_MAP]
    pairs: dict[int, MovieId] = {}
    for path in paths:
        for imdb, tmdb in _pairs(path):
            if len(pairs) < MAX_LINKS:
                pairs.setdefault(imdb, tmdb)
    return pairs


def _stay_here(folder: Path) -> Path:
    raise DataError("a request never downloads", file=str(folder))


def _pairs(path: Path) -> Iterator[tuple[int, MovieId]]:
    """The pairs of a table with `imdbId,tmdbId` or `imdb_id,tmdb_id`; rows that lack one are passed over."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            imdb = (row.get("imdbId") or row.get("imdb_id") or "").removeprefix("tt").partition(".")[0]
            tmdb = (row.get("tmdbId") or row.get("tmdb_id") or "").partition(".")[0]
            if imdb.isascii() and imdb.isdigit() and tmdb.isascii() and tmdb.isdigit() and int(tmdb) > 0:
                yield int(imdb), MovieId(int(tmdb))

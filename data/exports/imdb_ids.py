"""Mapping from IMDb ids to TMDB ids: MovieLens links if available, and an id map in the catalogue's folder."""

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
"""Maximum pairs; the largest release of MovieLens has 87,000."""


def read(settings: Settings) -> Mapping[int, MovieId]:
    """Return all available pairs, IMDb number to TMDB id, without downloading; empty if there are none."""
    folder = sources.ratings(settings, fetch=_refuse_download)
    paths = [folder / movielens.LINKS] if folder else []
    if settings.data_dir:
        paths += [settings.data_dir / ID_MAP, settings.data_dir / sources.TMDB_FOLDER / ID_MAP]
    pairs: dict[int, MovieId] = {}
    for path in paths:
        for imdb, tmdb in _pairs(path):
            if len(pairs) < MAX_LINKS:
                pairs.setdefault(imdb, tmdb)
    return pairs


def _refuse_download(folder: Path) -> Path:
    raise DataError("a request never downloads", file=str(folder))


def _pairs(path: Path) -> Iterator[tuple[int, MovieId]]:
    """Yield the pairs of a table with `imdbId,tmdbId` or `imdb_id,tmdb_id`, skipping incomplete rows."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            imdb = (row.get("imdbId") or row.get("imdb_id") or "").removeprefix("tt").partition(".")[0]
            tmdb = (row.get("tmdbId") or row.get("tmdb_id") or "").partition(".")[0]
            if imdb.isascii() and imdb.isdigit() and tmdb.isascii() and tmdb.isdigit() and int(tmdb) > 0:
                yield int(imdb), MovieId(int(tmdb))

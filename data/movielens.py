"""MovieLens: so far the bridge from its film ids to TMDB's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.types import MovieId
from data import cells, rows, tables
from data.cells import CellError, Row
from data.report import SkippedRow

LINKS = "links.csv"


@dataclass(frozen=True, slots=True)
class Links:
    """MovieLens id to TMDB id. Two MovieLens films may share one TMDB id; a few have none."""

    tmdb_ids: Mapping[int, MovieId]
    without_tmdb: int
    skipped: tuple[SkippedRow, ...] = ()


def read_links(folder: Path) -> Links:
    """Read `links.csv` of any MovieLens release.

    Raises:
        DataError: the file is unusable as a whole.
    """
    table = tables.read(folder / LINKS, required=("movieId", "tmdbId"))
    links, bad = rows.collect(table.rows, _link, file=LINKS, key="movieId")
    skipped = sorted((*table.skipped, *bad), key=lambda row: row.row)
    rows.require(links, skipped, file=LINKS)
    known = {film: MovieId(tmdb) for film, tmdb in links.items() if tmdb is not None}
    return Links(known, len(links) - len(known), tuple(skipped))


def _link(row: Row) -> tuple[int, int | None]:
    film, tmdb = cells.read(row, "movieId", cells.whole), cells.read(row, "tmdbId", cells.whole)
    if film is None:
        raise CellError("movieId", "expected a MovieLens id, got nothing")
    if tmdb is not None and tmdb <= 0:
        raise CellError("tmdbId", f"expected a TMDB id above 0, got {tmdb}")
    return film, tmdb

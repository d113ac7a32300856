"""IMDb exports: ratings from 1 to 10 and ids, of movies and other titles."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.users import MarkKind
from data.exports import fields
from data.exports.entries import Entry
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "IMDb"
LISTED = frozenset({"const", "title", "position"})
RATED = frozenset({"const", "title", "your rating"})
NOT_MOVIES = ("series", "episode", "game", "podcast", "music video")
"""Parts of title types (`TV Mini Series`, `tvEpisode`, `Video Game`) that are not movies."""
MAX_POINTS = 10
_CONST = re.compile(r"tt(\d{1,10})")

Parse = Callable[[Row, str, int], Entry]


def recognise(columns: frozenset[str], *, file: str) -> tuple[str, Parse] | None:  # noqa: ARG001 - same signature as other sources
    """Return the type of an export by its header, and the parser of its rows; None if it is not IMDb's.

    All IMDb lists have the watchlist's header. Ratings in lists are ignored: they are in the ratings file.
    """
    if columns >= LISTED:
        return f"{SOURCE} watchlist", _listed
    if columns >= RATED:
        return f"{SOURCE} ratings", _rated
    return None


def _rated(row: Row, file: str, number: int) -> Entry:
    entry = _movie(row, file, number, column="date rated")
    points = cells.read(row, "your rating", _points)
    return Entry(
        file, number, entry.title, original_title=entry.original_title, year=entry.year, imdb=entry.imdb,
        stars=points / 2, on=entry.on,
    )  # fmt: skip


def _listed(row: Row, file: str, number: int) -> Entry:
    return _movie(row, file, number, column="created", mark=MarkKind.WATCHLIST)


def _movie(row: Row, file: str, number: int, *, column: str, mark: MarkKind | None = None) -> Entry:
    kind = cells.clean(row.get("title type", ""))
    if any(part in kind.lower().replace("musicvideo", "music video") for part in NOT_MOVIES):
        raise CellError("title type", f"expected a movie, got {cells.shorten(kind)}")
    return Entry(
        file, number, fields.title(row, "title"), original_title=cells.clean(row.get("original title", "")),
        year=fields.year(row, "year"), imdb=cells.read(row, "const", _id), mark=mark, on=fields.day(row, column),
    )  # fmt: skip


def _id(value: str) -> int:
    found = _CONST.fullmatch(value.strip())
    if found is None:
        raise ValueError("an IMDb id such as tt0114709")
    return int(found[1])


def _points(value: str) -> int:
    points = cells.whole(value)
    if points is None or not 1 <= points <= MAX_POINTS:
        raise ValueError(f"a whole number from 1 to {MAX_POINTS}")
    return points

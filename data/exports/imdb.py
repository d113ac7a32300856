"""IMDb exports: ratings from 1 to 10 and ids, of movies and other titles. All forms since 2016."""

from __future__ import annotations

from collections.abc import Sequence

from core.users import MarkKind
from data.exports import fields
from data.exports.entries import Entry
from data.exports.forms import Form
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "IMDb"
RATED, RATED_2016 = "your rating", "you rated"
NOT_MOVIES = ("series", "episode", "game", "podcast", "music video")
"""Parts of title types (`TV Mini Series`, `tvEpisode`, `Video Game`) that are not movies."""


def recognise(columns: frozenset[str], *, file: str, head: Sequence[Row]) -> Form | None:
    """Return the form of an export, or None if it is not IMDb's.

    Lists have a column for ratings too, and the form of 2016 is the same for lists and ratings: what the rows contain
    decides (`_is_list`). Ratings in lists are ignored: they are in the ratings file.
    """
    rated = next((name for name in (RATED, RATED_2016) if name in columns), None)
    if "const" not in columns or (rated is None and "title" not in columns):
        return None
    if rated is None or _is_list(columns, rated, file.lower(), head):
        return Form(f"{SOURCE} watchlist", _listed)
    return Form(f"{SOURCE} ratings", _rated)


def _is_list(columns: frozenset[str], rated: str, file: str, head: Sequence[Row]) -> bool:
    """Whether a file with a column for ratings is a list; only lists number their rows."""
    if "watchlist" in file or not any(fields.filled(row, rated) for row in head):
        return "position" in columns
    if "ratings" in file or not any(fields.filled(row, "position") for row in head):
        return False
    return rated == RATED or not all(fields.filled(row, rated) for row in head)


def _rated(row: Row, file: str, number: int) -> Entry:
    column = RATED if RATED in row else RATED_2016
    stars = fields.points(row, column)
    if stars is None:
        raise CellError(column, f"expected a whole number from 1 to {fields.MAX_POINTS}, got nothing")
    return _movie(row, file, number, dates=("date rated", "created", "modified"), stars=stars)


def _listed(row: Row, file: str, number: int) -> Entry:
    return _movie(row, file, number, dates=("created", "modified"), mark=MarkKind.WATCHLIST)


def _movie(
    row: Row, file: str, number: int, *, dates: Sequence[str], stars: float | None = None, mark: MarkKind | None = None
) -> Entry:
    kind = cells.clean(row.get("title type", ""))
    if any(part in kind.lower().replace("musicvideo", "music video") for part in NOT_MOVIES):
        raise CellError("title type", f"expected a movie, got {cells.shorten(kind)}")
    imdb = fields.imdb_id(row, "const")
    named = imdb is None or fields.filled(row, "title")
    title = fields.title(row, "title" if "title" in row else "const") if named else cells.clean(row["const"])
    return Entry(
        file, number, title, original_title=cells.clean(row.get("original title", "")),
        year=fields.year(row, "year"), imdb=imdb, stars=stars, mark=mark, on=fields.day(row, *dates),
    )  # fmt: skip

"""IMDb exports: ratings from 1 to 10 and ids, of movies and other titles. All forms since 2016."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.diary.lists import MAX_NAME_LENGTH, ListDetails
from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry, SeriesRow
from data.exports.forms import Form, Parsed
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "IMDb"
RATED, RATED_2016 = "your rating", "you rated"
SERIES, EPISODE = "series", "episode"
NOT_MOVIES = ("game", "podcast", "music video")
"""Parts of title types (`Video Game`) that are neither movies nor series."""
_LIST_NAME = re.compile(r"ls\d+|(?<!watch)list", re.IGNORECASE)
"""How the name of a file says that it is a list of the user's own; IMDb's watchlists may have any name."""


def recognise(sheet: Sheet, *, file: str) -> Form | None:
    """Return the form of an export, or None if it is not IMDb's.

    Lists have a column for ratings too, and the form of 2016 is the same for lists and ratings: what the rows contain
    decides (`_is_list`). Ratings in lists are ignored: they are in the ratings file.
    """
    columns, head = sheet.columns, sheet.head()
    rated = next((name for name in (RATED, RATED_2016) if name in columns), None)
    if "const" not in columns or (rated is None and "title" not in columns):
        return None
    if rated is not None and not _is_list(columns, rated, file.lower(), head):
        return Form(f"{SOURCE} ratings", _rated)
    stem = file.rpartition("/")[2].rpartition(".")[0] or file
    if "position" in columns and "watchlist" not in file.lower() and _LIST_NAME.search(stem):
        return Form(f"{SOURCE} list", _on_list, lists=(ListDetails(name=stem[:MAX_NAME_LENGTH]),))
    return Form(f"{SOURCE} watchlist", _listed)


def _rated(row: Row, file: str, number: int) -> Parsed:
    if series := _series(row, file, number):
        return series
    column = RATED if RATED in row else RATED_2016
    stars = fields.points(row, column)
    if stars is None:
        raise CellError(column, f"expected a whole number from 1 to {fields.MAX_POINTS}, got nothing")
    return _movie(row, file, number, dates=("date rated", "created", "modified"), stars=stars)


def _listed(row: Row, file: str, number: int) -> Parsed:
    if series := _series(row, file, number):
        return series
    return _movie(row, file, number, dates=("created", "modified"), mark=MarkKind.WATCHLIST)


def _on_list(row: Row, file: str, number: int) -> Parsed:
    if series := _series(row, file, number):
        return series
    return _movie(row, file, number, dates=("created", "modified"), list_of=0)


def _series(row: Row, file: str, number: int) -> SeriesRow | None:
    """Return what a row says about a series or an episode; None if it is about a movie."""
    kind = cells.clean(row.get("title type", "")).lower()
    title = cells.clean(row.get("title", ""))
    if EPISODE in kind:
        return SeriesRow(file, number, title.partition(":")[0], episodes=1)  # `Lost: Pilot`
    return SeriesRow(file, number, title) if SERIES in kind else None


def _movie(
    row: Row,
    file: str,
    number: int,
    *,
    dates: Sequence[str],
    stars: float | None = None,
    mark: MarkKind | None = None,
    list_of: int | None = None,
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
        list=list_of, note="" if list_of is None else row.get("description", "").strip(),
    )  # fmt: skip


def _is_list(columns: frozenset[str], rated: str, file: str, head: Sequence[Row]) -> bool:
    """Whether a file with a column for ratings is a list; only lists number their rows."""
    if "watchlist" in file or not any(fields.filled(row, rated) for row in head):
        return "position" in columns
    if "ratings" in file or not any(fields.filled(row, "position") for row in head):
        return False
    return rated == RATED or not all(fields.filled(row, rated) for row in head)

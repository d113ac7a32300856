"""The form that Letterboxd imports, which other programs and Marquee itself write."""

from __future__ import annotations

from collections.abc import Callable

from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry
from data.exports.forms import Form
from data.files import cells
from data.files.cells import Row

SOURCE = "Letterboxd"
TELLING = frozenset({"tmdbid", "imdbid", "letterboxduri", "rating10", "watcheddate"})
"""Columns of which one and a movie tell the form."""
SEEN = ("rating", "rating10", "watcheddate", "rewatch", "review")


def recognise(sheet: Sheet, *, file: str) -> Form | None:
    """Return the form of a file with the columns that Letterboxd imports; None for other files."""
    columns = sheet.columns
    if not (columns & TELLING and columns & {"title", "tmdbid", "imdbid"}) or "const" in columns:
        return None
    if "type" in columns or "movieid" in columns:  # Simkl's and MovieLens' tables have the same ids
        return None
    seen = bool(columns.intersection(SEEN)) and "watchlist" not in file.lower()
    return Form(f"{SOURCE} import form", _parse(MarkKind.WATCHED if seen else MarkKind.WATCHLIST))


def _parse(mark: MarkKind) -> Callable[[Row, str, int], Entry]:
    def parse(row: Row, file: str, number: int) -> Entry:
        imdb, tmdb = fields.imdb_id(row, "imdbid"), fields.tmdb_id(row, "tmdbid")
        stars = fields.stars(row, "rating")
        if stars is None:
            stars = fields.points(row, "rating10")
        return Entry(
            file, number, _title(row, imdb, tmdb), year=fields.year(row, "year"), imdb=imdb, tmdb=tmdb,
            stars=stars, mark=mark, on=fields.day(row, "watcheddate"),
            watched=fields.day(row, "watcheddate") if mark is MarkKind.WATCHED else None,
            rewatch=fields.yes(row, "rewatch"), tags=fields.tags(row), review=fields.plain(row.get("review", "")),
        )  # fmt: skip

    return parse


def _title(row: Row, imdb: int | None, tmdb: int | None) -> str:
    """Return the title, or the id for display if a row has only that."""
    if fields.filled(row, "title") or (imdb is None and tmdb is None):
        return fields.title(row, "title" if "title" in row else "imdbid" if "imdbid" in row else "tmdbid")
    return cells.clean(row["imdbid"]) if imdb is not None else f"TMDB {tmdb}"

"""Letterboxd exports: half stars, titles and years, without common movie ids; and the form that it imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.users import MarkKind
from data.exports import fields
from data.exports.entries import Entry
from data.exports.forms import Form
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "Letterboxd"
MOVIE = frozenset({"name", "year", "letterboxd uri"})
RATED = MOVIE | {"rating"}
DIARY = RATED | {"watched date"}
LIST = frozenset({"position", "name", "year"})
"""A list (`lists/….csv`); above its header is a table of the list itself."""
IMPORTED = frozenset({"tmdbid", "imdbid", "letterboxduri", "rating10", "watcheddate"})
"""Columns of the form that Letterboxd imports, which other programs write; one of them and a movie tell it."""
SEEN = ("rating", "rating10", "watcheddate", "rewatch")


def recognise(columns: frozenset[str], *, file: str, head: Sequence[Row]) -> Form | None:  # noqa: ARG001 - same signature as other sources
    """Return the form of an export, or None if it is not Letterboxd's.

    The watchlist, watched movies and liked movies have the same header and are distinguished by the file name.
    """
    if columns >= DIARY:
        return Form(f"{SOURCE} diary", _diary)
    if columns >= RATED:
        return Form(f"{SOURCE} ratings", _rated)
    if columns >= MOVIE:
        kind, mark = _list(file.lower())
        return Form(f"{SOURCE} {kind}", _marking(mark))
    if columns >= LIST and columns & {"url", "description"}:
        return Form(f"{SOURCE} list", _marking(_list(file.lower())[1]))
    if columns & IMPORTED and columns & {"title", "tmdbid", "imdbid"} and "const" not in columns:
        seen = bool(columns.intersection(SEEN)) and "watchlist" not in file.lower()
        return Form(f"{SOURCE} import form", _form(MarkKind.WATCHED if seen else MarkKind.WATCHLIST))
    return None


def _list(file: str) -> tuple[str, MarkKind]:
    if "watched" in file:
        return "films seen", MarkKind.WATCHED
    if "likes" in file:
        return "likes", MarkKind.FAVOURITE
    return "watchlist", MarkKind.WATCHLIST


def _diary(row: Row, file: str, number: int) -> Entry:
    """Parse a diary entry: the movie was watched on a day, optionally again and with a rating."""
    return Entry(
        file, number, fields.title(row, "name"), year=fields.year(row, "year"),
        stars=fields.stars(row, "rating"), mark=MarkKind.WATCHED, on=fields.day(row, "watched date", "date"),
        watched=fields.day(row, "watched date"), rewatch=fields.yes(row, "rewatch"), tagged=fields.filled(row, "tags"),
    )  # fmt: skip


def _rated(row: Row, file: str, number: int) -> Entry:
    stars = fields.stars(row, "rating")
    if stars is None:
        raise CellError("rating", "expected stars, got nothing")
    title, year = fields.title(row, "name"), fields.year(row, "year")
    return Entry(file, number, title, year=year, stars=stars, on=fields.day(row, "date"))


def _marking(mark: MarkKind) -> Callable[[Row, str, int], Entry]:
    def parse(row: Row, file: str, number: int) -> Entry:
        title, year = fields.title(row, "name"), fields.year(row, "year")
        return Entry(file, number, title, year=year, mark=mark, on=fields.day(row, "date"))

    return parse


def _form(mark: MarkKind) -> Callable[[Row, str, int], Entry]:
    def parse(row: Row, file: str, number: int) -> Entry:
        imdb, tmdb = fields.imdb_id(row, "imdbid"), fields.tmdb_id(row, "tmdbid")
        stars = fields.stars(row, "rating")
        if stars is None:
            stars = fields.points(row, "rating10")
        return Entry(
            file, number, _title(row, imdb, tmdb), year=fields.year(row, "year"), imdb=imdb, tmdb=tmdb,
            stars=stars, mark=mark, on=fields.day(row, "watcheddate"),
            watched=fields.day(row, "watcheddate") if mark is MarkKind.WATCHED else None,
            rewatch=fields.yes(row, "rewatch"), tagged=fields.filled(row, "tags"),
        )  # fmt: skip

    return parse


def _title(row: Row, imdb: int | None, tmdb: int | None) -> str:
    """Return the title, or the id for display if a row has only that."""
    if fields.filled(row, "title") or (imdb is None and tmdb is None):
        return fields.title(row, "title" if "title" in row else "imdbid" if "imdbid" in row else "tmdbid")
    return cells.clean(row["imdbid"]) if imdb is not None else f"TMDB {tmdb}"

"""Letterboxd exports: half stars, titles and years, without common movie ids."""

from __future__ import annotations

from collections.abc import Callable

from core.users import MAX_STARS, MIN_STARS, STAR_STEP, MarkKind
from data.exports import fields
from data.exports.entries import Entry
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "Letterboxd"
MOVIE = frozenset({"name", "year", "letterboxd uri"})
RATED = MOVIE | {"rating"}
DIARY = RATED | {"watched date"}

Parse = Callable[[Row, str, int], Entry]


def recognise(columns: frozenset[str], *, file: str) -> tuple[str, Parse] | None:
    """Return the type of an export by its header, and the parser of its rows; None if it is not Letterboxd's.

    The watchlist, watched movies and liked movies have the same header and are distinguished by the file name.
    """
    if columns >= DIARY:
        return f"{SOURCE} diary", _diary
    if columns >= RATED:
        return f"{SOURCE} ratings", _rated
    if columns >= MOVIE:
        kind, mark = _list(file.lower())
        return f"{SOURCE} {kind}", _marking(mark)
    return None


def _list(file: str) -> tuple[str, MarkKind]:
    if "watched" in file:
        return "films seen", MarkKind.WATCHED
    if "likes" in file:
        return "likes", MarkKind.FAVOURITE
    return "watchlist", MarkKind.WATCHLIST


def _diary(row: Row, file: str, number: int) -> Entry:
    """Parse a diary entry: the movie was watched, optionally with a rating."""
    column = "watched date" if row["watched date"].strip() or "date" not in row else "date"
    return Entry(
        file, number, fields.title(row, "name"), year=fields.year(row, "year"),
        stars=_stars(row), mark=MarkKind.WATCHED, on=fields.day(row, column),
    )  # fmt: skip


def _rated(row: Row, file: str, number: int) -> Entry:
    stars = _stars(row)
    if stars is None:
        raise CellError("rating", "expected stars, got nothing")
    title, year = fields.title(row, "name"), fields.year(row, "year")
    return Entry(file, number, title, year=year, stars=stars, on=fields.day(row, "date"))


def _marking(mark: MarkKind) -> Parse:
    def parse(row: Row, file: str, number: int) -> Entry:
        title, year = fields.title(row, "name"), fields.year(row, "year")
        return Entry(file, number, title, year=year, mark=mark, on=fields.day(row, "date"))

    return parse


def _stars(row: Row) -> float | None:
    return cells.read(row, "rating", _half_stars)


def _half_stars(value: str) -> float | None:
    stars = cells.number(value)
    if stars is not None and (not MIN_STARS <= stars <= MAX_STARS or stars % STAR_STEP):
        raise ValueError(f"half stars from {MIN_STARS} to {MAX_STARS}")
    return stars

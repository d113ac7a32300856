"""Letterboxd exports: half stars, titles and years, without common movie ids. See also `letterboxd_form`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from core.diary.lists import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, ListDetails
from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry
from data.exports.forms import Form
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "Letterboxd"
MOVIE = frozenset({"name", "year", "letterboxd uri"})
RATED = MOVIE | {"rating"}
DIARY = RATED | {"watched date"}
REVIEWS = DIARY | {"review"}
LIST = frozenset({"position", "name", "year"})
"""A list (`lists/….csv`); above its header is a table of the list itself."""


def recognise(sheet: Sheet, *, file: str) -> Form | None:
    """Return the form of an export, or None if it is not Letterboxd's.

    The watchlist, watched movies and liked movies have the same header and are distinguished by the file name.
    """
    columns, name = sheet.columns, file.lower()
    for wanted, kind, parse in ((REVIEWS, "reviews", _diary), (DIARY, "diary", _diary), (RATED, "ratings", _rated)):
        if columns >= wanted:
            return Form(f"{SOURCE} {kind}", parse)
    if columns >= MOVIE:
        kind, mark = _list(name)
        return Form(f"{SOURCE} {kind}", _marking(mark))
    if not columns >= LIST or not columns & {"url", "description"}:
        return None
    if "watchlist" in name:
        return Form(f"{SOURCE} watchlist", _marking(MarkKind.WATCHLIST))
    return Form(f"{SOURCE} list", _on_list, lists=(_details(sheet.above(), file),))


def _list(file: str) -> tuple[str, MarkKind]:
    if "watched" in file:
        return "films seen", MarkKind.WATCHED
    if "likes" in file:
        return "likes", MarkKind.FAVOURITE
    return "watchlist", MarkKind.WATCHLIST


def _details(above: Sequence[Sequence[str]], file: str) -> ListDetails:
    """Return name and description of a list from the table above its rows, or else from the name of the file."""
    found: dict[str, str] = {}
    for headings, below in pairwise(above):
        names = [cell.strip().lower() for cell in headings]
        if {"name", "description"} <= set(names):
            found = dict(zip(names, below, strict=False))
    stem = file.rpartition("/")[2].rpartition(".")[0].replace("-", " ")
    name = cells.clean(found.get("name", "")) or cells.clean(stem) or "Letterboxd"
    description = fields.plain(found.get("description", ""))
    return ListDetails(name=name[:MAX_NAME_LENGTH], description=description[:MAX_DESCRIPTION_LENGTH])


def _diary(row: Row, file: str, number: int) -> Entry:
    """Parse an entry of the diary or a review: the movie was watched on a day, optionally again and with a rating."""
    return Entry(
        file, number, fields.title(row, "name"), year=fields.year(row, "year"),
        stars=fields.stars(row, "rating"), mark=MarkKind.WATCHED, on=fields.day(row, "watched date", "date"),
        watched=fields.day(row, "watched date"), rewatch=fields.yes(row, "rewatch"), tags=fields.tags(row),
        review=fields.plain(row.get("review", "")),
    )  # fmt: skip


def _rated(row: Row, file: str, number: int) -> Entry:
    stars = fields.stars(row, "rating")
    if stars is None:
        raise CellError("rating", "expected stars, got nothing")
    title, year = fields.title(row, "name"), fields.year(row, "year")
    return Entry(file, number, title, year=year, stars=stars, on=fields.day(row, "date"))


def _on_list(row: Row, file: str, number: int) -> Entry:
    title, year = fields.title(row, "name"), fields.year(row, "year")
    note = fields.plain(row.get("description", ""))
    return Entry(file, number, title, year=year, list=0, note=note)


def _marking(mark: MarkKind) -> Callable[[Row, str, int], Entry]:
    def parse(row: Row, file: str, number: int) -> Entry:
        title, year = fields.title(row, "name"), fields.year(row, "year")
        return Entry(file, number, title, year=year, mark=mark, on=fields.day(row, "date"))

    return parse

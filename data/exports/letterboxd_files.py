"""Writes a diary in the forms that Letterboxd imports: tables of at most 1,900 rows and 1 MB each, in an archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.diary.lists import ListDetails

MAX_ROWS, MAX_BYTES = 1_900, 1_000_000
"""Letterboxd's limits for a file."""
COLUMNS = ("tmdbID", "imdbID", "Title", "Year", "Directors", "Rating", "WatchedDate", "Rewatch", "Tags", "Review")
WATCHLIST = ("tmdbID", "imdbID", "Title", "Year", "Directors")
LIST_TABLE = ("Date", "Name", "Tags", "URL", "Description")
LIST = ("Position", "Name", "Year", "URL", "Description")
FORM_NAME = "letterboxd-import"
"""The beginning of the names of the tables of watched movies."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the form: a watching, or a movie that was rated, reviewed or watched on no known day."""

    tmdb: int | None
    imdb: int | None
    title: str
    year: int | None
    directors: Sequence[str] = ()
    stars: float | None = None
    watched: date | None = None
    rewatch: bool = False
    tags: str = ""
    review: str = ""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list of movies, with a note for each."""

    details: ListDetails
    created_at: datetime
    rows: Sequence[tuple[FormRow, str]]


def archive(watched: Iterable[FormRow], watchlist: Iterable[FormRow], lists: Iterable[ListFile]) -> bytes:
    """Return all files as a .zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, content in enumerate(tables(COLUMNS, map(_form, watched)), 1):
            packed.writestr(f"{FORM_NAME}-{number}.csv", content)
        for number, content in enumerate(tables(WATCHLIST, (_form(row)[: len(WATCHLIST)] for row in watchlist)), 1):
            packed.writestr("watchlist.csv" if number == 1 else f"watchlist-{number}.csv", content)
        for number, each in enumerate(lists, 1):
            packed.writestr(f"lists/list-{number}.csv", _list(each))
    return out.getvalue()


def tables(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield tables with the same header; each has at most `MAX_ROWS` rows and `MAX_BYTES` bytes."""
    first = _line(header)
    lines, size = [first], len(first.encode())
    for row in rows:
        line = _line(row)
        length = len(line.encode())
        if len(lines) > MAX_ROWS or (size + length > MAX_BYTES and len(lines) > 1):
            yield "".join(lines)
            lines, size = [first], len(first.encode())
        lines.append(line)
        size += length
    yield "".join(lines)


def _form(row: FormRow) -> tuple[str, ...]:
    return (
        str(row.tmdb or ""), f"tt{row.imdb:07}" if row.imdb else "", row.title, str(row.year or ""),
        ", ".join(row.directors), f"{row.stars:g}" if row.stars else "", row.watched.isoformat() if row.watched else "",
        "true" if row.rewatch else "", row.tags, row.review,
    )  # fmt: skip


def _list(each: ListFile) -> str:
    """Return a list in the form of Letterboxd's export, which it also imports."""
    described = ("", each.details.name, "", "", each.details.description)
    table = (each.created_at.date().isoformat(), *described[1:])
    rows = [
        (str(place), row.title, str(row.year or ""), _address(row), note)
        for place, (row, note) in enumerate(each.rows, 1)
    ]
    head = ("Letterboxd list export v7\n", _line(LIST_TABLE), _line(table), "\n", _line(LIST))
    return "".join((*head, *map(_line, rows)))


def _address(row: FormRow) -> str:
    return f"https://www.themoviedb.org/movie/{row.tmdb}" if row.tmdb else ""


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()

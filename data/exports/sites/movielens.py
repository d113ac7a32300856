"""Ratings of one user of MovieLens: the export of its site, and the ratings file of a data set."""

from __future__ import annotations

from datetime import UTC, datetime

from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry
from data.exports.forms import Form
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "MovieLens"
SITE = frozenset({"movie_id", "imdb_id", "tmdb_id", "title"})
DATA_SET = frozenset({"userid", "movieid", "rating"})
MAX_TIMESTAMP = 2**33
"""Seconds since 1970 that are believed to be a time."""


def recognise(sheet: Sheet, *, file: str) -> Form | None:
    """Return the form of an export, or None if it is not MovieLens'. A file with two users is refused by its rows."""
    columns = sheet.columns
    if columns >= SITE:
        if "rating" in columns:
            return Form(f"{SOURCE} ratings", _of_site)
        return Form(f"{SOURCE} wishlist", _wished)
    if columns >= DATA_SET:
        users = {row["userid"].strip() for row in sheet.head()}
        return Form(f"{SOURCE} data set", _Rows(min(users, default="")).parse)
    del file
    return None


def _of_site(row: Row, file: str, number: int) -> Entry:
    stars = fields.stars(row, "rating")
    if stars is None:
        raise CellError("rating", "expected stars, got nothing")
    return _named(row, file, number, stars=stars)


def _wished(row: Row, file: str, number: int) -> Entry:
    return _named(row, file, number, mark=MarkKind.WATCHLIST)


def _named(row: Row, file: str, number: int, *, stars: float | None = None, mark: MarkKind | None = None) -> Entry:
    title, year = split_year(fields.title(row, "title"))
    imdb = cells.read(row, "imdb_id", lambda value: cells.whole(value.strip().removeprefix("tt")))
    return Entry(
        file, number, title, year=year, imdb=imdb, tmdb=fields.tmdb_id(row, "tmdb_id"),
        movielens=cells.read(row, "movie_id", cells.whole), stars=stars, mark=mark, on=fields.day(row, "date"),
    )  # fmt: skip


def split_year(title: str) -> tuple[str, int | None]:
    """Return a title and the year in brackets at its end, if it has one: `Heat (1995)`."""
    name, _, year = title.rpartition(" (")
    digits = year.removesuffix(")")
    known = bool(name) and year.endswith(")") and len(digits) == len("1995") and digits.isdecimal()
    return (name, int(digits)) if known and digits.isascii() else (title, None)


class _Rows:
    """The rows of one user of a data set, which have only MovieLens' ids."""

    def __init__(self, user: str) -> None:
        self._user = user

    def parse(self, row: Row, file: str, number: int) -> Entry:
        user = row["userid"].strip()
        if user != self._user:
            raise CellError("userid", f"expected the ratings of user {self._user} alone, got {cells.shorten(user)}")
        movie = cells.read(row, "movieid", cells.whole)
        stars = fields.stars(row, "rating")
        if movie is None or stars is None:
            raise CellError("movieid" if movie is None else "rating", "expected a value, got nothing")
        seconds = cells.read(row, "timestamp", cells.whole) if "timestamp" in row else None
        at = datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds < MAX_TIMESTAMP else None
        return Entry(file, number, f"MovieLens {movie}", movielens=movie, stars=stars, at=at)

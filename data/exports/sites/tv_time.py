"""TV Time's export on request (GDPR): a table of everything tracked, movies and episodes, without ids of movies."""

from __future__ import annotations

from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry, SeriesRow
from data.exports.forms import Form, Parsed
from data.exports.sites.movielens import split_year
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "TV Time"
MOVIES = frozenset({"movie_name", "type"})
EPISODES = (frozenset({"series_name", "episode_number"}), frozenset({"tv_show_name", "episode_number"}))
SEEN, AGAIN, WANTED = ("watch", "watched"), "rewatch", ("towatch", "follow", "for_later")


def recognise(sheet: Sheet, *, file: str) -> Form | None:  # noqa: ARG001 - same signature as other sites
    """Return the form of an export, or None if it is not TV Time's."""
    if sheet.columns >= MOVIES or any(sheet.columns >= columns for columns in EPISODES):
        return Form(SOURCE, _tracked)
    return None


def _tracked(row: Row, file: str, number: int) -> Parsed:
    if not fields.filled(row, "movie_name"):
        series = cells.clean(row.get("series_name", "") or row.get("tv_show_name", ""))
        return SeriesRow(file, number, series, episodes=int(fields.filled(row, "episode_number")))
    name, year = split_year(fields.title(row, "movie_name"))
    kind = cells.clean(row["type"]).lower()
    released = fields.day(row, "release_date")
    if kind in WANTED:
        mark, at = MarkKind.WATCHLIST, fields.moment(row.get("created_at", ""))
        return Entry(file, number, name, year=year or (released.year if released else None), mark=mark, at=at)
    if kind not in SEEN and kind != AGAIN:
        raise CellError("type", f"expected watch, rewatch or towatch, got {cells.shorten(kind)}")
    at = fields.moment(row.get("updated_at" if kind != AGAIN else "created_at", "") or row.get("created_at", ""))
    return Entry(
        file, number, name, year=year or (released.year if released else None), mark=MarkKind.WATCHED,
        at=at, watched_at=at, rewatch=kind == AGAIN,
    )  # fmt: skip

"""Simkl: its backup as JSON (movies, shows and anime) and as a table."""

from __future__ import annotations

from functools import partial

from core.users import MarkKind
from data.exports import fields
from data.exports.csv_sheets import Sheet
from data.exports.entries import Entry, Export, SeriesRow
from data.exports.forms import Form, Parsed
from data.exports.json_records import Record, Records
from data.files import cells
from data.files.cells import CellError, Row

SOURCE = "Simkl"
SECTIONS = ("shows", "anime")
TABLE = frozenset({"simkl_id", "title", "type"})
MARKS = {"completed": MarkKind.WATCHED, "plantowatch": MarkKind.WATCHLIST}
MOVIE_TYPES = ("movie", "anime movie")


def read(data: object, *, file: str) -> Export | None:
    """Return the content of a backup; None if it is none."""
    backup = Record(data if isinstance(data, dict) else {})
    movies = backup.parts("movies")
    sections = [each for name in SECTIONS for each in backup.parts(name)]
    if "format" in backup.values or not any("status" in each.values for each in (*movies, *sections)):
        return None
    reading = Records(file)
    reading.each(movies, partial(_record, file=file))
    reading.each(sections, partial(_section, file=file))
    return reading.export(SOURCE)


def recognise(sheet: Sheet, *, file: str) -> Form | None:  # noqa: ARG001 - same signature as other sites
    """Return the form of a backup as a table; None for other files."""
    return Form(SOURCE, _row) if sheet.columns >= TABLE else None


def _record(record: Record, number: int, *, file: str, named: str = "movie") -> Entry:
    movie = record.part(named)
    ids, status = movie.part("ids"), record.text("status")
    mark, stars = MARKS.get(status), record.points("user_rating")
    if mark is None and stars is None:
        raise CellError("status", f"expected completed or plantowatch, got {cells.shorten(status)}")
    watched_at = record.time("last_watched_at") if mark is MarkKind.WATCHED else None
    at = record.time("user_rated_at") or watched_at or record.time("added_to_watchlist_at")
    return Entry(
        file, number, movie.title("title"), year=movie.year(), imdb=ids.imdb(), tmdb=ids.whole("tmdb"),
        stars=stars, mark=mark, at=at, watched_at=watched_at, note=record.part("memo").text("text"),
    )  # fmt: skip


def _section(record: Record, number: int, *, file: str) -> Entry | SeriesRow:
    """Read a show or an anime, which may be a movie."""
    if record.text("anime_type") == "movie":
        return _record(record, number, file=file, named="show")
    seen = sum(len(season.parts("episodes")) for season in record.parts("seasons"))
    episodes = seen or record.whole("watched_episodes_count") or 0
    return SeriesRow(file, number, cells.clean(record.part("show").text("title")), episodes=episodes)


def _row(row: Row, file: str, number: int) -> Parsed:
    kind = cells.clean(row["type"]).lower()
    if kind not in MOVIE_TYPES:
        return SeriesRow(file, number, cells.clean(row["title"]), episodes=0)
    status = cells.clean(row.get("watchlist", "")).lower().replace(" ", "")
    mark, stars = MARKS.get(status), fields.points(row, "rating")
    if mark is None and stars is None:
        raise CellError("watchlist", f"expected completed or plantowatch, got {cells.shorten(status)}")
    watched = fields.day(row, "watcheddate") if mark is MarkKind.WATCHED else None
    return Entry(
        file, number, fields.title(row, "title"), year=fields.year(row, "year"), imdb=fields.imdb_id(row, "imdb"),
        tmdb=fields.tmdb_id(row, "tmdb"), stars=stars, mark=mark, on=fields.day(row, "watcheddate"), watched=watched,
        note=row.get("memo", "").strip(),
    )  # fmt: skip

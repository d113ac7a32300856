"""Trakt: the files of a backup or an export, and the same lists as its API returns them."""

from __future__ import annotations

from functools import partial

from core.diary.lists import MAX_NAME_LENGTH, ListDetails
from core.users import MarkKind
from data.exports.entries import Entry, Export, SeriesRow
from data.exports.json_records import Record, Records
from data.files import cells
from data.files.cells import CellError

SOURCE = "Trakt"
KINDS = frozenset({"movie", "show", "season", "episode", "person"})


def read(data: object, *, file: str) -> Export | None:
    """Return the content of a list of Trakt's records; None if it is none.

    A record names its movie, show or episode; its times tell whether it is a rating, a watching or on a list.
    """
    records = [Record(each) for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    if not records or not all(record.values.keys() & KINDS for record in records):
        return None
    reading, name = Records(file), file.rpartition("/")[2].lower()
    on_list = None if "watchlist" in name or not any("listed_at" in record.values for record in records) else 0
    if on_list == 0 and "favorites" not in name:
        title = name.rpartition(".")[0].removeprefix("lists-").removeprefix("list-").replace("-", " ").strip()
        reading.lists.append(ListDetails(name=(cells.clean(title) or SOURCE)[:MAX_NAME_LENGTH]))
    reading.each(records, partial(_record, file=file, favourites="favorites" in name, on_list=on_list))
    return reading.export(SOURCE)


def _record(record: Record, number: int, *, file: str, favourites: bool, on_list: int | None) -> Entry | SeriesRow:
    kind = record.text("type")
    if kind == "person" or not record.values.keys() & (KINDS - {"person"}):
        raise CellError("type", "expected a movie, got a person")
    if "movie" not in record.values or kind in ("show", "season", "episode"):
        return _series(record, number, file)
    movie = record.part("movie")
    ids = movie.part("ids")
    watched_at = record.time("watched_at") or record.time("last_watched_at")
    listed = "listed_at" in record.values
    mark = MarkKind.WATCHED if watched_at or "plays" in record.values else None
    if listed and mark is None and (favourites or on_list is None):
        mark = MarkKind.FAVOURITE if favourites else MarkKind.WATCHLIST
    stars = record.points("rating")
    if mark is None and stars is None and not listed:
        raise CellError("movie", "expected rated_at, watched_at or listed_at beside it")
    return Entry(
        file, number, movie.title("title"), year=movie.year(), imdb=ids.imdb(), tmdb=ids.whole("tmdb"), stars=stars,
        mark=mark, at=record.time("rated_at") or watched_at or record.time("listed_at"), watched_at=watched_at,
        list=on_list if listed and not favourites else None, note=record.text("notes") if listed else "",
    )  # fmt: skip


def _series(record: Record, number: int, file: str) -> SeriesRow:
    if "episode" in record.values:
        return SeriesRow(file, number, cells.clean(record.part("show").text("title")), episodes=1)
    seasons = record.parts("seasons")
    episodes = sum(len(season.parts("episodes")) for season in seasons)
    return SeriesRow(file, number, cells.clean(record.part("show").text("title")), episodes=episodes)

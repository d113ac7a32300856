"""Marquee's own export (JSON): all of a diary and of a user's lists, restored with times, notes and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from core.diary.lists import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, ListDetails
from core.diary.watches import FIRST_DAY, MAX_GOAL, WatchGoal
from core.errors import DataError
from core.types import LAST_YEAR
from core.users import MarkKind
from data.exports.entries import Entry, Export
from data.exports.json_records import Record, Records
from data.files import cells
from data.files.cells import CellError

SOURCE = "Marquee"
FORMAT, READABLE = "format", "marquee-export-1"


def read(data: object, *, file: str) -> Export | None:
    """Return the content of an export of Marquee; None if it is none. Raises `DataError` for an unknown version."""
    whole = Record(data if isinstance(data, dict) else {})
    version = whole.text(FORMAT)
    if not version.startswith("marquee-export-"):
        return None
    if version != READABLE:
        raise DataError(f"expected the format {READABLE}, got {cells.shorten(version)}; update Marquee", file=file)
    titles = {known.whole("id"): known for known in whole.parts("movies")}
    reading, named = Records(file), partial(_entry, file=file, titles=titles)
    reading.each(whole.parts("ratings"), lambda one, n: replace(named(one, n), stars=_required(one), at=one.time("at")))
    reading.each(whole.parts("marks"), lambda one, n: replace(named(one, n), mark=_kind(one), at=one.time("at")))
    reading.each(whole.parts("reviews"), lambda one, n: _reviewed(named(one, n), one))
    reading.each(whole.parts("watches")[::-1], lambda one, n: _watched(named(one, n), one))
    places = _lists(whole, reading)
    reading.each(
        [one for one in sorted(whole.parts("list_entries"), key=_place) if _number(one, "list_id") in places],
        lambda one, n: replace(named(one, n), list=places[_number(one, "list_id")], note=one.text("note")),
    )
    reading.each(whole.parts("watch_goals"), lambda one, _: _goal(one))
    return reading.export(f"{SOURCE} export")


def _entry(record: Record, number: int, *, file: str, titles: Mapping[int | None, Record]) -> Entry:
    """Return an entry of the movie of a record; the id decides, the title is for people and other catalogues."""
    movie = record.whole("movie")
    if movie is None:
        raise CellError("movie", "expected the id of a movie, got nothing")
    known = titles.get(movie, Record({}))
    title = cells.clean(known.text("title")) or f"TMDB {movie}"
    return Entry(file, number, title, year=known.year(), tmdb=movie, own=True)


def _required(record: Record) -> float:
    stars = record.stars("stars")
    if stars is None:
        raise CellError("stars", "expected stars, got nothing")
    return stars


def _kind(record: Record) -> MarkKind:
    try:
        return MarkKind(record.text("kind"))
    except ValueError:
        raise CellError("kind", f"expected {', '.join(MarkKind)}, got {cells.shorten(record.text('kind'))}") from None


def _reviewed(entry: Entry, record: Record) -> Entry:
    if not record.text("text").strip():
        raise CellError("text", "expected the text of a review, got nothing")
    at, since = record.time("changed_at") or record.time("at"), record.time("at")
    return replace(entry, review=record.text("text"), at=at, since=since)


def _watched(entry: Entry, record: Record) -> Entry:
    try:
        day = date.fromisoformat(record.text("day"))
    except ValueError:
        raise CellError("day", f"expected a day (2024-01-31), got {cells.shorten(record.text('day'))}") from None
    return replace(
        entry, watched=day, rewatch=record.values.get("rewatch") is True, stars=record.stars("stars"), of_day=True,
        note=record.text("note"), at=record.time("created_at"),
    )  # fmt: skip


def _goal(record: Record) -> WatchGoal:
    year, movies = _number(record, "year"), _number(record, "movies")
    if not FIRST_DAY.year <= year <= LAST_YEAR:
        raise CellError("year", f"expected a year from {FIRST_DAY.year} to {LAST_YEAR}, got {year}")
    if not 1 <= movies <= MAX_GOAL:
        raise CellError("movies", f"expected 1 to {MAX_GOAL:,} movies, got {movies}")
    return WatchGoal(year, movies)


def _number(record: Record, name: str) -> int:
    found = record.values.get(name)
    return found if isinstance(found, int) else 0


def _lists(whole: Record, reading: Records) -> dict[int, int]:
    """Add the user's own lists, the oldest first, and return the place of each by its number."""
    places: dict[int, int] = {}
    for one in sorted(whole.parts("lists"), key=lambda one: _number(one, "id")):
        name = cells.clean(one.text("name"))[:MAX_NAME_LENGTH]
        if name and _number(one, "id"):
            places[_number(one, "id")] = len(reading.lists)
            description, public = one.text("description")[:MAX_DESCRIPTION_LENGTH], one.values.get("public") is True
            reading.lists.append(ListDetails(name=name, description=description, public=public))
    return places


def _place(entry: Record) -> tuple[int, int]:
    return _number(entry, "list_id"), _number(entry, "rank")

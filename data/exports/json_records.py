"""Records of JSON exports: untrusted values with the types that are expected of them, or an error that names them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from core.diary.lists import ListDetails
from core.diary.watches import WatchGoal
from core.errors import DataError
from core.types import FIRST_YEAR, LAST_YEAR
from data.catalogues.report import SkippedRow
from data.exports import csv_sheets, fields
from data.exports.entries import MAX_ROWS, MAX_TITLE, Entry, Export, SeriesRow
from data.files import cells
from data.files.cells import CellError

STARTS = (b"{", b"[")
MAX_ID = 2**53
"""Larger numbers are no ids."""
MAX_TEXT = 50_000
"""Characters of a text that are read."""


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object; its fields may have any type."""

    values: Mapping[str, Any]

    def part(self, name: str) -> Record:
        """Return an object in a field; empty if there is none."""
        found = self.values.get(name)
        return Record(found if isinstance(found, dict) else {})

    def parts(self, name: str) -> list[Record]:
        """Return the objects of a list in a field."""
        found = self.values.get(name)
        return [Record(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def text(self, name: str) -> str:
        """Return a text; empty if it is missing."""
        found = self.values.get(name)
        return found[:MAX_TEXT] if isinstance(found, str) else ""

    def title(self, name: str) -> str:
        """Return a required title on one line."""
        found = cells.clean(self.text(name))
        if not 0 < len(found) <= MAX_TITLE:
            raise CellError(name, f"expected a title of 1 to {MAX_TITLE} characters, got {cells.shorten(found)}")
        return found

    def whole(self, name: str) -> int | None:
        """Return a positive whole number, also written as text; None if it is missing or 0."""
        found = self.values.get(name)
        if isinstance(found, str) and found.strip():
            try:
                found = cells.whole(found)
            except ValueError:
                found = -1
        if found in (None, "", 0):
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < MAX_ID:
            raise CellError(name, f"expected a positive whole number, got {cells.shorten(str(self.values[name]))}")
        return found

    def year(self, name: str = "year") -> int | None:
        """Return a year; None if it is missing."""
        found = self.whole(name)
        if found is not None and not FIRST_YEAR <= found <= LAST_YEAR:
            raise CellError(name, f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {found}")
        return found

    def imdb(self, name: str = "imdb") -> int | None:
        """Return the number of an IMDb id; None if it is missing."""
        return fields.imdb_id({name: self.text(name)}, name)

    def points(self, name: str) -> float | None:
        """Return the stars of a rating from 1 to 10; None if it is missing or 0."""
        found = self.values.get(name)
        return fields.points({name: f"{found:g}"}, name) if isinstance(found, int | float) and found else None

    def stars(self, name: str) -> float | None:
        """Return half stars; None if they are missing."""
        found = self.values.get(name)
        return None if found is None else fields.stars({name: str(found)}, name)

    def time(self, name: str) -> datetime | None:
        """Return a time; None if it is missing or unreadable."""
        return fields.moment(self.text(name))


Read = Callable[[Record, int], Entry | SeriesRow | WatchGoal]
"""Reads a record with its number; raises `CellError`."""


class Records:
    """Collects what the records of a file contain. Records are numbered from 1 over all lists of the file."""

    def __init__(self, file: str) -> None:
        self.file, self.lists, self.goals = file, list[ListDetails](), list[WatchGoal]()
        self._entries: list[Entry] = []
        self._series: list[SeriesRow] = []
        self._bad: list[SkippedRow] = []
        self._number = 0

    def each(self, records: Sequence[Record], read: Read) -> None:
        """Read records; what is wrong with one is reported. Raises `DataError` for too many."""
        for record in records:
            self._number += 1
            if self._number > MAX_ROWS:
                raise DataError(f"expected at most {MAX_ROWS:,} records; split the file", file=self.file)
            try:
                found = read(record, self._number)
            except CellError as fault:
                self._bad.append(SkippedRow(self.file, self._number, fault.column, fault.reason))
                continue
            if isinstance(found, SeriesRow):
                self._series.append(found)
            elif isinstance(found, WatchGoal):
                self.goals.append(found)
            else:
                self._entries.append(found)

    def export(self, kind: str) -> Export:
        """Return what was read."""
        return Export(
            kind, tuple(self._entries), tuple(self._bad), tuple(self._series), tuple(self.lists), tuple(self.goals)
        )


def is_json(content: IO[bytes]) -> bool:
    """Whether a file begins like a JSON object or list."""
    content.seek(0)
    return content.read(1_000).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in STARTS


def load(content: IO[bytes], *, file: str) -> object:
    """Return the value of a JSON file. Raises `DataError`."""
    csv_sheets.check_size(content, file=file)
    try:
        return json.loads(content.read().decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DataError(f"not readable as JSON ({str(error)[:MAX_TITLE]}); download it again", file=file) from None


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")

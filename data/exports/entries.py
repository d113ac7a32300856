"""What reading a user's export gives: one entry for each row that can be used, and a word on each that cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.users import MarkKind, check_stars
from data.catalogues.report import SkippedRow

MAX_BYTES = 5_000_000
"""Of an upload, and of each file in an archive: ten times the export of somebody who has seen 5,000 movies."""
MAX_ROWS = 50_000
"""Of all files of an upload together."""
MAX_TITLE = 500
"""Characters; the longest title of a movie has some 200."""
FIRST_YEAR, LAST_YEAR = 1870, 2100
"""No movie is older than the first; the last stops what is no year."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of an export: a movie, as its source names it, and what the user said of it."""

    file: str
    row: int
    """As a spreadsheet shows it: the header is row 1."""
    title: str
    original_title: str = ""
    year: int | None = None
    imdb: int | None = None
    """The number in IMDb's `tt0114709`."""
    stars: float | None = None
    mark: MarkKind | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if self.stars is not None:
            check_stars(self.stars)


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that one upload holds. Each row with a value is an entry or stands among the bad ones."""

    kind: str
    """What it was taken for, for people: `Letterboxd diary`, `IMDb ratings`, …"""
    entries: tuple[Entry, ...]
    bad: tuple[SkippedRow, ...] = ()

"""The result of reading an export: an entry for each valid row, and a message for each invalid one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.diary.lists import ListDetails
from core.diary.watches import WatchGoal
from core.users import MarkKind, check_stars
from data.catalogues.report import SkippedRow

MAX_BYTES = 32_000_000
"""Maximum size of an upload, and of each file in an archive: IMDb's form of `MAX_ROWS` ratings has 25 MB."""
MAX_ROWS = 100_000
"""Maximum rows of all files of an upload: no site's largest diary has more."""
MAX_TITLE = 500
"""Maximum length; the longest movie title has about 200 characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of an export: a movie as named by the source, and the user's rating or mark."""

    file: str
    row: int
    """Numbered as in a spreadsheet: the header is row 1."""
    title: str
    original_title: str = ""
    year: int | None = None
    imdb: int | None = None
    """The number in IMDb's `tt0114709`."""
    stars: float | None = None
    mark: MarkKind | None = None
    on: date | None = None
    tmdb: int | None = None
    """The TMDB id, if the file has one."""
    watched: date | None = None
    """The day of a watching, if the row is one."""
    rewatch: bool = False
    tags: str = ""
    """Its tags, separated by commas; a watching keeps them in its note."""
    at: datetime | None = None
    """The time of rating, mark or review, if the file has more than a day."""
    watched_at: datetime | None = None
    """The time of a watching, if the file has that instead of a day."""
    of_day: bool = False
    """Whether the stars are only those of the watching, not the rating."""
    review: str = ""
    """Plain text."""
    since: datetime | None = None
    """When the review was written, if it was changed later."""
    note: str = ""
    """The note of the watching, or of the movie on a list."""
    list: int | None = None
    """The list that the row belongs to: its place among those of the export."""
    own: bool = False
    """Whether the TMDB id is that of a movie of Marquee itself, so that no title needs to agree with it."""
    movielens: int | None = None
    """The MovieLens id, if the file has one."""

    def __post_init__(self) -> None:
        if self.stars is not None:
            check_stars(self.stars)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A row of an export about a series, which Marquee does not know: nothing is matched with it."""

    file: str
    row: int
    series: str
    """The title of the series; empty if the file names only the episode."""
    episodes: int = 0
    """How many episodes the row is about; 0 if it is about the series as a whole."""


@dataclass(frozen=True, slots=True)
class Export:
    """The content of an upload. Each row with a value is an entry, about a series, or an invalid row."""

    kind: str
    """The detected type, for display: `Letterboxd diary`, `IMDb ratings`, …"""
    entries: tuple[Entry, ...]
    bad: tuple[SkippedRow, ...] = ()
    series: tuple[SeriesRow, ...] = ()
    lists: tuple[ListDetails, ...] = ()
    """The lists that entries belong to."""
    goals: tuple[WatchGoal, ...] = ()
    """How many movies the user wanted to watch in some years."""

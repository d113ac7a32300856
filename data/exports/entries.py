"""The result of reading an export: an entry for each valid row, and a message for each invalid one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    tagged: bool = False
    """Whether the row has tags, which are not imported."""

    def __post_init__(self) -> None:
        if self.stars is not None:
            check_stars(self.stars)


@dataclass(frozen=True, slots=True)
class Export:
    """The content of an upload. Each row with a value is either an entry or an invalid row."""

    kind: str
    """The detected type, for display: `Letterboxd diary`, `IMDb ratings`, …"""
    entries: tuple[Entry, ...]
    bad: tuple[SkippedRow, ...] = ()

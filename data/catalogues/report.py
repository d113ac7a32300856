"""The result of reading a catalogue: the movies, their source, and skipped rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.types import Movie

SHOWN_ROWS = 10
"""Skipped rows listed in a report; the count includes all of them."""

Progress = Callable[[str], None]
"""Takes a sentence about the current step."""


def quiet(_sentence: str) -> None:
    """Ignore progress: the default."""


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that could not be used. Rows are numbered as in a spreadsheet: the header of a CSV file is row 1."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"{self.file}, row {self.row}{column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """The source of a catalogue."""

    name: str
    """Display name: `TMDB 5000`, `sample catalogue`, `own catalogue`."""
    folder: Path
    content_hash: str
    """SHA-256 of the files, hexadecimal: equal hashes mean an unchanged catalogue."""
    reason: str = ""
    """Why this source was used, as a clause: `MARQUEE_DATA_DIR is set`."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All movies of a source, in file order, without duplicate ids."""

    movies: tuple[Movie, ...]
    source: CatalogueSource
    skipped: tuple[SkippedRow, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks about oddities that did not cause movies to be skipped."""
    lost: int = 0
    """Number of skipped rows, if `skipped` names only the first ones."""

    @property
    def bad(self) -> int:
        """The number of skipped rows."""
        return max(self.lost, len(self.skipped))

    @property
    def headline(self) -> str:
        """The name of the catalogue, why it was used, and the number of skipped rows, in one line."""
        why = f" ({self.source.reason})" if self.source.reason else ""
        movies = _count(len(self.movies), "movie")
        return f"{self.source.name}: {movies}, {_count(self.bad, 'row')} skipped{why}"

    def report(self) -> str:
        """Return the headline, the notes, and the first skipped rows with file, row and column."""
        rows = [str(row) for row in self.skipped[:SHOWN_ROWS]]
        more = self.bad - len(rows)
        rows += [f"... and {_count(more, 'more row')}"] if more else []
        return "\n  ".join((self.headline, *self.notes, *rows))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

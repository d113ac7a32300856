"""What reading a catalogue gives: the movies, where they come from, and what was left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.types import Movie

SHOWN_ROWS = 10
"""Skipped rows that a report lists; the count is always of all."""

Progress = Callable[[str], None]
"""Takes one sentence about what is going on."""


def quiet(_sentence: str) -> None:
    """Say nothing: the default progress."""


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that could not be used. Rows count as a spreadsheet shows them: the header of a CSV file is row 1."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"{self.file}, row {self.row}{column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """Where a catalogue comes from."""

    name: str
    """For people: `TMDB 5000`, `sample catalogue`, `own catalogue`."""
    folder: Path
    content_hash: str
    """SHA-256 of the files, hexadecimal: equal hashes mean an unchanged catalogue."""
    reason: str = ""
    """Why this source was taken, as a clause: `MARQUEE_DATA_DIR is set`."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All movies of one source, in the order of the file, each id once."""

    movies: tuple[Movie, ...]
    source: CatalogueSource
    skipped: tuple[SkippedRow, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences about what is odd, but cost no movie."""

    @property
    def headline(self) -> str:
        """One line: which catalogue, why, and how many rows were skipped."""
        why = f" ({self.source.reason})" if self.source.reason else ""
        movies = _count(len(self.movies), "film")
        return f"{self.source.name}: {movies}, {_count(len(self.skipped), 'row')} skipped{why}"

    def report(self) -> str:
        """The headline, the notes, and the first skipped rows by file, row and column."""
        rows = [str(row) for row in self.skipped[:SHOWN_ROWS]]
        more = len(self.skipped) - len(rows)
        rows += [f"... and {_count(more, 'more row')}"] if more else []
        return "\n  ".join((self.headline, *self.notes, *rows))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

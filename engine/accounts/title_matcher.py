"""Movies by title and year: how another site's spelling finds the catalogue's movie, and when it must not.

Spellings are compared by the keys of titles (`core.texts.title_keys`), as in searches.

The catalogue is kept as hashes of folded titles beside years and ids, 16 bytes a title, so that 200,000 movies need no
more than some megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import MovieIndex
from core.types import Filters, Movie, MovieId, Sort

PAGE = 500
"""Movies read at once while titles are gathered."""
WINDOW = 10_000
"""The farthest that any engine lists; larger catalogues are read year by year."""
NEAR_YEARS = 1
"""A movie is of the year of its festival on one site and of its cinema on another."""
MIN_SHORT = 4
"""Letters of a title's first part that stand for the whole; shorter ones are anything's."""
FOLDED, LOOSE, SHORT = "folded", "loose", "short"
_ASIDE = re.compile(r"\s*\(|(?:\s+|:\s+|,\s+)or(?:,\s+|:\s+|\s*\()", re.IGNORECASE)
"""Where a second title begins: `Birdman or (…)`, `Dr. Strangelove or: …`."""
_PARTS = re.compile(rf"{_ASIDE.pattern}|\s*:\s+|\s+[-–—]\s+", re.IGNORECASE)
"""Where a second title or a subtitle begins."""


@dataclass(frozen=True, slots=True)
class Titles:
    """All titles of a catalogue, one row for each way to write one.

    Attributes:
        keys: int64, (n,), hashes of folded titles, ascending.
        years: int16, (n,).
        movies: int64, (n,), TMDB ids.
    """

    keys: NDArray[np.int64]
    years: NDArray[np.int16]
    movies: NDArray[np.int64]

    def find(self, title: str, year: int | None) -> MovieId | None:
        """The one movie of this title and year; None where there is none, or more than one.

        Of the spellings, the closest that finds something decides. The year may be one off where that leaves no
        choice, except for a title's first part alone. Without a year nothing is found: titles come back.
        """
        if year is None:
            return None
        for kind, keys, far in _asked(title):
            found = [pair for key in keys for pair in self._of(kind, key)]
            for span in range(far + 1):
                near = {movie for movie, other in found if abs(other - year) <= span}
                if near:
                    return near.pop() if len(near) == 1 else None
        return None

    def _of(self, kind: str, key: str) -> list[tuple[MovieId, int]]:
        wanted = np.int64(hash((kind, key)))
        first, last = np.searchsorted(self.keys, wanted, "left"), np.searchsorted(self.keys, wanted, "right")
        return [(MovieId(int(self.movies[i])), int(self.years[i])) for i in range(int(first), int(last))]


def gather(index: MovieIndex) -> Titles:
    """Read the titles of every movie that has a year."""
    rows = {row for movie in _movies(index) for row in _rows(movie)}
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    return Titles(table[:, 0].copy(), table[:, 1].astype(np.int16), table[:, 2].copy())


def _movies(index: MovieIndex) -> Iterator[Movie]:
    """Every movie, a page at a time; year by year where there are more than an engine lists at once."""
    everything = Filters()
    first = index.listing(everything, sort=Sort.NEWEST, offset=0, size=1)
    if first.total <= WINDOW:
        yield from _pages(index, everything)
        return
    for decade in first.facets.get("decade", ()):
        for year in range(int(decade.value), int(decade.value) + 10):
            yield from _pages(index, Filters(year_from=year, year_to=year))


def _pages(index: MovieIndex, filters: Filters) -> Iterator[Movie]:
    for offset in range(0, WINDOW, PAGE):
        page = index.listing(filters, sort=Sort.NEWEST, offset=offset, size=PAGE)
        yield from page.movies
        if offset + PAGE >= page.total:
            return


def _rows(movie: Movie) -> Iterator[tuple[int, int, int]]:
    if movie.year is None:
        return
    for title in movie.titles:
        for kind, key in _kept(title):
            yield hash((kind, key)), movie.year, movie.id


def _kept(title: str) -> Iterator[tuple[str, str]]:
    """The ways in which a catalogue's title is kept."""
    if folded := texts.fold(texts.upright(title)):
        yield FOLDED, folded
    for key in _keys(title):
        yield LOOSE, key
    for key in _short(title, _PARTS):
        yield SHORT, key


def _asked(title: str) -> Iterator[tuple[str, Sequence[str], int]]:
    """The ways in which a title is looked for, the closest first, and how far off the year may be."""
    folded, keys = texts.fold(texts.upright(title)), _keys(title)
    if folded:
        yield FOLDED, (folded,), NEAR_YEARS
    yield LOOSE, keys, 0
    yield SHORT, keys, 0
    yield LOOSE, _short(title, _ASIDE), 0  # never at a colon: sequels and movies about a movie are called so


def _keys(title: str) -> tuple[str, ...]:
    """The keys of a title; but a number alone is one in its own spelling only: `Nine` and `9` are two movies."""
    keys, folded = texts.title_keys(title), texts.fold(title)
    return tuple(key for key in keys if not key.isdecimal() or key == folded.replace(" ", ""))


def _short(title: str, parting: re.Pattern[str]) -> tuple[str, ...]:
    """The keys of the first part of a title that has several; none for a title of one part."""
    first, *others = parting.split(title, maxsplit=1)
    keys = _keys(first) if others else ()
    return tuple(key for key in keys if len(key) >= MIN_SHORT)

"""Matching of movies by title and year, for titles as other sites spell them.

Spellings are compared by the keys of titles (`core.texts.title_keys`), as in searches.

The catalogue is stored as hashes of folded titles with years and ids, 16 bytes per title, so that 200,000 movies take
only a few megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import MovieIndex
from core.types import Filters, Movie, MovieId, Sort

PAGE = 500
"""Movies per page while titles are read."""
WINDOW = 10_000
"""Most movies that an engine lists for one query; larger catalogues are read year by year."""
NEAR_YEARS = 1
"""Sites date a movie differently: by its festival premiere or by its release in cinemas."""
MIN_SHORT = 4
"""Least length of a title's first part that may stand for the whole title; shorter ones are ambiguous."""
MAX_NEAR = 8
"""Most movies that are proposed for a title."""
RECENT = 512
"""Titles whose keys are remembered: each is looked up several times in a row."""
FOLDED, LOOSE, SHORT = "folded", "loose", "short"
_ASIDE = re.compile(r"\s*\(|(?:\s+|:\s+|,\s+)or(?:,\s+|:\s+|\s*\()", re.IGNORECASE)
"""Where a second title begins: `Birdman or (…)`, `Dr. Strangelove or: …`."""
_YEAR_IN_BRACKETS = re.compile(r"\s*[(\[]\d{4}[)\]]\s*$")
_PARTS = re.compile(rf"{_ASIDE.pattern}|\s*:\s+|\s+[-–—]\s+", re.IGNORECASE)
"""Where a second title or a subtitle begins."""


@dataclass(frozen=True, slots=True)
class Titles:
    """All titles of a catalogue, one row per spelling.

    Attributes:
        keys: int64, (n,), hashes of folded titles, ascending.
        years: int16, (n,).
        movies: int64, (n,), TMDB ids.
    """

    keys: NDArray[np.int64]
    years: NDArray[np.int16]
    movies: NDArray[np.int64]

    def find(self, title: str, year: int | None) -> MovieId | None:
        """Return the movie with this title and year; None if there is none or more than one.

        The closest spelling with a match decides. The year may differ by one if the match is unique, except for a
        title's first part alone. Without a year nothing matches: remakes share titles.
        """
        if year is None:
            return None
        own = self._find(title, year)
        bare = _without_year(title, year)
        return self._find(bare, year) if own is None and bare else own

    def _find(self, title: str, year: int) -> MovieId | None:
        for kind, keys, far in _lookups(title):
            found = [pair for key in keys for pair in self._of(kind, key)]
            for span in range(far + 1):
                near = {movie for movie, other in found if abs(other - year) <= span}
                if near:
                    return near.pop() if len(near) == 1 else None
        return None

    def near(self, title: str, year: int | None, *, limit: int = MAX_NEAR) -> list[MovieId]:
        """Return the movies that have this title in any spelling and any year, the nearest years first."""
        found: dict[MovieId, int] = {}
        for kind, keys, _ in _lookups(_YEAR_IN_BRACKETS.sub("", title) or title):
            for key in keys:
                for movie, other in self._of(kind, key):
                    found.setdefault(movie, 0 if year is None else abs(other - year))
        return sorted(found, key=lambda movie: (found[movie], movie))[:limit]

    def carries(self, title: str, movie: MovieId) -> bool:
        """Whether a movie has this title in any spelling, whatever its year."""
        return any(movie == own for kind, keys, _ in _lookups(title) for key in keys for own, _ in self._of(kind, key))

    def _of(self, kind: str, key: str) -> list[tuple[MovieId, int]]:
        wanted = np.int64(hash((kind, key)))
        first = int(self.keys.searchsorted(wanted, "left"))
        if first == len(self.keys) or self.keys[first] != wanted:  # most lookups of a large import
            return []
        last = int(self.keys.searchsorted(wanted, "right"))
        return [(MovieId(int(self.movies[i])), int(self.years[i])) for i in range(first, last)]


def gather(index: MovieIndex) -> Titles:
    """Read the titles of all movies that have a year."""
    rows = {row for movie in _movies(index) for row in _rows(movie)}
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    return Titles(table[:, 0].copy(), table[:, 1].astype(np.int16), table[:, 2].copy())


def _movies(index: MovieIndex) -> Iterator[Movie]:
    """Yield all movies page by page; year by year if there are more than an engine lists for one query."""
    everything = Filters(adult=True)
    first = index.listing(everything, sort=Sort.NEWEST, offset=0, size=1)
    if first.total <= WINDOW:
        yield from _pages(index, everything)
        return
    for decade in first.facets.get("decade", ()):
        for year in range(int(decade.value), int(decade.value) + 10):
            yield from _pages(index, Filters(year_from=year, year_to=year, adult=True))


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
    """Yield the keys under which a catalogue's title is stored."""
    if folded := texts.fold(texts.upright(title)):
        yield FOLDED, folded
    for key in _keys(title):
        yield LOOSE, key
    for key in _short(title, _PARTS):
        yield SHORT, key


def _lookups(title: str) -> Iterator[tuple[str, Sequence[str], int]]:
    """Yield the keys to look up for a title, closest first, with the years that a match may differ by."""
    if folded := texts.fold(texts.upright(title)):
        yield FOLDED, (folded,), NEAR_YEARS
    keys = _keys(title)  # costs more than all before, and most titles are found by then
    yield LOOSE, keys, 0
    yield SHORT, keys, 0
    yield LOOSE, _short(title, _ASIDE), 0  # never at a colon: titles of sequels and documentaries have one


def _without_year(title: str, year: int) -> str:
    """Return a title without its year in brackets at the end; empty if it has none."""
    bare = _YEAR_IN_BRACKETS.sub("", title)
    return bare if title != bare and title.rstrip(" )]").endswith(str(year)) else ""


@lru_cache(RECENT)
def _keys(title: str) -> tuple[str, ...]:
    """Return the keys of a title. A number alone matches only its own spelling: `Nine` and `9` are two movies."""
    keys = texts.title_keys(title)
    return tuple(key for key in keys if not key.isdecimal() or key == texts.fold(title).replace(" ", ""))


@lru_cache(RECENT)
def _short(title: str, parting: re.Pattern[str]) -> tuple[str, ...]:
    """Return the keys of the first part of a title; none if the title has one part."""
    first, *others = parting.split(title, maxsplit=1)
    keys = _keys(first) if others else ()
    return tuple(key for key in keys if len(key) >= MIN_SHORT)

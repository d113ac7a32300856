"""The most popular movies, kept in memory for the time when the engine does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from core import texts
from core.ports import MovieIndex
from core.types import Degradation, Filters, Hit, Movie, Page, SearchRequest, Sort

KEPT = 200
"""Movies that are kept, some 2 kB each."""
EVERY = 300.0
"""Seconds after which they are read again."""


@dataclass
class PopularMovies:
    """Popular movies of an index. Thread-safe."""

    index: MovieIndex
    clock: Callable[[], float] = time.monotonic
    _movies: tuple[Movie, ...] = field(default=(), init=False)
    _of: tuple[str, float] = field(default=("", float("-inf")), init=False)
    """The version that they were read from, and when."""

    def refresh(self) -> bool:
        """Read them if they are old or of another version; return whether the engine was asked.

        Raises:
            SearchUnavailable: the engine cannot answer; those that were read before are kept.
        """
        version, now = self.index.info().version, self.clock()
        if self._of[0] == version and now - self._of[1] < EVERY:
            return False
        self._movies = self.index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=KEPT).movies
        self._of = (version, now)
        return True

    def page(self, request: SearchRequest) -> Page | None:
        """Return those that meet the filters of a request, instead of its results; None if none were ever read."""
        if not self._movies:
            return None
        found = [movie for movie in self._movies if meets(movie, request.filters)]
        shown = found[request.offset : request.offset + request.size]
        hits = tuple(Hit(movie, score=0.0) for movie in shown)
        return Page(request, len(found), hits, {}, degraded=(Degradation.POPULAR,))


def meets(movie: Movie, filters: Filters) -> bool:
    """Return whether a movie certainly meets the filters; moods and providers are known to the engine alone."""
    unknown = bool(filters.moods or filters.clauses)
    return not unknown and _is_of(movie, filters) and _is_within(movie, filters)


def _is_of(movie: Movie, filters: Filters) -> bool:
    own = {texts.fold(genre) for genre in movie.genres}
    genres = [texts.fold(genre) in own for genre in filters.genres]
    return (
        (not genres or (all(genres) if filters.all_genres else any(genres)))
        and (not filters.language or movie.language == filters.language)
        and (not filters.person or texts.fold(filters.person) in map(texts.fold, movie.people))
    )


def _is_within(movie: Movie, filters: Filters) -> bool:
    bounds = (
        (movie.year, filters.year_from, filters.year_to),
        (movie.runtime, filters.runtime_min, filters.runtime_max),
        (movie.vote_count, filters.votes_min, filters.votes_max),
        (movie.vote_average, filters.rating_min, filters.rating_max),
    )
    return all(
        (least is None and most is None)
        or (value is not None and (least is None or value >= least) and (most is None or value <= most))
        for value, least, most in bounds
    )

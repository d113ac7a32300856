"""The published trending lists with their movies, for pages and API; cached for a few seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cachetools import TTLCache, cachedmethod

from core.errors import SearchUnavailable, StoreUnavailable
from core.trends import Origin, Trend, TrendList, Window
from core.types import Movie, MovieId
from data.database.stores.trends import TrendStore
from engine.catalogue.movies import Movies
from engine.trending import explanations

SECONDS = 5.0
"""Lifetime of a cached list: lists change every quarter of an hour, and a new index may be published in between."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrendingMovie:
    """A movie of a trending list with the sentence that explains it."""

    movie: Movie
    trend: Trend
    why: str


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """A trending list with its movies."""

    window: Window
    origin: Origin
    made_at: datetime | None
    """None if nothing was counted yet."""
    movies: tuple[TrendingMovie, ...]


class Trending:
    """The published trending lists. Thread-safe."""

    def __init__(self, trends: TrendStore, movies: Movies, timer: Callable[[], float] = time.monotonic) -> None:
        self._trends, self._movies = trends, movies
        self._cache: TTLCache[object, TrendingPage] = TTLCache(maxsize=len(Window), ttl=SECONDS, timer=timer)
        self._lock = threading.Lock()

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:
        """Return a list, without movies that were removed from the catalogue."""
        page = self._whole(window)
        return TrendingPage(page.window, page.origin, page.made_at, page.movies[:size])

    def popular(self) -> Mapping[MovieId, str]:
        """Return the movies trending today with their sentences, best first; empty if the list is from MovieLens.

        Never fails: lists that use it can do without.
        """
        try:
            page = self._whole(Window.DAY)
        except (StoreUnavailable, SearchUnavailable) as error:
            log.warning("cannot read the trending list: %s", error)
            return {}
        return {movie.movie.id: movie.why for movie in page.movies} if page.origin is Origin.EVENTS else {}

    @cachedmethod(lambda self: self._cache, lock=lambda self: self._lock)
    def _whole(self, window: Window) -> TrendingPage:
        published = self._trends.read(window)
        if published is None:
            return TrendingPage(window, Origin.EVENTS, None, ())
        return TrendingPage(window, published.origin, published.made_at, self._shown(published))

    def _shown(self, published: TrendList) -> tuple[TrendingMovie, ...]:
        movies = {movie.id: movie for movie in self._movies.many([trend.movie for trend in published.trends])}
        return tuple(
            TrendingMovie(
                movies[trend.movie], trend, explanations.why(trend, window=published.window, origin=published.origin)
            )
            for trend in published.trends
            if trend.movie in movies
        )

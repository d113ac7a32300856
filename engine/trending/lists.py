"""The published lists with their movies, for pages and API: remembered for some seconds, since every visitor asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import StoreUnavailable
from core.trends import Origin, Trend, TrendList, Window
from core.types import Movie, MovieId
from data.database.stores.trends import TrendStore
from engine.catalogue.movies import Movies
from engine.trending import explanations

SECONDS = 5.0
"""A list is remembered for so long: it changes every quarter of an hour, and a new index may come in between."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrendingMovie:
    """One movie of a trending list, with why it is there in words."""

    movie: Movie
    trend: Trend
    why: str


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """A trending list as people see it."""

    window: Window
    origin: Origin
    made_at: datetime | None
    """None: nothing was counted yet."""
    movies: tuple[TrendingMovie, ...]


@dataclass(frozen=True)
class Trending:
    """What many people turn to now."""

    trends: TrendStore
    movies: Movies
    timer: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _held: dict[Window, tuple[float, TrendingPage]] = field(default_factory=dict, init=False, repr=False)

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:
        """One list, movies that left the catalogue left out."""
        page = self._whole(window)
        return TrendingPage(page.window, page.origin, page.made_at, page.movies[:size])

    def popular(self) -> Mapping[MovieId, str]:
        """What this site's users turn to today and why it is listed, the most first; nothing where nobody does.

        Never fails: such lists do without.
        """
        try:
            page = self._whole(Window.DAY)
        except StoreUnavailable as error:
            log.warning("what is trending cannot be read: %s", error)
            return {}
        return {movie.movie.id: movie.why for movie in page.movies} if page.origin is Origin.EVENTS else {}

    def _whole(self, window: Window) -> TrendingPage:
        with self._lock:
            held = self._held.get(window)
        if held is not None and self.timer() - held[0] < SECONDS:
            return held[1]
        page = self._read(window)
        with self._lock:
            self._held[window] = (self.timer(), page)
        return page

    def _read(self, window: Window) -> TrendingPage:
        published = self.trends.read(window)
        if published is None:
            return TrendingPage(window, Origin.EVENTS, None, ())
        return TrendingPage(window, published.origin, published.made_at, self._shown(published))

    def _shown(self, published: TrendList) -> tuple[TrendingMovie, ...]:
        movies = {movie.id: movie for movie in self.movies.many([trend.movie for trend in published.trends])}
        return tuple(
            TrendingMovie(
                movies[trend.movie], trend, explanations.why(trend, window=published.window, origin=published.origin)
            )
            for trend in published.trends
            if trend.movie in movies
        )

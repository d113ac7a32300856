"""Completing the catalogue with stored answers of TMDB and OMDb before it is indexed.

TMDB adds posters, missing texts and translations; OMDb adds second plots.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from core.config import Settings
from core.enrichment.completion import completed
from core.enrichment.records import MAX_AGE, Entry, OmdbExtras, Source, TmdbExtras
from core.errors import StoreUnavailable
from core.types import Movie, MovieId
from data.catalogues import sources
from data.catalogues.report import Catalogue
from data.database.enrichment.entries import EnrichmentStore
from engine.clock import Clock, now

PLOT_SHARE = 0.95
"""Share of the movies with a second plot from which on they are indexed: no service has the plot of every movie."""


def complete(
    settings: Settings,
    catalogue: Catalogue,
    store: EnrichmentStore | None,
    *,
    say: Callable[[str], None],
    clock: Clock = now,
) -> Catalogue:
    """Return the catalogue with what TMDB and OMDb say about its movies, as far as their keys are set.

    An unreadable entry is left out, and an unreachable database is reported: enrichment is optional.
    """
    movies = list(catalogue.movies)
    try:
        for source in _used(settings) if store is not None else ():
            count = _complete(movies, store, source, since=clock() - MAX_AGE) if store is not None else 0
            say(f"{count:,} movies completed with data of {source.upper()}")
    except StoreUnavailable as error:
        say(f"the catalogue is indexed without data of other services: {error}")
        movies = list(catalogue.movies)
    return replace(catalogue, movies=_with_plots_of_all(movies, say))


def plots_suffice(settings: Settings, store: EnrichmentStore, movies: Collection[MovieId], clock: Clock = now) -> bool:
    """Whether OMDb's second plots of these movies are enough to be indexed."""
    known = set(movies)
    entries = store.found(Source.OMDB, since=clock() - MAX_AGE) if settings.omdb_key is not None else ()
    count = sum(entry.movie in known and bool((entry.payload or {}).get("plot")) for entry in entries)
    return count >= PLOT_SHARE * len(known) > 0


def _used(settings: Settings) -> list[Source]:
    keys = {Source.TMDB: settings.tmdb_key, Source.OMDB: settings.omdb_key}
    usable = {Source.OMDB} if sources.numbered_by_imdb(settings) else {*Source}
    return [source for source, key in keys.items() if key is not None and source in usable]


def _complete(movies: list[Movie], store: EnrichmentStore, source: Source, *, since: datetime) -> int:
    """Complete movies in place with the entries of a service; return how many changed."""
    places, count = {movie.id: place for place, movie in enumerate(movies)}, 0
    for entry in store.found(source, since=since):
        place = places.get(entry.movie)
        if place is not None:
            before, movies[place] = movies[place], _completed(movies[place], entry)
            count += movies[place] is not before
    return count


def _completed(movie: Movie, entry: Entry) -> Movie:
    try:
        if entry.source is Source.TMDB:
            return completed(movie, TmdbExtras.model_validate(entry.payload))
        plot = OmdbExtras.model_validate(entry.payload).plot
    except ValidationError:
        return movie
    return replace(movie, second_plot=plot) if plot and plot != movie.overview and not movie.second_plot else movie


def _with_plots_of_all(movies: Sequence[Movie], say: Callable[[str], None]) -> tuple[Movie, ...]:
    """Return the movies without second plots if too few have one.

    Movies with a second plot contain more words and another mix of meanings than those without: in one index, both
    kinds would not be comparable.
    """
    count = sum(bool(movie.second_plot) for movie in movies)
    if not count:
        return tuple(movies)
    if count >= PLOT_SHARE * len(movies):
        say(f"second plots of {count:,} movies are indexed")
        return tuple(movies)
    say(f"second plots are not indexed: {count:,} of {len(movies):,} movies have one, expected {PLOT_SHARE:.0%}")
    return tuple(replace(movie, second_plot="") for movie in movies)

"""Completing the catalogue with stored answers of TMDB before it is indexed: posters, missing texts, translations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from core.config import Settings
from core.enrichment.completion import completed
from core.enrichment.records import MAX_AGE, Source, TmdbExtras
from core.errors import StoreUnavailable
from data.catalogues import sources
from data.catalogues.report import Catalogue
from data.database.enrichment.entries import EnrichmentStore
from engine.clock import Clock, now


def complete(
    settings: Settings,
    catalogue: Catalogue,
    store: EnrichmentStore | None,
    *,
    say: Callable[[str], None],
    clock: Clock = now,
) -> Catalogue:
    """Return the catalogue with what TMDB says about its movies; unchanged without a key or without a database.

    An unreadable entry is left out, and an unreachable database is reported: enrichment is optional.
    """
    if store is None or settings.tmdb_key is None or sources.numbered_by_imdb(settings):
        return catalogue
    movies = list(catalogue.movies)
    places = {movie.id: place for place, movie in enumerate(movies)}
    count = 0
    try:
        for entry in store.found(Source.TMDB, since=clock() - MAX_AGE):
            place = places.get(entry.movie)
            if place is not None:
                movies[place] = completed(movies[place], _read(entry.payload))
                count += movies[place] is not catalogue.movies[place]
    except StoreUnavailable as error:
        say(f"the catalogue is indexed without TMDB's additions: {error}")
        return catalogue
    say(f"{count:,} movies completed with posters and texts of TMDB")
    return replace(catalogue, movies=tuple(movies))


def _read(payload: object) -> TmdbExtras | None:
    try:
        return TmdbExtras.model_validate(payload)
    except ValidationError:
        return None

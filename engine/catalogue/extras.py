"""What other services say about a movie, read from the database; a request never calls these services."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TypeVar

from pydantic import ValidationError

from core.config import Settings
from core.enrichment.records import MAX_AGE, Entry, EntryStatus, Extras, OmdbExtras, Record, Source, TmdbExtras
from core.errors import StoreUnavailable
from core.types import MovieId
from data.database.enrichment.entries import EnrichmentStore
from engine.clock import Clock, now

log = logging.getLogger(__name__)

AnyRecord = TypeVar("AnyRecord", bound=Record)


class MovieExtras:
    """The extras of single movies, of the services whose keys are set."""

    def __init__(self, store: EnrichmentStore, settings: Settings, *, clock: Clock = now) -> None:
        self._store, self._clock = store, clock
        keys = {Source.TMDB: settings.tmdb_key, Source.OMDB: settings.omdb_key}
        self._used = {source for source, key in keys.items() if key is not None}

    def of(self, movie: MovieId) -> Extras | None:
        """Return the extras of a movie; None if there are none or they cannot be read. Never fails."""
        if not self._used:
            return None
        try:
            entries = self._store.read(movie)
        except StoreUnavailable as error:
            log.warning("movie %s without extras: %s", movie, error)
            return None
        shown = {entry.source: entry for entry in entries if self._usable(entry)}
        extras = Extras(
            _read(shown.get(Source.TMDB), TmdbExtras),
            _read(shown.get(Source.OMDB), OmdbExtras),
        )
        return extras if extras.tmdb or extras.omdb else None

    def _usable(self, entry: Entry) -> bool:
        age: timedelta = self._clock() - entry.fetched_at
        return entry.source in self._used and entry.status is EntryStatus.FOUND and age < MAX_AGE


def _read(entry: Entry | None, kind: type[AnyRecord]) -> AnyRecord | None:
    if entry is None:
        return None
    try:
        return kind.model_validate(entry.payload or {})
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        log.error("unreadable %s entry of movie %s: %s", entry.source, entry.movie, fields)
        return None

"""Which movies a service has in a country, for the filter "available at"; read from what TMDB answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.config import Settings
from core.errors import StoreUnavailable
from core.types import Clause, Trait
from data.database.enrichment.entries import EnrichmentStore
from engine.clock import Clock, now

log = logging.getLogger(__name__)

MAX_PROVIDERS = 60
"""Most providers to choose from in a country, those with the most movies."""
MAX_MOVIES = 60_000
"""Most movies of a provider that a filter lists: Elasticsearch accepts 65,536 terms."""
COUNTED_FOR = timedelta(minutes=10)
"""How long the providers are remembered: they change once a night."""


@dataclass(frozen=True, slots=True)
class AvailableAt:
    """A provider in a country."""

    region: str
    """ISO 3166-1 code of the country."""
    provider: str
    movies: int
    """Number of movies that it has."""

    @property
    def value(self) -> str:
        """The value of the filter: `US:Netflix`."""
        return f"{self.region}:{self.provider}"


class Availability:
    """Providers in the countries of `MARQUEE_REGIONS`, if the key of TMDB is set. Without data there are none."""

    def __init__(self, store: EnrichmentStore, settings: Settings, *, clock: Clock = now) -> None:
        self._store, self._clock = store, clock
        self._regions = settings.regions if settings.tmdb_key is not None else ()
        self._counted: tuple[datetime, Sequence[AvailableAt]] | None = None
        self._lock = threading.Lock()

    def providers(self) -> Sequence[AvailableAt]:
        """Return the providers by country, in the order of the setting, and by name. Never fails."""
        if not self._regions:
            return ()
        with self._lock:
            if self._counted is None or self._clock() - self._counted[0] >= COUNTED_FOR:
                self._counted = self._clock(), self._count()
            return self._counted[1]

    def clause(self, value: str) -> Clause | None:
        """Return the condition that a movie is available at `US:Netflix`; None for an unknown provider.

        Raises `StoreUnavailable`.
        """
        found = next((one for one in self.providers() if one.value == value), None)
        if found is None:
            return None
        movies = self._store.available(found.region, found.provider, limit=MAX_MOVIES)
        return Clause(Trait.MOVIE, tuple(map(str, movies)))

    def _count(self) -> Sequence[AvailableAt]:
        try:
            counts = self._store.providers(self._regions)
        except StoreUnavailable as error:
            log.warning("no filter by provider: %s", error)
            return ()
        every = [AvailableAt(region, name, count) for (region, name), count in counts.items()]
        most = {
            region: sorted((one for one in every if one.region == region), key=lambda one: (-one.movies, one.provider))
            for region in self._regions
        }
        return [one for own in most.values() for one in sorted(own[:MAX_PROVIDERS], key=_by_name)]


def _by_name(one: AvailableAt) -> tuple[str, str]:
    return one.provider.casefold(), one.provider

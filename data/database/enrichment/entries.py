"""The store of enrichment: answers of other services about movies, with their age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from core.enrichment.records import Entry, EntryStatus, Freshness, Source
from core.types import MovieId
from data.database import upserts
from data.database.connections import Database
from data.database.enrichment.tables import movie_providers
from data.database.schema import AnyRow, enrichments, storable

_ENTRY = sa.select(enrichments)
_CHANGED = ("status", "fetched_at", "scope", "payload")
PORTION = 500
"""Entries in memory at once."""


class EnrichmentStore:
    """Stores one entry per movie and service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, entry: Entry) -> None:
        """Store an entry in place of the previous one."""
        row = {
            "movie": entry.movie,
            "source": entry.source.value,
            "status": entry.status.value,
            "fetched_at": entry.fetched_at,
            "scope": entry.scope,
            "payload": dict(entry.payload or {}),
        }
        with self._database.writing() as connection:
            insertion = upserts.insert(connection, enrichments).values(row)
            changed = {name: insertion.excluded[name] for name in _CHANGED}
            keys = [enrichments.c.movie, enrichments.c.source]
            connection.execute(insertion.on_conflict_do_update(index_elements=keys, set_=changed))
            if entry.source is Source.TMDB:
                _write_providers(connection, entry)

    def read(self, movie: MovieId) -> Sequence[Entry]:
        """Return the entries of a movie, at most one of each service."""
        with self._database.reading_public() as connection:
            rows = connection.execute(_ENTRY.where(enrichments.c.movie == movie)).all()
        return [_entry(row) for row in rows]

    def freshness(self, source: Source) -> dict[MovieId, Freshness]:
        """Return the age and the scope of each entry of a service."""
        columns = sa.select(
            enrichments.c.movie, enrichments.c.fetched_at, enrichments.c.scope, enrichments.c.status
        ).where(enrichments.c.source == source.value)
        with self._database.reading() as connection:
            return {
                MovieId(movie): Freshness(at, scope, EntryStatus(status))
                for movie, at, scope, status in connection.execute(columns)
            }

    def fetched_since(self, source: Source, at: datetime) -> int:
        """Return how many entries of a service were fetched since a point in time."""
        recent = enrichments.c.source == source.value, enrichments.c.fetched_at > at
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(*recent)) or 0

    def found(self, source: Source, *, since: datetime) -> Iterator[Entry]:
        """Yield the entries of a service with content fetched since a point in time, in the order of the ids."""
        last = 0
        kept = (
            enrichments.c.source == source.value,
            enrichments.c.status == EntryStatus.FOUND.value,
            enrichments.c.fetched_at > since,
        )
        while True:
            portion = _ENTRY.where(*kept, enrichments.c.movie > last).order_by(enrichments.c.movie).limit(PORTION)
            with self._database.reading() as connection:
                rows = connection.execute(portion).all()
            yield from map(_entry, rows)
            if len(rows) < PORTION:
                return
            last = rows[-1].movie

    def providers(self, regions: Iterable[str]) -> Mapping[tuple[str, str], int]:
        """Return how many movies each provider of some regions has, by region and name."""
        columns = (movie_providers.c.region, movie_providers.c.provider)
        counted = sa.select(*columns, sa.func.count()).where(movie_providers.c.region.in_(list(regions)))
        with self._database.reading_public() as connection:
            rows = connection.execute(counted.group_by(*columns)).all()
        return {(region, provider): count for region, provider, count in rows}

    def available(self, region: str, provider: str, *, limit: int) -> Sequence[MovieId]:
        """Return the movies that a provider has in a region, at most `limit`, in the order of the ids."""
        own = (movie_providers.c.region == region, movie_providers.c.provider == provider)
        found = sa.select(movie_providers.c.movie).where(*own).order_by(movie_providers.c.movie).limit(limit)
        with self._database.reading_public() as connection:
            return [MovieId(movie) for movie in connection.scalars(found)]

    def purge(self, *, before: datetime) -> int:
        """Delete entries fetched before a point in time; return their number."""
        with self._database.writing() as connection:
            outdated = enrichments.c.fetched_at < before
            movies = sa.select(enrichments.c.movie).where(enrichments.c.source == Source.TMDB.value, outdated)
            connection.execute(sa.delete(movie_providers).where(movie_providers.c.movie.in_(movies)))
            return connection.execute(sa.delete(enrichments).where(outdated)).rowcount


def _write_providers(connection: sa.Connection, entry: Entry) -> None:
    found = {
        (region, storable(provider["name"]))
        for region, providers in ((entry.payload or {}).get("providers") or {}).items()
        for provider in providers
        if provider.get("name")
    }
    connection.execute(sa.delete(movie_providers).where(movie_providers.c.movie == entry.movie))
    if found:
        rows = [{"region": region, "provider": name, "movie": entry.movie} for region, name in sorted(found)]
        connection.execute(sa.insert(movie_providers), rows)


def _entry(row: AnyRow) -> Entry:
    return Entry(
        MovieId(row.movie),
        Source(row.source),
        EntryStatus(row.status),
        row.fetched_at,
        row.scope,
        row.payload or None,
    )

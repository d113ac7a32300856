"""The job `enrich`: fetch what TMDB and OMDb say about movies, the new and prominent ones first.

Each answer is stored at once, so a run that ends early loses nothing, and the next one continues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from core.config import LANGUAGES, Settings, variable
from core.enrichment.records import (
    REFRESH_AFTER,
    Entry,
    EntryStatus,
    Freshness,
    Source,
)
from core.errors import Busy, NotFound, QuotaExhausted, ServiceUnavailable, UnexpectedAnswer
from core.jobs.job_catalogue import REFRESH
from core.jobs.runs import Kind, Parameter, Result, Work
from core.types import MAX_ID, Movie, MovieId
from data.catalogues import sources
from data.database.enrichment.entries import EnrichmentStore
from data.enrichment.client import Pacing
from data.enrichment.omdb import Omdb
from data.enrichment.tmdb import Tmdb
from data.exports import imdb_ids
from engine.catalogue import completion
from engine.clock import Clock
from engine.job_context import JobContext

DEFAULT_LIMIT = 20_000
"""Movies per service and run: about two hours with TMDB's usual response times."""
PARAMETERS: Mapping[str, Parameter] = MappingProxyType({
    "limit": Parameter("limit", Kind.WHOLE, 1, 1_000_000, DEFAULT_LIMIT, "maximum movies per service"),
    "movie": Parameter("movie", Kind.WHOLE, 0, MAX_ID, 0, "id of the only movie to fetch, whatever its age; 0: all"),
    "dry_run": Parameter("dry_run", Kind.SWITCH, None, None, False, "only count the movies that are due"),
})  # fmt: skip
MAX_FAILURES = 5
"""Movies that fail in a row before a service counts as down."""
INDEXED = {Source.TMDB: ("poster", "translations", "collection"), Source.OMDB: ("plot",)}
"""Fields of entries that the index contains; see `engine.catalogue.completion`."""
DAY = timedelta(days=1)
KEYS = ("tmdb_key", "omdb_key")
NO_KEY = f"nothing to do: neither {variable(KEYS[0])} nor {variable(KEYS[1])} is set"
LONGEST_FAULTS = 20
"""Failed movies that a run names in its log."""


@dataclass(frozen=True)
class Service:
    """One service, as a run uses it."""

    source: Source
    name: str
    fetch: Callable[[MovieId], BaseModel | None]
    scope: str
    due: Sequence[MovieId]


@dataclass
class Tally:
    """What a run did with one service."""

    due: int
    found: int = 0
    gone: int = 0
    failed: int = 0
    indexed: int = 0
    """Movies whose indexed texts or poster changed."""
    stopped: str = field(default="", kw_only=True)
    """Why the service was not asked about the rest; empty if it was."""

    def figures(self, source: Source) -> dict[str, Any]:
        """Return the figures of the run."""
        counts = {"due": self.due, "found": self.found, "gone": self.gone, "failed": self.failed}
        return {f"{source}_{name}": count for name, count in counts.items()}


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any], pacing: Pacing | None = None) -> Result:
    """Fetch and store what the configured services say about movies. Safe to repeat.

    Args:
        parameters: see `PARAMETERS`.
        pacing: the passing of time for requests, which tests replace.

    Raises:
        InvalidSettings: a service rejects its key.
        ServiceUnavailable: a service is down; what it answered before is stored.
        NotFound: the movie that was asked for is not in the catalogue.
        DataError, StoreUnavailable, Cancelled: what was fetched before is stored.
    """
    settings = context.settings
    why_not = NO_KEY if not settings.enriched else f"{variable('offline')} is set" if settings.offline else ""
    if why_not:
        work.say(why_not)
        return Result({"used": False})
    chosen = {name: parameter.default for name, parameter in PARAMETERS.items()} | dict(parameters)
    movies = _movies(settings, work, only=MovieId(chosen["movie"]))
    figures: dict[str, Any] = {"used": True}
    down, changed = "", 0
    for make in (_tmdb, _omdb):
        planned = make(context, movies, chosen, pacing)
        if planned is None:
            continue
        service, close = planned
        try:
            tally = _plan(service, work) if chosen["dry_run"] else _fetch(service, context, work)
        finally:
            close()
        figures |= tally.figures(service.source)
        work.note(figures)
        down = down or tally.stopped
        if service.source is Source.TMDB or _plots_count(context, movies, chosen, tally):
            changed += tally.indexed
    _queue_build(context, work, changed)
    if down:
        raise ServiceUnavailable(f"{down}; answers until then are stored, and the next run continues")
    return Result(figures)


def due(
    movies: Sequence[MovieId], known: Mapping[MovieId, Freshness], *, scope: str, at: datetime, limit: int
) -> list[MovieId]:
    """Return the movies to fetch: those without an entry in the given order, then outdated entries, oldest first."""
    missing = [movie for movie in movies if movie not in known]
    outdated = [
        movie
        for movie in movies
        if movie in known and (known[movie].scope != scope or known[movie].fetched_at <= at - REFRESH_AFTER)
    ]
    outdated.sort(key=lambda movie: known[movie].fetched_at)
    return [*missing, *outdated][:limit]


def _movies(settings: Settings, work: Work, *, only: MovieId) -> list[MovieId]:
    """Return the ids of the catalogue, the most voted first."""
    found: Sequence[Movie] = sources.load(settings, progress=work.say).movies
    if only:
        if not any(movie.id == only for movie in found):
            raise NotFound(f"no movie has the id {only} in this catalogue")
        return [only]
    return [movie.id for movie in sorted(found, key=lambda movie: (-movie.vote_count, movie.id))]


Planned = tuple[Service, Callable[[], None]] | None


def _tmdb(context: JobContext, movies: Sequence[MovieId], chosen: Mapping[str, Any], pacing: Pacing | None) -> Planned:
    settings = context.settings
    if settings.tmdb_key is None or sources.numbered_by_imdb(settings):
        return None
    client = Tmdb(settings, pacing=pacing)
    scope = ",".join((*settings.regions, *LANGUAGES))
    planned = _due(context, Source.TMDB, movies, chosen, scope=scope)
    return Service(Source.TMDB, "TMDB", client.fetch, scope, planned), client.close


def _omdb(context: JobContext, movies: Sequence[MovieId], chosen: Mapping[str, Any], pacing: Pacing | None) -> Planned:
    settings, store = context.settings, context.stores.enrichments
    if settings.omdb_key is None:
        return None
    client = Omdb(settings, pacing=pacing)
    ids = _imdb_ids(settings, store, movies, since=context.clock() - 2 * REFRESH_AFTER)
    left = settings.omdb_per_day - store.fetched_since(Source.OMDB, context.clock() - DAY)
    limited = {**chosen, "limit": max(0, min(chosen["limit"], left))}
    planned = _due(context, Source.OMDB, [movie for movie in movies if movie in ids], limited, scope="")
    return Service(Source.OMDB, "OMDb", lambda movie: client.fetch(ids[movie]), "", planned), client.close


def _due(
    context: JobContext, source: Source, movies: Sequence[MovieId], chosen: Mapping[str, Any], *, scope: str
) -> list[MovieId]:
    known = {} if chosen["movie"] else context.stores.enrichments.freshness(source)
    return due(movies, known, scope=scope, at=context.clock(), limit=chosen["limit"])


def _imdb_ids(
    settings: Settings, store: EnrichmentStore, movies: Sequence[MovieId], *, since: datetime
) -> dict[MovieId, str]:
    """Return the IMDb ids of movies: those that TMDB named, otherwise those of MovieLens' links or an id map."""
    if sources.numbered_by_imdb(settings):
        return {movie: _imdb_id(movie) for movie in movies}
    linked = imdb_ids.read(settings).ids
    found = {movie: _imdb_id(min(linked[movie])) for movie in movies if movie in linked}
    for entry in store.found(Source.TMDB, since=since):
        named = (entry.payload or {}).get("imdb_id", "")
        if named:
            found[entry.movie] = named
    return found


def _imdb_id(number: int) -> str:
    return f"tt{number:07d}"


def _plan(service: Service, work: Work) -> Tally:
    work.say(f"{service.name}: {len(service.due):,} movies are due")
    return Tally(len(service.due))


def _fetch(service: Service, context: JobContext, work: Work) -> Tally:
    """Fetch and store the movies that are due; failed ones are left to the next run."""
    tally, in_a_row = Tally(len(service.due)), 0
    for done, movie in enumerate(service.due, start=1):
        work.check()
        try:
            status, changed = _fetch_one(service, movie, context.stores.enrichments, context.clock)
        except QuotaExhausted as error:
            work.say(f"{error}; the next run continues")
            break
        except ServiceUnavailable as error:
            tally.failed += 1
            in_a_row += not isinstance(error, UnexpectedAnswer)
            if tally.failed <= LONGEST_FAULTS:
                work.say(f"movie {movie}: {error}")
            if in_a_row >= min(MAX_FAILURES, tally.due):
                tally.stopped = str(error)
                break
        else:
            in_a_row = 0
            tally.indexed += changed
            tally.found += status is EntryStatus.FOUND
            tally.gone += status is EntryStatus.GONE
        work.step(service.name, done, len(service.due))
    work.say(
        f"{service.name}: {tally.due:,} movies were due, {tally.found:,} found, {tally.gone:,} unknown there, "
        f"{tally.failed:,} failed"
    )
    return tally


def _fetch_one(service: Service, movie: MovieId, store: EnrichmentStore, clock: Clock) -> tuple[EntryStatus, bool]:
    """Fetch and store a movie; return what was found, and whether something changed that the index contains."""
    found = service.fetch(movie)
    status = EntryStatus.GONE if found is None else EntryStatus.FOUND
    payload = None if found is None else found.model_dump(mode="json", exclude_defaults=True)
    before = next((entry.payload for entry in store.read(movie) if entry.source is service.source), None)
    store.write(Entry(movie, service.source, status, clock(), service.scope, payload))
    return status, _indexed(service.source, before) != _indexed(service.source, payload)


def _indexed(source: Source, payload: Mapping[str, Any] | None) -> list[Any]:
    """Return the part of an entry that the index contains."""
    return [(payload or {}).get(name) for name in INDEXED[source]]


def _plots_count(context: JobContext, movies: Sequence[MovieId], chosen: Mapping[str, Any], tally: Tally) -> bool:
    """Whether second plots that changed belong into the index, because almost all movies have one."""
    if chosen["movie"] or not tally.indexed:
        return False
    return completion.plots_suffice(context.settings, context.stores.enrichments, movies, context.clock)


def _queue_build(context: JobContext, work: Work, changed: int) -> None:
    """Queue a build of the index if posters or texts changed, so that searches and lists show them too."""
    if not changed:
        return
    work.say(f"queueing a build of the index: {changed:,} movies have other posters or texts")
    try:
        context.stores.jobs.enqueue(REFRESH, parameters={"anyway": True}, by=None, at=context.clock())
    except Busy as busy:
        work.say(str(busy))

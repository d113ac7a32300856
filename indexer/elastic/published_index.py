"""The published version: readers follow the alias."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from core.errors import IndexMissing, SearchUnavailable
from core.ports import Candidates, FactorMatches, IndexInfo, Listing, Question, Vectors
from core.types import Correction, Filters, Movie, MovieId, Sort, Suggestion
from indexer import schema
from indexer.elastic import mapping, slots
from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection
from indexer.elastic.version import ElasticVersion

LOOK_EVERY = 1.0
"""Seconds between two checks of the alias and of the `_meta` of its index."""

log = logging.getLogger(__name__)

T = TypeVar("T")


class ElasticIndex:
    """A `MovieIndex` that follows publications; each call is answered by a single version."""

    def __init__(self, connection: Connection, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._clock = clock
        self._looking = threading.Lock()
        self._version: ElasticVersion | None = None
        self._looked = float("-inf")
        self._lost = False
        """Whether the cluster could not be asked last time; each outage is logged once."""

    def info(self) -> IndexInfo:
        """Return the metadata of the published version."""
        return self._current().info()

    def candidates(self, question: Question) -> Candidates:
        """See `ElasticVersion.candidates`."""
        return self._ask(lambda version: version.candidates(question))

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """See `ElasticVersion.listing`."""
        return self._ask(lambda version: version.listing(filters, sort=sort, offset=offset, size=size))

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """See `ElasticVersion.movies`."""
        return self._ask(lambda version: version.movies(ids))

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """See `ElasticVersion.vectors`."""
        return self._ask(lambda version: version.vectors(ids, multilingual=multilingual))

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """See `ElasticVersion.moods`."""
        return self._ask(lambda version: version.moods(ids))

    def attachment(self, name: str) -> bytes:
        """See `ElasticVersion.attachment`."""
        return self._ask(lambda version: version.attachment(name))

    def factors_version(self) -> str:
        """See `ElasticVersion.factors_version`."""
        return self._current().factors_version()

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """See `ElasticVersion.search_by_factors`."""
        return self._ask(
            lambda version: version.search_by_factors(
                vector, model=model, filters=filters, without=without, depth=depth
            )
        )

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """See `ElasticVersion.suggest`."""
        return self._ask(lambda version: version.suggest(text, limit=limit))

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """See `ElasticVersion.correct`."""
        return self._ask(lambda version: version.correct(words))

    def _ask(self, call: Callable[[ElasticVersion], T]) -> T:
        version = self._current()
        try:
            return call(version)
        except IndexMissing:
            # Two builds within a second prune the version known here; the alias points to the current one.
            newer = self._current(at_once=True)
            if newer is version:
                raise
            return call(newer)

    def _current(self, *, at_once: bool = False) -> ElasticVersion:
        """Return the published version; the one known last while the cluster cannot be asked."""
        version = self._version
        if version is None or at_once:
            return self._keep(self._look(version))
        # One thread looks, the others go on with the known version: nobody waits for another thread's call.
        if self._clock() - self._looked < LOOK_EVERY or not self._looking.acquire(blocking=False):
            return version
        try:
            return self._keep(self._look_or_keep(version))
        finally:
            self._looking.release()

    def _keep(self, version: ElasticVersion) -> ElasticVersion:
        self._version, self._looked = version, self._clock()
        return version

    def _look_or_keep(self, known: ElasticVersion) -> ElasticVersion:
        try:
            found = self._look(known)
        except IndexMissing:
            raise
        except SearchUnavailable as error:
            if not self._lost:
                log.error("keeping index %s: %s", known.index, error)
            self._lost = True
            return known
        self._lost = False
        return found

    def _look(self, known: ElasticVersion | None) -> ElasticVersion:
        index, meta = read_one(self._connection, self._connection.context.alias)
        if known is None or known.index != index:
            return load(self._connection, index, meta)
        stored = slots.read(meta)
        return known if known.stored == stored else known.with_factors(stored)


def read_one(connection: Connection, name: str) -> tuple[str, Mapping[str, Any]]:
    """Return the index that `name` (an alias or an index) stands for, and its `_meta`.

    Raises:
        IndexMissing: it does not exist.
    """
    found = read_metas(connection, name)
    if len(found) != 1:
        raise errors.missing(connection.context)
    return next(iter(found.items()))


def read_metas(connection: Connection, pattern: str) -> dict[str, Mapping[str, Any]]:
    """Return the `_meta` of every index that matches `pattern`."""
    with errors.translated(connection.context):
        answer = connection.attempt(
            lambda client, _: client.indices.get_mapping(index=pattern, filter_path="*.mappings._meta")
        )
    return {index: found["mappings"]["_meta"] for index, found in answer.body.items()}


def load(connection: Connection, index: str, meta: Mapping[str, Any]) -> ElasticVersion:
    """Open an index for reading.

    Raises:
        IndexMissing: it was not built by Marquee, or has another schema revision.
    """
    try:
        info, layout = mapping.read_meta(meta)
        stored = slots.read(meta)
    except (KeyError, TypeError) as error:
        raise IndexMissing(f"the index {index} was not built by Marquee; {errors.BUILD}") from error
    if info.schema != schema.REVISION:
        raise IndexMissing(
            f"the index {index} has schema revision {info.schema}, expected {schema.REVISION}; {errors.BUILD}"
        )
    layout = dataclasses.replace(layout, effort=connection.effort)
    return ElasticVersion(connection, index, info=info, layout=layout, stored=stored)

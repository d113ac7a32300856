"""An index that repeats what it answered before while its engine is unavailable."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
from cachetools import LRUCache

from core.errors import EncoderMismatch, FactorsMissing, IndexMissing, SearchUnavailable
from core.ports import Candidates, FactorMatches, IndexInfo, Listing, MovieIndex, Question, Vectors
from core.types import Correction, Degradation, Filters, Movie, MovieId, Sort, Suggestion
from engine.search.resilience import degradation

MOVIES = 20_000
"""Movies to remember, 2 kB each: a whole catalogue of this size, or those of many pages."""
VECTORS = 5_000
"""Movies whose vectors and moods are remembered, 2 kB each."""
ANSWERS = 500
"""Searches and lists to remember, up to 60 kB each."""
PERMANENT = (IndexMissing, EncoderMismatch, FactorsMissing)
"""Failures that are not outages."""

Answer = TypeVar("Answer")


class RememberedIndex:
    """A `MovieIndex` around another one, for an engine on another machine. Thread-safe.

    What is remembered belongs to the published version and is forgotten when another one is published. Suggestions and
    corrections, which nobody misses for a minute, are empty during an outage; lists by factors are computed in the
    process.
    """

    def __init__(self, index: MovieIndex) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._version = ""
        self._movies: LRUCache[MovieId, Movie] = LRUCache(MOVIES)
        self._rows: LRUCache[Hashable, Vectors] = LRUCache(VECTORS)
        self._answers: LRUCache[Hashable, Any] = LRUCache(ANSWERS)

    def info(self) -> IndexInfo:
        """Return the metadata of the published version."""
        info = self._index.info()
        if info.version != self._version:
            with self._lock:
                self._version = info.version
                for memory in (self._movies, self._rows, self._answers):
                    memory.clear()
        return info

    def candidates(self, question: Question) -> Candidates:
        """See `MovieIndex.candidates`."""
        return self._answer(_key(question), lambda: self._index.candidates(question))

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """See `MovieIndex.listing`."""
        found = self._answer(
            ("listing", filters, sort, offset, size),
            lambda: self._index.listing(filters, sort=sort, offset=offset, size=size),
        )
        self._keep_movies(found.movies)
        return found

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return movies; during an outage, those that are remembered, if any are."""
        self.info()  # forgets what belongs to another version
        found = _ask(lambda: self._index.movies(ids), otherwise=lambda: self._known_movies(ids))
        self._keep_movies(found)
        return found

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """See `MovieIndex.vectors`."""
        key = "multilingual" if multilingual else "vectors"
        return self._by_movie(key, ids, lambda: self._index.vectors(ids, multilingual=multilingual))

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """See `MovieIndex.moods`."""
        return self._by_movie("moods", ids, lambda: self._index.moods(ids))

    def attachment(self, name: str) -> bytes:
        """See `MovieIndex.attachment`."""
        return self._index.attachment(name)

    def factors_version(self) -> str:
        """See `MovieIndex.factors_version`."""
        return self._index.factors_version()

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """See `MovieIndex.search_by_factors`. Raises `FactorsMissing` during an outage too."""
        try:
            return self._index.search_by_factors(vector, model=model, filters=filters, without=without, depth=depth)
        except PERMANENT:
            raise
        except SearchUnavailable as error:
            raise FactorsMissing(str(error)) from error

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """See `MovieIndex.suggest`."""
        return _ask(lambda: list(self._index.suggest(text, limit=limit)), otherwise=list)

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """See `MovieIndex.correct`."""
        return _ask(lambda: self._index.correct(words), otherwise=dict)

    def _answer(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        self.info()
        found: Answer = _ask(ask, otherwise=lambda: self._known_answer(key))
        with self._lock:
            self._answers[key] = found
        return found

    def _known_answer(self, key: Hashable) -> Any:  # noqa: ANN401 - an answer to the same question
        with self._lock:
            return self._answers.get(key)

    def _by_movie(self, kind: str, ids: Sequence[MovieId], ask: Callable[[], Vectors]) -> Vectors:
        self.info()
        found = _ask(ask, otherwise=lambda: self._known_rows(kind, ids))
        with self._lock:
            self._rows.update({(kind, movie): row for movie, row in zip(ids, found, strict=True)})
        return found

    def _known_rows(self, kind: str, ids: Sequence[MovieId]) -> Vectors | None:
        with self._lock:
            known = [self._rows.get((kind, movie)) for movie in ids]
        rows = [row for row in known if row is not None]
        return np.stack(rows) if rows and len(rows) == len(ids) else None

    def _known_movies(self, ids: Sequence[MovieId]) -> list[Movie] | None:
        with self._lock:
            return [self._movies[movie] for movie in ids if movie in self._movies] or None

    def _keep_movies(self, movies: Sequence[Movie]) -> None:
        with self._lock:
            self._movies.update({movie.id: movie for movie in movies})


def _ask(ask: Callable[[], Answer], *, otherwise: Callable[[], Answer | None]) -> Answer:
    """Return the answer of the engine; during an outage, what is known, unless that is None."""
    try:
        return ask()
    except PERMANENT:
        raise
    except SearchUnavailable:
        known = otherwise()
        if known is None:
            raise
        degradation.note(Degradation.CACHED)
        return known


def _key(question: Question) -> Hashable:
    vector = None if question.vector is None else question.vector.tobytes()
    return (dataclasses.replace(question, vector=None), vector)

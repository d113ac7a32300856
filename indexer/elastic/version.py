"""One version in Elasticsearch, for reading."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from elastic_transport import ObjectApiResponse
from elasticsearch import Elasticsearch

from core.errors import FactorsMissing, InvalidRequest, NotFound
from core.ports import Candidates, FactorMatches, IndexInfo, Listing, Question, Vectors
from core.types import Correction, Filters, Movie, MovieId, Sort, Suggestion
from indexer import attachments, documents, factors, queries
from indexer.analysis import traits
from indexer.conditions import Body
from indexer.elastic import answers, blobs, mapping, names, slots
from indexer.elastic.answers import Answer, Facts
from indexer.elastic.cluster import errors
from indexer.elastic.cluster.client import Connection
from indexer.elastic.recent import Recent
from indexer.elastic.slots import StoredFactors
from indexer.names import suggestions, vocabulary
from indexer.names.suggestions import Name, Typed
from indexer.names.vocabulary import Vocabulary
from indexer.queries import Layout
from indexer.vectors import spaces

CACHED_MOVIES = 10_000
"""Cached movies, about 6 kB each."""
FACTS_KEPT = 20_000
"""Cached facts of movies, about 2 kB each with their terms: fetching them with every search doubled its time."""

# `status` is returned for every search, so that responses keep the order of the questions even if empty.
_WANTED = ("status", "error", "hits.total", "hits.hits._score", "hits.hits.fields", "hits.hits.matched_queries")
_WANTED_TOO = ("aggregations.*.buckets",)


class ElasticVersion:
    """A `MovieIndex` over one index. Except for its factors it never changes, so everything read is cached."""

    def __init__(
        self,
        connection: Connection,
        index: str,
        *,
        info: IndexInfo,
        layout: Layout,
        stored: StoredFactors | None = None,
    ) -> None:
        self.index = index
        self._connection = connection
        self._info = info
        self._layout = layout
        self.stored = stored
        self._movies: Recent[Movie] = Recent(CACHED_MOVIES)
        self._facts: Recent[Facts] = Recent(FACTS_KEPT)
        self._names: Recent[tuple[Name, ...]] = Recent(CACHED_MOVIES)

    def with_factors(self, stored: StoredFactors | None) -> ElasticVersion:
        """Return the same version with other factors, sharing its caches."""
        other = copy.copy(self)
        other.stored = stored
        return other

    def info(self) -> IndexInfo:
        """Return the metadata of the version."""
        return self._info

    def candidates(self, question: Question) -> Candidates:
        """Search in one round trip; another for the scores of movies by order, and one for facts not cached yet."""
        documents.check_question(question, self._info)
        question = replace(question, filters=traits.visible(question.filters, self._info))
        found = self._search(queries.candidates(question, self._layout), of=question.words)
        if best := [movie for movie, _ in answers.read_hits(found.get("merit", {}))]:
            found |= self._search(queries.scores(question, self._layout, best), of=question.words)
        scores = answers.read_scores(found)
        facts = self._facts.read(scores.ids, self._fetch_facts)
        return answers.read_candidates(scores, facts, moods=len(self._info.moods))

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """Return a slice of the movies that meet `filters`, with exact counts.

        Raises:
            InvalidRequest: the slice ends after the last hit that Elasticsearch returns.
        """
        if offset + size > queries.WINDOW:
            raise InvalidRequest({"page": f"results end at rank {queries.WINDOW}; refine the search instead"})
        filters = traits.visible(filters, self._info)
        answer = self._one(queries.listing(filters, sort=sort, offset=offset, size=size))
        ids = [MovieId(movie) for movie, _ in answers.read_hits(answer)]
        total = answer["hits"]["total"]["value"]
        return Listing(movies=tuple(self.movies(ids)), total=total, facets=answers.read_facets(answer))

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return the movies of `ids` in that order, reading those not cached in one round trip."""
        movies = self._movies.read(ids, self._fetch_movies)
        return [movies[movie] for movie in ids if movie in movies]

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """Return the vectors of `ids`, in one round trip per `queries.WINDOW` of them."""
        spaces.check(self._info, multilingual=multilingual)
        field = queries.MULTILINGUAL if multilingual else queries.VECTOR
        dimension = mapping.vector_fields(self._info)[field]
        found: dict[int, list[float]] = {}
        for chunk in _chunks(list(dict.fromkeys(ids))):
            found |= answers.read_vectors(self._one(queries.vectors(chunk, field=field)), field=field)
        if lost := [movie for movie in ids if movie not in found]:
            raise NotFound(f"no movie has the id {lost[0]}")
        return np.array([found[movie] for movie in ids], dtype=np.float32).reshape(len(ids), dimension)

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """Return the mood scores of `ids`, reading those not cached in one round trip."""
        facts = self._facts.read(ids, self._fetch_facts)
        if lost := [movie for movie in ids if movie not in facts]:
            raise NotFound(f"no movie has the id {lost[0]}")
        rows = [facts[movie].moods for movie in ids]
        return np.array(rows, dtype=np.float32).reshape(len(ids), len(self._info.moods))

    def attachment(self, name: str) -> bytes:
        """Return a blob, in one round trip per part."""
        return blobs.read(self._connection, self.index, name)

    def factors_version(self) -> str:
        """Return the model version of the factors in the index when it was last checked."""
        return self.stored.model if self.stored is not None else ""

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """Return the movies with the greatest inner product, at most `queries.WINDOW`, in one round trip."""
        stored = self.stored
        if stored is None or stored.model != model:
            present = f"factors of the model {stored.model!r}" if stored is not None else "no factors"
            raise FactorsMissing(f"the index {self.index} has {present}, not those of {model!r}")
        user = queries.User(
            slots.pad(factors.check_user(vector, stored.dimension)), stored.field, stored.mark, stored.run
        )
        filters = traits.visible(filters, self._info)
        wanted = min(depth, queries.WINDOW)
        # One more than requested shows whether movies just below the cut tie: then ids decide, so these have to be
        # known too.
        k = min(wanted + 1, queries.WINDOW)
        while wanted > 0:
            body = queries.search_by_factors(user, self._layout, filters=filters, without=without, k=k)
            movies, scores = answers.read_factor_matches(self._search({"factors": body}, of=stored.run)["factors"])
            if len(scores) < k or k >= queries.WINDOW or scores[-1] < scores[wanted - 1]:
                return factors.rank(movies, scores, depth=wanted)
            k = min(2 * k, queries.WINDOW)
        return factors.rank(np.zeros(0, np.int64), np.zeros(0, np.float32), depth=0)

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """Return the names of the most popular matching movies, ranked as in the embedded engine."""
        typed = Typed.of(text[: queries.LONGEST])
        if not typed.spellings or limit < 1:
            return []
        hits = self._search(queries.suggestions(typed), of=typed.text)
        ids = dict.fromkeys(movie for answer in hits.values() for movie, _ in answers.read_hits(answer))
        found = self._names.read(ids, self._make_names)
        return names.choose((name for movie in found.values() for name in movie), text[: queries.LONGEST], limit=limit)

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """Return corrections for words that no movie contains; the vocabulary is read once."""
        return self._vocabulary.correct(words)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return vocabulary.read(self.attachment(attachments.SPELLING))

    def _fetch_facts(self, ids: list[int]) -> dict[int, Facts]:
        facts: dict[int, Facts] = {}
        for chunk in _chunks(ids):
            facts |= answers.read_facts(self._one(queries.facts(chunk)))
        return facts

    def _fetch_movies(self, ids: list[int]) -> dict[int, Movie]:
        with errors.translated(self._connection.context):
            wanted = [str(movie) for movie in ids]
            answer = self._connection.attempt(
                lambda client, preference: client.mget(
                    index=self.index,
                    ids=wanted,
                    preference=preference or None,
                    filter_path="docs.error,docs._source.film",
                )
            )
        found = [doc for doc in answer.body.get("docs", ()) if doc]
        for fault in (doc["error"] for doc in found if "error" in doc):
            raise errors.from_answer(404, {"error": fault}, self._connection.context)
        movies = [documents.from_plain(doc["_source"]["film"]) for doc in found]
        return {movie.id: movie for movie in movies}

    def _make_names(self, ids: list[int]) -> Mapping[int, tuple[Name, ...]]:
        return {movie.id: tuple(suggestions.names(movie)) for movie in self.movies([MovieId(movie) for movie in ids])}

    def _one(self, body: Body) -> Answer:
        return self._search({"only": body}, of="")["only"]

    def _search(self, bodies: Mapping[str, Body], *, of: str) -> dict[str, Answer]:
        """Send several searches in one round trip.

        Args:
            bodies: the searches, by name.
            of: what the searches have in common; equal texts are answered by the same copy of a shard, so that the
                lists of a question are consistent and pages neither repeat nor skip movies.
        """
        header: dict[str, Any] = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}
        usual = f"text-{zlib.crc32(of.encode())}"
        wanted = ",".join(f"responses.{path}" for path in (*_WANTED, *_WANTED_TOO))
        if not bodies:
            return {}

        def call(client: Elasticsearch, preference: str) -> ObjectApiResponse[Any]:
            head = {**header, "preference": preference or usual}
            lines = [line for body in bodies.values() for line in (head, body)]
            return client.msearch(index=self.index, searches=lines, filter_path=wanted)

        with errors.translated(self._connection.context):
            answer = self._connection.attempt(call)
        found = dict(zip(bodies, answer.body.get("responses", ()), strict=True))
        for part in found.values():
            if "error" in part:
                raise errors.from_answer(part["status"], part, self._connection.context)
        return found


def _chunks(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + queries.WINDOW] for start in range(0, len(ids), queries.WINDOW)]

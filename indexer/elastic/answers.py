"""Conversion of Elasticsearch's responses to records. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates, Vectors
from core.types import Facets, FacetValue
from indexer import queries
from indexer.elastic import mapping

Answer = Mapping[str, Any]
"""The response to one search."""


_LISTS = ("near", "worded", "titled", "named", "merit")
"""Searches whose hits have name clauses."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The data that candidates carry in addition to their scores; fields as in `core.ports.Candidates`."""

    year: int
    vote_count: int
    vote_average: float
    popularity: float
    genres: tuple[str, ...]
    language: str
    runtime: int
    moods: Vectors
    """float32, (n_moods,)."""
    terms: bytes
    neighbours: tuple[int, ...]


@dataclass(slots=True)
class Scores:
    """The scores of a question's candidates, by movie id."""

    cosine: dict[int, float] = field(default_factory=dict)
    words: dict[int, float] = field(default_factory=dict)
    match: dict[int, int] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    """The union of the lists, ascending."""
    words_best: float = 0.0


def read_scores(answers: Mapping[str, Answer]) -> Scores:
    """Collect the scores from the responses to `queries.candidates`."""
    lists = {name: read_hits(answer) for name, answer in answers.items()}
    named = dict.fromkeys(movie for name in ("titled", "named") for movie in _ids(lists.get(name, ())))
    kept = set(list(named)[: queries.MAX_NAMED])
    scores = Scores(ids=sorted(kept.union(*(_ids(lists.get(name, ())) for name in ("near", "worded", "merit")))))
    for name in ("near", "worded_near", "titled_near", "named_near", "merit_near"):
        scores.cosine |= {movie: _cosine(hit) for movie, hit in lists.get(name, ()) if hit["_score"] > 0}
    for name in ("near_words", "worded", "titled", "named", "merit_words"):
        scores.words |= {movie: hit["_score"] for movie, hit in lists.get(name, ())}
    for name in _LISTS:
        scores.match |= {movie: sum(map(int, hit.get("matched_queries", ()))) for movie, hit in lists.get(name, ())}
    best = lists.get("best", lists.get("worded", ()))
    scores.words_best = float(best[0][1]["_score"]) if best else 0.0
    return scores


def read_candidates(scores: Scores, facts: Mapping[int, Facts], *, moods: int) -> Candidates:
    """Combine scores and facts, one entry per movie, ordered by id. Movies without facts are gone, and dropped."""
    ids = [movie for movie in scores.ids if movie in facts]
    own = [facts[movie] for movie in ids]
    return Candidates(
        ids=np.array(ids, dtype=np.int64),
        words=np.array([scores.words.get(movie, 0.0) for movie in ids], dtype=np.float32),
        cosine=np.array([scores.cosine.get(movie, np.nan) for movie in ids], dtype=np.float32),
        match=np.array([scores.match.get(movie, 0) for movie in ids], dtype=np.int8),
        words_best=scores.words_best,
        year=np.array([movie.year for movie in own], dtype=np.int16),
        vote_count=np.array([movie.vote_count for movie in own], dtype=np.int32),
        vote_average=np.array([movie.vote_average for movie in own], dtype=np.float32),
        popularity=np.array([movie.popularity for movie in own], dtype=np.float32),
        genres=[movie.genres for movie in own],
        languages=[movie.language for movie in own],
        runtime=np.array([movie.runtime for movie in own], dtype=np.int32),
        moods=np.array([movie.moods for movie in own], dtype=np.float32).reshape(len(own), moods),
        terms=[movie.terms for movie in own],
        neighbours=_same_length([movie.neighbours for movie in own]),
    )


def read_facts(answer: Answer) -> dict[int, Facts]:
    """Read the response to `queries.facts`."""
    return {movie: _facts(hit["fields"]) for movie, hit in read_hits(answer)}


def read_vectors(answer: Answer, *, field: str = queries.VECTOR) -> dict[int, list[float]]:
    """Read the response to `queries.vectors`."""
    return {movie: hit["fields"][field][0] for movie, hit in read_hits(answer)}


def read_factor_matches(answer: Answer) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return movies and inner products of the response to `queries.search_by_factors`, both (n,), in its order."""
    hits = read_hits(answer)
    products = [_inner_product(float(hit["_score"])) for _, hit in hits]
    return np.array([movie for movie, _ in hits], dtype=np.int64), np.array(products, dtype=np.float32)


def read_facets(answer: Answer) -> Facets:
    """Return the facets of the response to `queries.listing`."""
    return {name: _values(facet["buckets"]) for name, facet in answer["aggregations"].items()}


def read_hits(answer: Answer) -> Sequence[tuple[int, Mapping[str, Any]]]:
    """Return the hits of a response with their movie ids, in order."""
    return [(hit["fields"]["id"][0], hit) for hit in answer.get("hits", {}).get("hits", ())]


def _ids(hits: Iterable[tuple[int, object]]) -> Iterable[int]:
    return (movie for movie, _ in hits)


def _cosine(hit: Mapping[str, Any]) -> float:
    """Convert Elasticsearch's score of a unit vector, (1 + cosine) / 2, to the cosine."""
    return 2.0 * float(hit["_score"]) - 1.0


def _inner_product(score: float) -> float:
    """Convert a Lucene score to the inner product p: scores are p + 1, or 1 / (1 - p) for negative products.

    See `VectorUtil.scaleMaxInnerProductScore` in Lucene.
    """
    return score - 1.0 if score >= 1.0 else 1.0 - 1.0 / score


def _facts(columns: Mapping[str, list[Any]]) -> Facts:
    one = {name: values[0] for name, values in columns.items()}
    return Facts(
        year=one.get("year", 0),
        vote_count=one["vote_count"],
        vote_average=one.get("vote_average", float("nan")),
        popularity=one["popularity"],
        genres=tuple(filter(None, one["genre_list"].split("\n"))),
        language=one.get("language", ""),
        runtime=one.get("runtime", 0),
        moods=mapping.unpack(one["mood_scores"]),
        terms=base64.b64decode(one.get("terms", "")),
        neighbours=mapping.unpack_ids(one.get("neighbours", "")),
    )


def _same_length(rows: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
    """Return the rows as a matrix, padded with 0."""
    width = max(map(len, rows), default=0)
    return np.array([(*row, *(0,) * (width - len(row))) for row in rows], np.int64).reshape(len(rows), width)


def _values(buckets: Iterable[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    ranked = sorted(
        ((bucket["key"], bucket["doc_count"]) for bucket in buckets), key=lambda value: (-value[1], value[0])
    )
    return tuple(FacetValue(value, count) for value, count in ranked if value)

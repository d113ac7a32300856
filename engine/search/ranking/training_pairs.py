"""Training pairs for the ranking: queries with known target movies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError
from core.ports import Vectors
from core.types import QueryKind, SearchRequest
from engine.search import intent
from engine.search.ranking import fit, fusion, reranker
from engine.search.ranking.fit import Example
from engine.search.search import Search


@dataclass(frozen=True, slots=True)
class Pair:
    """A search text and the TMDB id of its target movie."""

    query: str
    movie: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A pair with its training example.

    Attributes:
        recalling: whether the text describes what somebody remembers of the movie.
        post: whether the text is ranked by the model for posts.
        short: whether the text is ranked by the model for short texts.
        example: the features of its candidates.
    """

    pair: Pair
    recalling: bool
    post: bool
    short: bool
    example: Example


def read(file: Path) -> list[Pair]:
    """Read pairs from JSON lines with `query` and `tmdb_id`; other fields are ignored.

    Raises:
        DataError: names the file, the line and what is wrong with it.
    """
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error
    return [_pair(line, f"{file}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]


def lessons(search: Search, pairs: Iterable[Pair], *, vectors: Sequence[Vectors] | None = None) -> Iterator[Lesson]:
    """Run each query and yield the features of its candidates; queries that name movies or people are skipped.

    Args:
        vectors: query vectors to use instead of the encoder's, one per pair.
    """
    for at, pair in enumerate(pairs):
        read_query = intent.read(pair.query)
        lesson = _lesson(search, pair, read_query, None if vectors is None else vectors[at])
        if lesson is not None:
            yield lesson


def _lesson(search: Search, pair: Pair, read_query: intent.Intent, vector: Vectors | None) -> Lesson | None:
    question = search.question(SearchRequest(pair.query), read_query, vector=vector)
    candidates = search.index.candidates(question)
    if fusion.kind_of(candidates) is not QueryKind.DESCRIPTION or not candidates.terms:
        return None
    fused = fusion.fuse(
        candidates,
        weights=fusion.WEIGHTS[QueryKind.DESCRIPTION],
        mean_cosine=search.mean_cosine(question.vector),
        years=read_query.years,
    )
    query = reranker.QueryFeatures.of(pair.query, read_query)
    example = fit.example(pair.movie, query, reranker.Scored(candidates, fused))
    return Lesson(pair, read_query.recalling, read_query.post, query.short and not read_query.post, example)


def _pair(line: str, place: str) -> Pair:
    try:
        row = json.loads(line)
        query, movie = row["query"], row["tmdb_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{place}: expected a JSON object with `query` and `tmdb_id` ({error})") from error
    if not isinstance(query, str) or not query.strip():
        raise DataError(f"{place}: query: expected non-empty text, got {query!r}")
    if isinstance(movie, bool) or not isinstance(movie, int):
        raise DataError(f"{place}: tmdb_id: expected a whole number, got {movie!r}")
    return Pair(query, movie)

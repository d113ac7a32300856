"""A small catalogue with terms and neighbours and its candidates for a query, for tests of the ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ports import Candidates
from core.types import Movie, MovieId, QueryKind
from engine.search import intent
from engine.search.ranking import fusion
from engine.search.ranking.reranker import FEATURES, Model, QueryFeatures, Scored
from indexer.analysis import terms
from tests.engine.search.ranking import candidates

WORDS = "robot island sails captain empty harbour clown letter garden winter painter mirror".split()
COUNT = 40


def _movie(movie: int) -> Movie:
    rng = np.random.default_rng(movie)
    plot = " ".join(rng.choice(WORDS, size=6))
    return Movie(MovieId(movie), f"Movie {movie}", overview=plot, genres=("Comedy",) if movie % 3 else ("Drama",))


MOVIES = tuple(_movie(movie) for movie in range(1, COUNT + 1))


def _terms() -> list[bytes]:
    counted = [terms.count(movie) for movie in MOVIES]
    weighing = terms.Weighing.of(counted)
    return [weighing.weigh(counts) for counts in counted]


TERMS = tuple(_terms())


def scored(kept: Sequence[int] | None = None, *, seed: int = 0, with_terms: bool = True) -> Scored:
    """Return candidates with made-up scores; `kept` are the ids left by a filter."""
    rng = np.random.default_rng(seed)
    words, cosine = rng.uniform(0, 9, COUNT), rng.uniform(-0.1, 0.7, COUNT)
    chosen = [movie - 1 for movie in (kept if kept is not None else range(1, COUNT + 1))]
    found: Candidates = candidates.make(
        ids=[movie + 1 for movie in chosen],
        words=words[chosen].tolist(),
        cosine=cosine[chosen].tolist(),
        words_best=float(words.max()),
        year=[1980 + movie for movie in chosen],
        votes=[100 * movie for movie in chosen],
        genres=[MOVIES[movie].genres for movie in chosen],
        runtime=[80 + movie for movie in chosen],
        terms=[TERMS[movie] for movie in chosen] if with_terms else (),
        neighbours=[[(movie + step) % COUNT + 1 for step in (1, 2, 3)] for movie in chosen],
    )
    weights = fusion.WEIGHTS[QueryKind.DESCRIPTION]
    return Scored(found, fusion.fuse(found, weights=weights, mean_cosine=0.1))


def query(text: str) -> QueryFeatures:
    """Return the query features of a text."""
    return QueryFeatures.of(text, intent.read(text))


def model(**weights: float) -> Model:
    """Return a model with the named weights; all others are 0."""
    row = np.array([weights.get(name, 0.0) for name in FEATURES])
    return Model(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), row)

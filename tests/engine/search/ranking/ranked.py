"""A small catalogue with terms and neighbours, and its candidates for a query, for tests of the ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ports import Candidates
from core.types import Movie, MovieId, QueryKind
from engine.search import intent
from engine.search.ranking import fusion
from engine.search.ranking.reranker import FEATURES, Asked, Model, Scored
from indexer import terms
from tests.engine.search.ranking import candidates

WORDS = "robot island sails captain empty harbour clown letter garden winter painter mirror".split()
COUNT = 40


def _movie(film: int) -> Movie:
    rng = np.random.default_rng(film)
    told = " ".join(rng.choice(WORDS, size=6))
    return Movie(MovieId(film), f"Movie {film}", overview=told, genres=("Comedy",) if film % 3 else ("Drama",))


MOVIES = tuple(_movie(film) for film in range(1, COUNT + 1))


def _terms() -> list[bytes]:
    counted = [terms.count(movie) for movie in MOVIES]
    weighing = terms.Weighing.of(counted)
    return [weighing.weigh(counts) for counts in counted]


TERMS = tuple(_terms())


def scored(kept: Sequence[int] | None = None, *, seed: int = 0, with_terms: bool = True) -> Scored:
    """Candidates with made-up scores; `kept` are the ids that a filter leaves."""
    rng = np.random.default_rng(seed)
    words, cosine = rng.uniform(0, 9, COUNT), rng.uniform(-0.1, 0.7, COUNT)
    chosen = [film - 1 for film in (kept if kept is not None else range(1, COUNT + 1))]
    found: Candidates = candidates.make(
        ids=[film + 1 for film in chosen],
        words=words[chosen].tolist(),
        cosine=cosine[chosen].tolist(),
        words_best=float(words.max()),
        year=[1980 + film for film in chosen],
        votes=[100 * film for film in chosen],
        genres=[MOVIES[film].genres for film in chosen],
        runtime=[80 + film for film in chosen],
        terms=[TERMS[film] for film in chosen] if with_terms else (),
        neighbours=[[(film + step) % COUNT + 1 for step in (1, 2, 3)] for film in chosen],
    )
    weights = fusion.WEIGHTS[QueryKind.DESCRIPTION]
    return Scored(found, fusion.fuse(found, weights=weights, mean_cosine=0.1))


def asked(text: str) -> Asked:
    """The reading of a text."""
    return Asked.of(text, intent.read(text))


def model(**weights: float) -> Model:
    """A model with the named weights, 0 elsewhere."""
    row = np.array([weights.get(name, 0.0) for name in FEATURES])
    return Model(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), row)

"""Chooses the weights of similar movies on the tuning half of the judged pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.similar.measure import NEAREST, SIZE
from benchmarks.similar.pairs import Judged
from core.ports import Vectors
from core.types import Movie
from engine.recommender.model import Recommender
from engine.recommender.similarity.similar_movies import taste_of
from indexer.names import series
from indexer.related.features import NAMES, Features
from indexer.related.weights import CHOSEN

MOST = {
    "makers": 0.4,
    "cast": 0.3,
    "keywords": 0.6,
    "genres": 0.5,
    "era": 0.4,
    "prominence": 0.6,
    "tone": 0.2,
    "taste": 0.8,
}
"""The greatest weight tried of each feature, relative to meaning."""
MIN_PLOTS = 0.5
"""Share of the nearest plots that lists must have: pairs that come to people's minds are of well-known movies, so that
without this condition popularity gets most of the weight."""
UNLIKE = 1.0
"""How much a pair judged unlike counts against one judged alike."""


@dataclass(frozen=True)
class Case:
    """A judged movie with the features of all movies: float32, (n, n_features + 1), taste last."""

    judged: Judged
    features: NDArray[np.float32]
    alike: NDArray[np.intp]
    unlike: NDArray[np.intp]
    near: NDArray[np.intp]
    others: NDArray[np.bool_]
    """The movies that compete: without the movie itself and its series, which have their own places."""


def tune(
    movies: Sequence[Movie], vectors: Vectors, judged: Sequence[Judged], model: Recommender, *, draws: int
) -> list[tuple[float, dict[str, float], dict[str, float]]]:
    """Return the five best of `draws` random weights and those in use: objective, weights, figures."""
    cases = list(_cases(movies, vectors, [one for one in judged if one.tuning], model))
    names = (*NAMES, "taste")
    chance = np.random.default_rng(0)
    drawn = [np.array([1.0, *(chance.uniform(0, MOST[name]) for name in names[1:])]) for _ in range(draws)]
    used = np.array([*CHOSEN.content, CHOSEN.taste])
    found = []
    for weights in (used, *drawn):
        figures = _figures(cases, weights.astype(np.float32))
        value = figures["alike"] - UNLIKE * figures["unlike"]
        ratio = dict(zip(names, (weights / weights[0]).round(2).tolist(), strict=True))
        found.append((value if figures["plots"] >= MIN_PLOTS else value - 1, ratio, figures))
    return [found[0], *sorted(found[1:], key=lambda one: -one[0])[:5]]


def _cases(movies: Sequence[Movie], vectors: Vectors, judged: Sequence[Judged], model: Recommender) -> list[Case]:
    features = Features(movies, vectors)
    ids = np.array([movie.id for movie in movies], np.int64)
    rows = {int(movie): row for row, movie in enumerate(ids.tolist())}
    groups = series.find(movies)
    names = np.array([groups.get(movie.id, "") for movie in movies])
    cases = []
    for one in judged:
        row = rows[one.movie]
        taste = taste_of(model, one.movie, ids)
        last = np.zeros(len(ids), np.float32) if taste is None else taste.astype(np.float32)
        block = np.column_stack([features.block(np.array([row]))[0], last])
        others = (ids != one.movie) & ((names != names[row]) | (names == ""))
        near = np.argsort(np.where(others, -block[:, 0], np.inf))[:NEAREST]
        alike, unlike = (
            np.array([rows[movie] for movie in own if others[rows[movie]]], np.intp) for own in (one.alike, one.unlike)
        )
        cases.append(Case(one, block, alike, unlike, near, others))
    return cases


def _figures(cases: Sequence[Case], weights: NDArray[np.float32]) -> dict[str, float]:
    shares: dict[str, list[float]] = {"alike": [], "unlike": [], "plots": []}
    for case in cases:
        scores = np.where(case.others, case.features @ weights, -np.inf)
        best = set(np.argpartition(-scores, SIZE)[:SIZE].tolist())
        for name, wanted in (("alike", case.alike), ("unlike", case.unlike), ("plots", case.near)):
            if len(wanted):
                shares[name].append(len(best & set(wanted.tolist())) / len(wanted))
    return {name: float(np.mean(values)) for name, values in shares.items()}

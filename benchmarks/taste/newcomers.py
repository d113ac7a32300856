"""Lists for new users after 1, 2, 3, 5, 10 and 20 ratings, compared with popularity; and movies without ratings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste.datasets import Dataset
from core.config import Settings
from core.recommendations.records import Floats
from core.recommendations.scores import PRIOR_MEAN, bayesian_mean
from core.types import Movie
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import als, content, interactions
from engine.training.evaluation import metrics, ranking
from engine.training.evaluation.ranking import Case
from engine.training.evaluation.splits import Split
from engine.training.fit import cold_start
from engine.training.fit.components import World
from engine.training.fit.local_fit import FitConfig

MOVIES = (1, 2, 3, 5, 10, 20)
HIDDEN = 0.2
"""The share of the trained movies whose factors are predicted by the map."""
PLAIN_RIDGE = 1.0
"""Suits `plain`."""
VOTES_SCALE, MEAN_SCALE = 0.1, 0.3
"""Scale both figures of `plain` to ten times the size of a vector's entries, so that one ridge suits all."""


def curve(model: Recommender, cases: Sequence[Case], *, seed: int) -> dict[str, dict[str, list[float]]]:
    """Return NDCG@10 of each user by history length, with the blend and with popularity alone."""
    enough = [case for case in cases if len(case.history) >= max(MOVIES)]
    popular = [ranking.best(model.popularity, case.known) for case in enough]
    found: dict[str, dict[str, list[float]]] = {
        "popularity": {"0": ranking.collect(popular, enough).ndcg().tolist()},
        "blend": {},
        "ALS alone": {},
    }
    for movies in MOVIES:
        short = [ranking.shortened(case, movies, seed=seed + place) for place, case in enumerate(enough)]
        blended = ranking.rank(lambda history: model.blend(history).total, short)
        alone = ranking.rank(model.als.scores, short)
        found["blend"][str(movies)] = blended.ndcg().tolist()
        found["ALS alone"][str(movies)] = alone.ndcg().tolist()
    return found


def summary(curves: Sequence[dict[str, dict[str, list[float]]]]) -> dict[str, dict[str, Any]]:
    """Return means over all seeds with their intervals."""
    result: dict[str, dict[str, Any]] = {}
    for name in curves[0]:
        result[name] = {}
        for movies in curves[0][name]:
            values = np.concatenate([one[name][movies] for one in curves])
            result[name][movies] = {"mean": float(values.mean()), "interval": metrics.interval(values)}
    return result


def cold_movies(dataset: Dataset, split: Split, settings: Settings, *, seed: int) -> dict[str, float]:
    """Evaluate mapped factors: a fifth of the movies is hidden from training and ranked among themselves.

    The liked movies of each user among the hidden ones should come before the other hidden movies.
    """
    world = dataset.world
    known = interactions.learnable(
        split.train, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )
    movies = np.unique(known.movies)
    hidden = np.sort(np.random.default_rng(seed).choice(movies, int(len(movies) * HIDDEN), replace=False))
    seen = known.select(~np.isin(known.movies, hidden))
    model = als.fit(seen, FitConfig().als)
    counts = np.bincount(id_index.find(world.ids, seen.movies), minlength=len(world.ids)).astype(np.float64)
    mapped, _ = cold_start.complete(model, world.ids, world.features, counts)
    narrow, _ = cold_start.complete(model, world.ids, plain(world.movies, world.vectors), counts, ridge=PLAIN_RIDGE)
    whole = als.fit(known, FitConfig().als)
    rows, own = id_index.find(world.ids, hidden), id_index.find(whole.movies, hidden)
    cases = _cases(split, hidden)
    votes = np.array([world.movies[int(row)].vote_count for row in rows], np.float32)
    described = content.Content(hidden, world.vectors[rows])
    return {
        "films": len(hidden),
        "viewers": len(cases),
        "r2": explained(whole.factors[own], _aligned(model, whole, mapped.factors[rows])),
        "ndcg mapped": _ndcg(mapped.factors[rows], mapped, cases),
        "ndcg mapped by description and votes": _ndcg(narrow.factors[rows], narrow, cases),
        "ndcg content": _content(described, world, cases),
        "ndcg votes": float(ranking.rank(lambda _history: votes, cases).ndcg().mean()),
        "ndcg learned": _ndcg(whole.factors[own], whole, cases),
        "ndcg chance": float(ranking.rank(_chance(len(hidden), seed), cases).ndcg().mean()),
    }


def plain(movies: Sequence[Movie], vectors: Floats) -> NDArray[np.float64]:
    """Return description vector, votes and their mean, as a reference for wider features: float64, (n, dim + 2)."""
    count = np.array([movie.vote_count for movie in movies], np.float64)
    average = np.array([np.nan if movie.vote_average is None else movie.vote_average for movie in movies])
    figures = (VOTES_SCALE * np.log1p(count), MEAN_SCALE * (bayesian_mean(average, count) - PRIOR_MEAN))
    return np.column_stack((vectors.astype(np.float64), *figures))


def explained(actual: Floats, mapped: Floats) -> float:
    """Return R² over all factors: the share of their variance that the map explains."""
    spread = float(((actual - actual.mean(axis=0)) ** 2).sum())
    return 1 - float(((actual - mapped) ** 2).sum()) / spread if spread else 0.0


def _cases(split: Split, hidden: np.ndarray) -> list[Case]:
    """Return users with hidden movies to find, given everything else in training; all hidden movies compete."""
    known = split.train.select(~np.isin(split.train.movies, hidden))
    return ranking.cases(Split(known, interactions.within(split.test, hidden)), hidden)


def _aligned(model: als.Als, whole: als.Als, mapped: np.ndarray) -> np.ndarray:
    """Rotate the space of the first model into that of the second by the movies that both know."""
    shared = np.intersect1d(model.movies, whole.movies)
    left = model.factors[id_index.find(model.movies, shared)].astype(np.float64)
    right = whole.factors[id_index.find(whole.movies, shared)].astype(np.float64)
    u, _, v = np.linalg.svd(left.T @ right)
    return np.asarray(mapped @ (u @ v), np.float32)


def _ndcg(factors: np.ndarray, model: als.Als, cases: Sequence[Case]) -> float:
    return float(ranking.rank(lambda history: factors @ model.user_vector(history), cases).ndcg().mean())


def _content(described: content.Content, world: World, cases: Sequence[Case]) -> float:
    every = content.Content(world.ids, world.vectors)
    rows = id_index.find(world.ids, described.movies)
    return float(ranking.rank(lambda history: every.scores(history)[rows], cases).ndcg().mean())


def _chance(movies: int, seed: int) -> ranking.Score:
    draw = np.random.default_rng(seed)
    return lambda _history: draw.random(movies, np.float32)

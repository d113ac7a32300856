"""Full ranking of held-out movies: against all movies that the user does not know, without sampling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from core.users import LIKED_STARS
from engine.recommender import id_index
from engine.training.evaluation import metrics
from engine.training.evaluation.splits import Split

DEPTH = 20
"""Evaluated length of a list: the deepest metric is recall@20."""
TOP = 10

Score = Callable[[History], Floats]
"""Returns float32, (n_movies,): a model's scores; NaN where it cannot score."""


@dataclass(frozen=True, slots=True)
class Case:
    """A test user.

    Attributes:
        history: the history that the model is given.
        known: intp, rows of movies that may not be shown.
        liked: intp, rows of the held-out movies that the user liked; at least one.
    """

    history: History
    known: NDArray[np.intp]
    liked: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The lists of one model.

    Attributes:
        lists: intp, (n_cases, DEPTH), rows of movies, best first.
        hits: bool, (n_cases, DEPTH).
        relevant: int64, (n_cases,).
    """

    lists: NDArray[np.intp]
    hits: NDArray[np.bool_]
    relevant: NDArray[np.int64]

    def ndcg(self) -> NDArray[np.float64]:
        """Return float64, (n_cases,): NDCG@10 of each user."""
        return metrics.ndcg(self.hits[:, :TOP], self.relevant)


def cases(split: Split, movies: Ids) -> list[Case]:
    """Return the users of a split who have a history and held-out movies among `movies` that they liked."""
    train, held = split.train.histories(), split.test.select(split.test.stars >= LIKED_STARS).histories()
    found = []
    for history, liked in zip(train, held, strict=True):
        wanted = _among(movies, liked.movies)
        if len(history) and len(wanted):
            found.append(Case(history, _among(movies, history.movies), wanted))
    return found


def shortened(case: Case, movies: int, *, seed: int) -> Case:
    """Return the case with a random part of the history; the other movies of the history are not shown either."""
    if len(case.history) <= movies:
        return case
    rows = np.sort(np.random.default_rng(seed).choice(len(case.history), movies, replace=False))
    history = History(case.history.movies[rows], case.history.weights[rows], case.history.stars[rows])
    return Case(history, case.known, case.liked)


def rank(score: Score, asked: Sequence[Case]) -> Ranking:
    """Return the lists of a model. Movies that it cannot score come last, by row."""
    return collect([best(score(case.history), case.known) for case in asked], asked)


def best(scores: Floats, known: NDArray[np.intp], *, depth: int = DEPTH) -> NDArray[np.intp]:
    """Return intp, (depth,): rows of the greatest scores, known movies after all others; ties by row."""
    left = np.nan_to_num(scores.astype(np.float64), nan=-1e30)
    left[known] = -np.inf
    depth = min(depth, len(left))
    bound = np.partition(left, -depth)[-depth]
    likely = np.flatnonzero(left >= bound)
    return likely[np.argsort(-left[likely], kind="stable")][:depth]


def collect(lists: Sequence[NDArray[np.intp]], asked: Sequence[Case]) -> Ranking:
    """Combine lists with the relevance of their movies."""
    stacked = np.stack(lists)
    hits = np.stack([np.isin(shown, case.liked) for shown, case in zip(lists, asked, strict=True)])
    return Ranking(stacked, hits, np.array([len(case.liked) for case in asked], np.int64))


def _among(movies: Ids, wanted: Ids) -> NDArray[np.intp]:
    found = id_index.find(movies, wanted)
    return found[found >= 0]

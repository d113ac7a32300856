"""Full ranking of held-out movies: every movie that the user does not know yet competes, none is sampled."""

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
"""Movies of a list that are looked at: the deepest figure is recall@20."""
TOP = 10

Score = Callable[[History], Floats]
"""float32, (n_movies,): a model's scores; NaN where it cannot score."""


@dataclass(frozen=True, slots=True)
class Case:
    """One user who is judged.

    Attributes:
        history: what the model is told.
        known: intp, places of movies that may not be shown.
        liked: intp, places of the held-out movies that the user liked; at least one.
    """

    history: History
    known: NDArray[np.intp]
    liked: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The lists of one model.

    Attributes:
        lists: intp, (n_cases, DEPTH), places of movies, best first.
        hits: bool, (n_cases, DEPTH).
        relevant: int64, (n_cases,).
    """

    lists: NDArray[np.intp]
    hits: NDArray[np.bool_]
    relevant: NDArray[np.int64]

    def ndcg(self) -> NDArray[np.float64]:
        """float64, (n_cases,): NDCG@10 of each user."""
        return metrics.ndcg(self.hits[:, :TOP], self.relevant)


def cases(split: Split, movies: Ids) -> list[Case]:
    """The users of a split who have something to go by and something to find among `movies`."""
    told, held = split.train.histories(), split.test.select(split.test.stars >= LIKED_STARS).histories()
    found = []
    for history, liked in zip(told, held, strict=True):
        wanted = _among(movies, liked.movies)
        if len(history) and len(wanted):
            found.append(Case(history, _among(movies, history.movies), wanted))
    return found


def shortened(case: Case, movies: int, *, seed: int) -> Case:
    """The same user when only some movies of the history had been spoken of; the others are not shown either."""
    if len(case.history) <= movies:
        return case
    rows = np.sort(np.random.default_rng(seed).choice(len(case.history), movies, replace=False))
    told = History(case.history.movies[rows], case.history.weights[rows], case.history.stars[rows])
    return Case(told, case.known, case.liked)


def rank(score: Score, asked: Sequence[Case]) -> Ranking:
    """The lists that a model gives. Movies that it cannot score come last, by place."""
    return collect([best(score(case.history), case.known) for case in asked], asked)


def best(scores: Floats, known: NDArray[np.intp], *, depth: int = DEPTH) -> NDArray[np.intp]:
    """intp, (depth,): places of the greatest scores, known movies after all others; ties by place."""
    left = np.nan_to_num(scores.astype(np.float64), nan=-1e30)
    left[known] = -np.inf
    depth = min(depth, len(left))
    bound = np.partition(left, -depth)[-depth]
    likely = np.flatnonzero(left >= bound)
    return likely[np.argsort(-left[likely], kind="stable")][:depth]


def collect(lists: Sequence[NDArray[np.intp]], asked: Sequence[Case]) -> Ranking:
    """Lists with what of them is relevant."""
    stacked = np.stack(lists)
    hits = np.stack([np.isin(shown, case.liked) for shown, case in zip(lists, asked, strict=True)])
    return Ranking(stacked, hits, np.array([len(case.liked) for case in asked], np.int64))


def _among(movies: Ids, wanted: Ids) -> NDArray[np.intp]:
    found = id_index.find(movies, wanted)
    return found[found >= 0]

"""Evaluation of the network after an epoch: NDCG@10 on held-out movies of users' histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import History, Ids, RankingModel
from engine.recommender.models.interactions import Interactions
from engine.training.evaluation import metrics

TOP = 10
MAX_USERS = 400
"""Validation users: enough to resolve .01, few enough to take a fraction of a second."""
MIN_MOVIES = 5
"""Users with fewer movies have none held out: all are needed for training."""
LIKED = 1.0
"""Weight of a relevant movie: four stars."""


@dataclass(frozen=True)
class Judge:
    """Validation users with their histories and relevant movies; may be empty."""

    cases: Sequence[tuple[History, Ids]]

    def ndcg(self, model: RankingModel) -> float | None:
        """Return the mean over all users, ranking all movies outside the history; None without users."""
        if not self.cases:
            return None
        hits = np.stack([np.isin(_best(model, history), liked) for history, liked in self.cases])
        return float(metrics.ndcg(hits, np.array([len(liked) for _, liked in self.cases])).mean())


def hold_out(interactions: Interactions, *, share: float, draw: np.random.Generator) -> NDArray[np.bool_]:
    """Return bool, (n,): a random share of the interactions of each user with enough movies."""
    counts = np.bincount(interactions.users, minlength=len(interactions.names))
    chance = draw.random(len(interactions))
    return np.asarray((chance < share) & (counts[interactions.users] >= MIN_MOVIES))


def of(interactions: Interactions, held: NDArray[np.bool_]) -> Judge:
    """Return a judge by the liked movies among those held out; an even sample if there are too many users."""
    histories = interactions.select(~held).histories()
    liked = interactions.select(held & (interactions.weights >= LIKED)).histories()
    cases = [
        (history, wanted.movies)
        for history, wanted in zip(histories, liked, strict=True)
        if len(history) and len(wanted)
    ]
    chosen = np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)
    return Judge([cases[place] for place in chosen.tolist()])


def _best(model: RankingModel, history: History) -> Ids:
    """Return int64, (TOP,): the best movies outside the history; padded with -1."""
    scores = model.scores(history)
    scores[np.isin(model.movies, history.movies)] = -np.inf
    likely = np.argpartition(-scores, min(TOP, len(scores)) - 1)[:TOP]
    best = likely[np.argsort(-scores[likely], kind="stable")]
    found = np.full(TOP, -1, np.int64)
    found[: len(best)] = np.where(np.isfinite(scores[best]), model.movies[best], -1)
    return found

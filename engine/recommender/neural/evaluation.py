"""How good the network is after an epoch: NDCG@10 on movies that were held out of every user's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import History, Ids, Scorer
from engine.recommender.models.interactions import Interactions
from engine.training.evaluation import metrics

TOP = 10
MAX_USERS = 400
"""Users that an epoch is judged by: enough to tell .01 apart, few enough for a fraction of a second."""
MIN_MOVIES = 5
"""Whoever spoke of fewer movies keeps them all: each one is needed to learn from."""
LIKED = 1.0
"""Weight from which a movie is one to be found: four stars."""


@dataclass(frozen=True)
class Judge:
    """Users with what is told of them and what is to be found; may be nobody."""

    cases: Sequence[tuple[History, Ids]]

    def ndcg(self, model: Scorer) -> float | None:
        """The mean over all users, every movie that is not told competing; None where there is nobody."""
        if not self.cases:
            return None
        hits = np.stack([np.isin(_best(model, told), liked) for told, liked in self.cases])
        return float(metrics.ndcg(hits, np.array([len(liked) for _, liked in self.cases])).mean())


def hold_out(interactions: Interactions, *, share: float, draw: np.random.Generator) -> NDArray[np.bool_]:
    """bool, (n,): a share of what each user with some movies spoke of."""
    counts = np.bincount(interactions.users, minlength=len(interactions.names))
    chance = draw.random(len(interactions))
    return np.asarray((chance < share) & (counts[interactions.users] >= MIN_MOVIES))


def of(interactions: Interactions, held: NDArray[np.bool_]) -> Judge:
    """Judges by the liked movies among those held out; spreads out over the users where there are too many."""
    told = interactions.select(~held).histories()
    liked = interactions.select(held & (interactions.weights >= LIKED)).histories()
    cases = [
        (history, wanted.movies) for history, wanted in zip(told, liked, strict=True) if len(history) and len(wanted)
    ]
    chosen = np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)
    return Judge([cases[place] for place in chosen.tolist()])


def _best(model: Scorer, told: History) -> Ids:
    """int64, (TOP,): the movies that come first and are not told; -1 fills up where there are too few."""
    scores = model.scores(told)
    scores[np.isin(model.movies, told.movies)] = -np.inf
    likely = np.argpartition(-scores, min(TOP, len(scores)) - 1)[:TOP]
    best = likely[np.argsort(-scores[likely], kind="stable")]
    found = np.full(TOP, -1, np.int64)
    found[: len(best)] = np.where(np.isfinite(scores[best]), model.movies[best], -1)
    return found

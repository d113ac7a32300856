"""Early stopping: end ALS when its ranking of held-out movies has not improved for some epochs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.recommender.models.als import Als, ALSConfig, Epoch
from engine.training.checkpoints import Checkpoint
from engine.training.evaluation import ranking
from engine.training.evaluation.ranking import Case

MAX_USERS = 300
"""Validation users per epoch: evaluating them takes .2 seconds."""
VALUES, BEST = "epochs", "best"


class Stopping:
    """Evaluates the epochs of a fit; the values are stored in the checkpoint."""

    def __init__(self, cases: Sequence[Case], config: ALSConfig, *, patience: int, checkpoint: Checkpoint) -> None:
        few = np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)
        self._cases, self._config, self._checkpoint = [cases[place] for place in few], config, checkpoint
        self._patience = patience if self._cases else 0

    @property
    def values(self) -> list[float]:
        """NDCG@10 on validation after each epoch."""
        return list(self._checkpoint.get(VALUES, []))

    @property
    def over(self) -> bool:
        """Whether the fit should stop."""
        values = self.values
        return bool(self._patience and values and len(values) - 1 - int(np.argmax(values)) >= self._patience)

    def goes_on(self, epoch: Epoch) -> bool:
        """Evaluate an epoch, unless it was evaluated before an interruption; return whether to continue."""
        if not self._patience:
            return True
        if len(epoch.losses) <= len(self.values):
            return not self.over
        value = self._value(epoch)
        if value > max(self.values, default=-1.0):
            self._checkpoint.keep_epoch(BEST, epoch)
        self._checkpoint.append(VALUES, round(value, 5))
        return not self.over

    def best(self, last: Als) -> tuple[Als, int]:
        """Return the factors and the number of the best epoch; the last one's without early stopping."""
        kept = self._checkpoint.epoch(BEST) if self._patience else None
        if kept is None:
            return last, self._config.iterations
        return Als(last.movies, kept.movie_factors, last.learned, last.alpha, last.regularization), len(kept.losses)

    def _value(self, epoch: Epoch) -> float:
        learned = np.ones(len(epoch.movies), np.bool_)
        model = Als(epoch.movies, epoch.movie_factors, learned, self._config.alpha, self._config.regularization)
        return float(ranking.rank(model.scores, self._cases).ndcg().mean())

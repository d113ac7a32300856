"""Early stopping: ALS ends once its lists of held-out movies have not become better for some epochs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.recommender.models.als import Als, ALSConfig, Epoch
from engine.training.checkpoints import Checkpoint
from engine.training.evaluation import ranking
from engine.training.evaluation.ranking import Case

MAX_USERS = 300
"""Users who judge an epoch: two tenths of a second."""
VALUES, BEST = "epochs", "best"


class Stopping:
    """Watches the epochs of one fit; what it saw is kept in the draft."""

    def __init__(self, asked: Sequence[Case], config: ALSConfig, *, patience: int, checkpoint: Checkpoint) -> None:
        few = np.linspace(0, len(asked) - 1, min(len(asked), MAX_USERS)).astype(int)
        self._asked, self._recipe, self._draft = [asked[place] for place in few], config, checkpoint
        self._patience = patience if self._asked else 0

    @property
    def values(self) -> list[float]:
        """NDCG@10 on validation after each epoch."""
        return list(self._draft.get(VALUES, []))

    @property
    def over(self) -> bool:
        """Whether patience has come to its end."""
        values = self.values
        return bool(self._patience and values and len(values) - 1 - int(np.argmax(values)) >= self._patience)

    def goes_on(self, epoch: Epoch) -> bool:
        """Judge one epoch, unless it was judged before a cut."""
        if not self._patience:
            return True
        if len(epoch.losses) <= len(self.values):
            return not self.over
        value = self._value(epoch)
        if value > max(self.values, default=-1.0):
            self._draft.keep_epoch(BEST, epoch)
        self._draft.append(VALUES, round(value, 5))
        return not self.over

    def best(self, last: Als) -> tuple[Als, int]:
        """The best epoch's factors and its number; the last one's where nobody judged."""
        kept = self._draft.epoch(BEST) if self._patience else None
        if kept is None:
            return last, self._recipe.iterations
        return Als(last.movies, kept.movie_factors, last.learned, last.alpha, last.regularization), len(kept.losses)

    def _value(self, epoch: Epoch) -> float:
        learned = np.ones(len(epoch.movies), np.bool_)
        model = Als(epoch.movies, epoch.movie_factors, learned, self._recipe.alpha, self._recipe.regularization)
        return float(ranking.rank(model.scores, self._asked).ndcg().mean())

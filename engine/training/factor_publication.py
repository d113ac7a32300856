"""The published model's factors on their way into the search engine."""

from __future__ import annotations

import numpy as np

from core.errors import ModelMissing
from core.ports import Factors, IndexStore
from engine.demo import upkeep
from engine.recommender.model import TasteModel
from engine.registry.registry import Registry

ROUNDS = 5
"""Times that factors are written before somebody else's publications are left to somebody else."""


def factors(model: TasteModel) -> Factors:
    """What the search engine holds of a model."""
    return Factors(model=model.version, movies=model.movies, vectors=np.asarray(model.factors, np.float32))


def publish_factors(store: IndexStore, models: Registry) -> int:
    """Put the published model's factors into the published index; how many movies got some, 0 without a model.

    Goes on where another model was published meanwhile: of two who publish at once, both leave the later one's factors.

    Raises:
        IndexMissing, SearchUnavailable, BuildRejected: the index holds the factors that it held before.
    """
    for _ in range(ROUNDS):
        try:
            before = models.current()
            loaded = models.load()
        except ModelMissing:
            return 0
        if loaded.manifest.get(upkeep.LEARNED) and not upkeep.sample(store.open()):
            return 0
        model = loaded.model
        stamped = store.publish_factors(factors(model))
        if models.current() in (before, model.version, None):  # `before` may be damaged, and another one loaded
            break
    return stamped

"""Publication of the model's factors to the search engine."""

from __future__ import annotations

import numpy as np

from core.errors import ModelMissing
from core.ports import Factors, IndexStore
from engine.demo import upkeep
from engine.recommender.model import Recommender
from engine.registry.registry import Registry

ROUNDS = 5
"""Most times to publish factors while others keep publishing models; the last publisher then writes its own."""


def factors(model: Recommender) -> Factors:
    """Return the factors of a model as the search engine stores them."""
    return Factors(model=model.version, movies=model.movies, vectors=np.asarray(model.factors, np.float32))


def publish_factors(store: IndexStore, models: Registry) -> int:
    """Publish the model's factors to the published index; return the number of movies updated, 0 without a model.

    Repeats if another model was published meanwhile, so that concurrent publishers all leave the later one's factors.

    Raises:
        IndexMissing, SearchUnavailable, BuildRejected: the index keeps its previous factors.
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

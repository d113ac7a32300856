"""The published model's factors on their way into the search engine."""

from __future__ import annotations

import numpy as np

from core.errors import ModelMissing
from core.ports import Factors, IndexStore
from engine.models.registry import Registry
from engine.taste.model import TasteModel


def factors(model: TasteModel) -> Factors:
    """What the search engine holds of a model."""
    return Factors(model=model.version, movies=model.movies, vectors=np.asarray(model.factors, np.float32))


def restamp(store: IndexStore, models: Registry) -> int:
    """Put the published model's factors into a newly published index; how many films got some, 0 without a model."""
    try:
        return store.stamp(factors(models.load().model))
    except ModelMissing:
        return 0

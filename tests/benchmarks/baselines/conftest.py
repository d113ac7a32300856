"""The world on which the served rating predictor is tested, and every simpler model trained on it."""

from __future__ import annotations

import pytest

from engine.recommender.ratings.fold_in import FactorPredictor
from tests.benchmarks.baselines.models import MODELS
from tests.engine.recommender.ratings.conftest import world
from tests.engine.recommender.ratings.worlds import Train, World

__all__ = ["world"]


@pytest.fixture(scope="session")
def models(world: World) -> dict[str, FactorPredictor]:
    """Return every model, trained on the world."""
    return {name: train(world.users, world.movies, world.stars) for name, train in MODELS.items()}


@pytest.fixture(params=sorted(MODELS))
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each model in turn."""
    found: str = request.param
    return found


@pytest.fixture
def train(name: str) -> Train:
    """Return the training function of each model in turn."""
    return MODELS[name]


@pytest.fixture
def model(name: str, models: dict[str, FactorPredictor]) -> FactorPredictor:
    """Return each model in turn."""
    return models[name]

"""The world that the served model of stars is tested on, and every simpler model trained on it."""

from __future__ import annotations

import pytest

from engine.recommender.ratings.fold_in import FactorPredictor
from tests.benchmarks.baselines.models import MODELS
from tests.engine.recommender.ratings.conftest import world
from tests.engine.recommender.ratings.worlds import Train, World

__all__ = ["world"]


@pytest.fixture(scope="session")
def models(world: World) -> dict[str, FactorPredictor]:
    """Every model, trained on it."""
    return {name: train(world.users, world.movies, world.stars) for name, train in MODELS.items()}


@pytest.fixture(params=sorted(MODELS))
def name(request: pytest.FixtureRequest) -> str:
    """Each model's name in turn."""
    found: str = request.param
    return found


@pytest.fixture
def train(name: str) -> Train:
    """Each model's training in turn."""
    return MODELS[name]


@pytest.fixture
def model(name: str, models: dict[str, FactorPredictor]) -> FactorPredictor:
    """Each model in turn."""
    return models[name]

"""A world whose true ratings are known, and every model trained on it."""

from __future__ import annotations

import pytest

from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings import worlds
from tests.engine.recommender.ratings.worlds import MODELS, World


@pytest.fixture(scope="session")
def world() -> World:
    """The world that most tests share."""
    return worlds.make()


@pytest.fixture(scope="session")
def models(world: World) -> dict[str, FactorPredictor]:
    """Every model, trained on it."""
    return {name: train(world.users, world.movies, world.stars) for name, train in MODELS.items()}


@pytest.fixture(params=sorted(MODELS))
def model(request: pytest.FixtureRequest, models: dict[str, FactorPredictor]) -> FactorPredictor:
    """Each model in turn."""
    found: FactorPredictor = models[request.param]
    return found

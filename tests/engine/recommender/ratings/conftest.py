"""A world with known true ratings, and the served model trained on it."""

from __future__ import annotations

import pytest

from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings import worlds
from tests.engine.recommender.ratings.worlds import Train, World


@pytest.fixture(scope="session")
def world() -> World:
    """The world that most tests share."""
    return worlds.make()


@pytest.fixture(scope="session")
def train() -> Train:
    """Trains the model under test."""
    return worlds.served


@pytest.fixture(scope="session")
def model(world: World) -> FactorPredictor:
    """The served model, trained on it."""
    return worlds.served(world.users, world.movies, world.stars)

"""Both engines behind one fixture: the same tests run on each."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.ports import IndexStore, MovieIndex
from tests.contracts import world
from tests.contracts.places import Place

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a module's tests run on."""
    return str(request.param)


@pytest.fixture(scope="module")
def find(engine: str) -> Callable[[Path], Place]:
    """Creates places without versions, for the engine that the module's tests run on."""
    return lambda folder: _find(engine, folder)


@pytest.fixture
def place(engine: str, tmp_path: Path) -> Iterator[Place]:
    """A place without versions."""
    place = _find(engine, tmp_path)
    yield place
    place.remove()


@pytest.fixture
def store(place: Place) -> IndexStore:
    """A store without versions."""
    return place.open()


@pytest.fixture(scope="module")
def index(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of the world."""
    place = _find(engine, tmp_path_factory.mktemp("index"))
    store = place.open()
    store.begin(world.info("v1"))
    store.fill("v1", world.entries())
    store.finish("v1")
    store.publish("v1")
    yield store.open()
    place.remove()


def _find(engine: str, folder: Path) -> Place:
    if engine == "embedded":
        return Place(engine, str(folder / "index"))
    return Place(engine, f"{os.environ['ELASTICSEARCH_URL']} contract-{uuid.uuid4().hex[:12]}")

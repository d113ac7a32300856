"""Both engines behind one fixture: what is asked of one is asked of the other."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from core.config import Settings
from core.ports import IndexStore, MovieIndex
from tests.contracts import world

OpenStore = Callable[[], IndexStore]
"""Opens one more store over the same versions, as another process would."""

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a module's tests run on."""
    return str(request.param)


@pytest.fixture
def open_store(engine: str, tmp_path: Path) -> Iterator[OpenStore]:
    """Stores over a place of its own, empty at first."""
    with ExitStack() as stack:
        yield _place(engine, tmp_path, stack)


@pytest.fixture
def store(open_store: OpenStore) -> IndexStore:
    """A store without versions."""
    return open_store()


@pytest.fixture(scope="module")
def index(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of the world."""
    with ExitStack() as stack:
        store = _place(engine, tmp_path_factory.mktemp("index"), stack)()
        store.begin(world.info("v1"))
        store.fill("v1", world.entries())
        store.finish("v1")
        store.publish("v1")
        yield store.open()


def _place(engine: str, folder: Path, stack: ExitStack) -> OpenStore:
    if engine == "embedded":
        from indexer.embedded import EmbeddedStore  # noqa: PLC0415 - each engine is imported where it is tested

        return lambda: EmbeddedStore(folder / "index")
    from indexer.elastic import ElasticStore  # noqa: PLC0415

    address = os.environ.get("ELASTICSEARCH_URL")
    if not address:
        pytest.skip("ELASTICSEARCH_URL names no Elasticsearch")
    settings = Settings.model_validate(
        {
            "elasticsearch_url": address,
            "elasticsearch_index": f"contract-{uuid.uuid4().hex[:12]}",
            "elasticsearch_timeout": 20,
        }
    )
    stack.callback(_remove, address, settings.elasticsearch_index)
    return lambda: ElasticStore(settings)


def _remove(address: str, alias: str) -> None:
    """Delete every index of `alias`, by exact name: clusters refuse wildcards."""
    with closing(Elasticsearch(address)) as client:
        for name in client.indices.get(index=f"{alias}-*").body:
            client.indices.delete(index=name)

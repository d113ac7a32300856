"""A few movies in a real Elasticsearch, under an alias of this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from core.config import Settings
from core.ports import Entry, IndexInfo, Vectors
from core.types import CastMember, Movie, MovieId
from indexer import schema
from indexer.elastic import ElasticStore

DIMENSION = 8
VERSIONS = ("20250101-000000-000001", "20250101-000000-000002", "20250101-000000-000003")

MOVIES = (
    Movie(
        id=MovieId(348),
        title="Alien",
        release_date=date(1979, 5, 25),
        year=1979,
        overview="A freighter's crew wakes to a distress call and brings something back aboard.",
        genres=("Science Fiction", "Horror"),
        cast=(CastMember("Sigourney Weaver", "Ripley", 0), CastMember("Tom Skerritt", "Dallas", 1)),
        directors=("Ridley Scott",),
        language="en",
        runtime=117,
        vote_count=4_470,
        vote_average=7.9,
        popularity=94.2,
    ),
    Movie(
        id=MovieId(679),
        title="Aliens",
        year=1986,
        overview="Marines travel to a silent colony with the only survivor of the first ship.",
        genres=("Action", "Science Fiction"),
        cast=(CastMember("Sigourney Weaver", "Ripley", 0),),
        directors=("James Cameron",),
        language="en",
        runtime=137,
        vote_count=3_220,
        vote_average=7.7,
        popularity=67.7,
    ),
    Movie(
        id=MovieId(194),
        title="Amélie",
        original_title="Le Fabuleux Destin d'Amélie Poulain",
        year=2001,
        overview="A shy waitress in Paris decides to better the lives of those around her.",
        genres=("Comedy", "Romance"),
        cast=(CastMember("Audrey Tautou", "Amélie Poulain", 0),),
        directors=("Jean-Pierre Jeunet",),
        language="fr",
        runtime=122,
        vote_count=3_310,
        vote_average=7.8,
        popularity=73.7,
    ),
    Movie(id=MovieId(7), title="Untitled Fragment", overview="Nothing is known of it but a waitress in Paris."),
)


def unit_rows(count: int, dimension: int = DIMENSION) -> Vectors:
    """Return reproducible random unit vectors: float32, (count, dimension)."""
    rows = np.random.default_rng(7).normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def entries() -> list[Entry]:
    """Return the movies with their vectors."""
    return [Entry(movie, vector) for movie, vector in zip(MOVIES, unit_rows(len(MOVIES)), strict=True)]


def describe(version: str = VERSIONS[0], *, count: int = len(MOVIES), dimension: int = DIMENSION) -> IndexInfo:
    """Return the metadata of a version of the movies."""
    return IndexInfo(
        version=version,
        count=count,
        dimension=dimension,
        encoder="model@1",
        recipe="recipe-1",
        schema=schema.REVISION,
        catalogue="Four films",
        catalogue_hash="abc",
        built_at="2025-01-01T00:00:00+00:00",
        centroid=tuple(unit_rows(count if count < 100 else 4, dimension).mean(axis=0, dtype=np.float64).tolist()),
        notice="Only four films.",
    )


def build(store: ElasticStore, version: str = VERSIONS[0], *, publish: bool = True) -> None:
    """Write the movies into a version."""
    store.begin(describe(version))
    store.fill(version, entries())
    store.finish(version)
    if publish:
        store.publish(version)


def point_at_real(name: str) -> Settings:
    """Return settings for the real Elasticsearch, with an alias after `name`."""
    url = os.environ["ELASTICSEARCH_URL"]
    plain = "".join(letter if letter.isalnum() else "-" for letter in name.lower())[:60].strip("-")
    return Settings(elasticsearch_url=(url,), elasticsearch_index=f"t-{os.getpid()}-{plain}")


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings with the test's own alias; leftover indexes with that prefix are deleted."""
    settings = point_at_real(request.node.name)
    yield settings
    remove_all(ElasticStore(settings))


@pytest.fixture(scope="module")
def movies(request: pytest.FixtureRequest) -> Iterator[ElasticStore]:
    """A store with the movies published, for tests that only read."""
    store = ElasticStore(point_at_real(request.node.name))
    build(store)
    yield store
    remove_all(store)


@pytest.fixture
def store(settings: Settings) -> ElasticStore:
    """A store without versions."""
    return ElasticStore(settings, first_pause=0.01)


def remove_all(store: ElasticStore) -> None:
    """Delete every version, including the published one."""
    client = store.batch.client
    found = client.indices.get(index=f"{store.batch.context.alias}-*", expand_wildcards="all", filter_path="*.aliases")
    for index in found.body:
        client.indices.delete(index=index)

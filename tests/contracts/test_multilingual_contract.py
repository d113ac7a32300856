"""The second vector space: searched, read back, verified and kept like the first one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected
from core.ports import Entry, IndexStore, MovieIndex, Question, Vectors
from core.types import Filters, MovieId
from indexer import build
from indexer.vectors import spaces
from tests.contracts import tastes, world
from tests.contracts.places import Place

DIMENSION = 16
"""Different from that of the first space."""
ORIGIN = replace(world.ORIGIN, multilingual="other@1 [query: |passage: ]")
TOLERANCE = 1e-4


@cache
def vectors() -> Vectors:
    """Return float32, (n_movies, DIMENSION), unit rows close to each other, as with some models."""
    rows = 3 + np.random.default_rng(7).normal(size=(len(world.movies()), DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def both(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexStore]:
    """A store with the world in both spaces."""
    place = find(tmp_path_factory.mktemp("both"))
    store = place.open()
    build.build(store, world.movies(), vectors=world.vectors(), multilingual=vectors(), origin=ORIGIN)
    yield store
    place.remove()


def ids() -> list[MovieId]:
    return [movie.id for movie in world.movies()]


def asked(row: int = 5) -> Vectors:
    return np.asarray(vectors()[row], np.float32)


def test_the_index_describes_its_second_space(both: IndexStore) -> None:
    space = both.open().info().multilingual
    assert space is not None
    assert (space.encoder, space.dimension) == (ORIGIN.multilingual, DIMENSION)
    np.testing.assert_allclose(space.centroid, vectors().mean(axis=0), atol=1e-6)
    spreads = [
        cosines[~np.eye(len(cosines), dtype=np.bool_)].std()
        for cosines in (rows @ rows.T for rows in (vectors(), world.vectors()))
    ]
    assert space.spread == pytest.approx(spreads[0] / spreads[1], abs=1e-4)


@pytest.mark.parametrize("filters", [Filters(), Filters(genres=("Comedy",))])
def test_the_nearest_in_the_second_space_are_candidates_with_their_cosines(both: IndexStore, filters: Filters) -> None:
    found = both.open().candidates(Question(vector=asked(), multilingual=True, filters=filters, depth=10))
    cosines = dict(zip(ids(), (vectors() @ asked()).tolist(), strict=True))
    allowed = [movie.id for movie in world.movies() if world.meets(movie, filters)]
    best = sorted(allowed, key=lambda movie: -cosines[movie])[:10]
    assert set(found.ids.tolist()) == set(best)
    np.testing.assert_allclose(found.cosine, [cosines[movie] for movie in found.ids.tolist()], atol=TOLERANCE)


def test_words_and_names_work_with_the_second_space(both: IndexStore) -> None:
    question = Question("robot", vector=asked(), multilingual=True, depth=10, name="Amélie")
    found = both.open().candidates(question)
    cosines = dict(zip(ids(), (vectors() @ asked()).tolist(), strict=True))
    np.testing.assert_allclose(found.cosine, [cosines[movie] for movie in found.ids.tolist()], atol=TOLERANCE)
    assert (found.words > 0).any()
    assert found.match[found.ids == 2].all()


def test_both_spaces_are_read_back(both: IndexStore) -> None:
    some = ids()[3:9]
    np.testing.assert_allclose(both.open().vectors(some, multilingual=True), vectors()[3:9], atol=TOLERANCE)
    np.testing.assert_allclose(both.open().vectors(some), world.vectors()[3:9], atol=TOLERANCE)


def test_an_index_without_a_second_space_rejects_its_vectors(index: MovieIndex) -> None:
    assert index.info().multilingual is None
    with pytest.raises(ValueError, match="has no multilingual vectors"):
        index.candidates(Question(vector=asked(), multilingual=True))
    with pytest.raises(ValueError, match="has no multilingual vectors"):
        index.vectors(ids()[:1], multilingual=True)


def test_factors_can_be_published_with_both_spaces(both: IndexStore) -> None:
    both.publish_factors(tastes.factors("20260101-als"))
    np.testing.assert_allclose(both.open().vectors(ids()[:5], multilingual=True), vectors()[:5], atol=TOLERANCE)


def test_missing_or_swapped_vectors_are_not_published(store: IndexStore) -> None:
    with pytest.raises(BuildRejected, match="one vector per movie"):
        build.build(store, world.movies(), vectors=world.vectors(), multilingual=vectors()[1:], origin=ORIGIN)
    info = replace(world.info("v1", 1), multilingual=spaces.describe("other@1", vectors(), first=world.vectors()))
    store.begin(info)
    with pytest.raises(BuildRejected, match="multilingual vector"):
        store.fill("v1", [Entry(world.movies()[0], world.vectors()[0])])


def test_the_second_space_is_verified(place: Place) -> None:
    with pytest.raises(BuildRejected, match="its own multilingual vector"):
        build.build(
            Rolling(place.open()), world.movies(), vectors=world.vectors(), multilingual=vectors(), origin=ORIGIN
        )


class Rolling:
    """A store that gives each movie the second vector of another one."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def fill(self, version: str, entries: Iterator[Entry]) -> None:
        """Write them."""
        movies = list(entries)
        rolled = [*movies[1:], movies[0]]
        mixed = [replace(own, multilingual=other.multilingual) for own, other in zip(movies, rolled, strict=True)]
        self._store.fill(version, mixed)

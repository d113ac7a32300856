"""Approximate search by a graph, compared with comparing all vectors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.ports import Vectors
from indexer.vectors import neighbours
from indexer.vectors.graph import Graph

MOVIES, DIMENSION = 3_000, 48


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Unit rows around a few centres, as movies are."""
    dice = np.random.default_rng(3)
    centres = dice.normal(size=(40, DIMENSION))
    rows = centres[dice.integers(0, 40, MOVIES)] + dice.normal(size=(MOVIES, DIMENSION))
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def saved(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the graph of `vectors`."""
    path = tmp_path_factory.mktemp("graph") / "some.graph"
    Graph.build(vectors).save(path)
    return path


def test_a_mapped_graph_finds_the_nearest_movies(vectors: Vectors, saved: Path) -> None:
    graph = Graph.load(saved, count=MOVIES, dimension=DIMENSION)
    hits = [
        len(set(graph.nearest(one, 20)) & set(np.argsort(-(vectors @ one))[:10].tolist())) for one in vectors[::100]
    ]
    assert np.mean(hits) >= 9.8


def test_the_same_file_gives_the_same_answers_on_many_threads(vectors: Vectors, saved: Path) -> None:
    graph = Graph.load(saved, count=MOVIES, dimension=DIMENSION)
    expected = [graph.nearest(one, 50).tolist() for one in vectors[:200]]
    other = Graph.load(saved, count=MOVIES, dimension=DIMENSION)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda one: other.nearest(one, 50).tolist(), vectors[:200])) == expected


@pytest.mark.parametrize(("count", "dimension"), [(MOVIES - 1, DIMENSION), (MOVIES, DIMENSION + 1)])
def test_a_graph_of_other_vectors_is_rejected(saved: Path, count: int, dimension: int) -> None:
    with pytest.raises(ValueError, match=r"some.graph is not the graph of"):
        Graph.load(saved, count=count, dimension=dimension)


def test_a_file_that_is_no_graph_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "broken.graph").write_bytes(b"no graph" * 100)
    with pytest.raises(ValueError, match=r"broken.graph"):
        Graph.load(tmp_path / "broken.graph", count=1, dimension=1)


def test_a_graph_that_cannot_be_written_is_an_error_of_the_system(vectors: Vectors, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"some.graph"):
        Graph.build(vectors[:10]).save(tmp_path / "missing" / "some.graph")


def test_neighbours_of_a_large_catalogue_are_nearly_the_exact_ones(vectors: Vectors) -> None:
    ids = np.random.default_rng(4).permutation(MOVIES).astype(np.int64) + 7
    exact = neighbours.nearest(vectors, ids)
    found = neighbours.nearest(vectors, ids, exact_up_to=100)
    assert found.shape == exact.shape
    # The graph is built by several threads, so its few misses differ.
    shared = [len(set(own) & set(exactly)) for own, exactly in zip(found.tolist(), exact.tolist(), strict=True)]
    assert np.mean(shared) >= 0.98 * exact.shape[1]
    assert not (found == ids[:, None]).any()


def test_equal_vectors_have_each_other_as_neighbours() -> None:
    same = np.tile(np.eye(1, 16, dtype=np.float32), (400, 1))
    found = neighbours.nearest(same, np.arange(400), exact_up_to=10)
    assert found.shape == (400, neighbours.COUNT)
    assert all(len(set(row)) == neighbours.COUNT and own not in row for own, row in enumerate(found.tolist()))

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
    """The folder of the graph of `vectors`."""
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


@pytest.mark.parametrize(
    ("count", "dimension", "error"),
    [
        (MOVIES - 1, DIMENSION, "some.graph is not the graph of 2999 vectors"),
        (MOVIES, DIMENSION + 1, "some.graph/000 is not a graph of vectors of 49 dimensions"),
    ],
)
def test_a_graph_of_other_vectors_is_rejected(saved: Path, count: int, dimension: int, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        Graph.load(saved, count=count, dimension=dimension)


def test_a_file_that_is_no_graph_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "broken.graph").mkdir()
    (tmp_path / "broken.graph" / "000").write_bytes(b"no graph" * 100)
    with pytest.raises(ValueError, match=r"broken.graph/000"):
        Graph.load(tmp_path / "broken.graph", count=1, dimension=1)


def test_a_graph_of_several_parts_finds_the_nearest_of_all(vectors: Vectors, tmp_path: Path) -> None:
    Graph.build(vectors, part=700).save(tmp_path / "some.graph")
    assert len(list((tmp_path / "some.graph").iterdir())) == 5
    graph = Graph.load(tmp_path / "some.graph", count=MOVIES, dimension=DIMENSION)
    asked = vectors[::100]
    exact = np.argsort(-(asked @ vectors.T), axis=1)[:, :10]
    one_by_one = [graph.nearest(one, 20) for one in asked]
    together = graph.nearest_of_each(asked, 20)
    for found in (one_by_one, together):
        assert np.mean([len(set(own) & set(nearest)) for own, nearest in zip(found, exact, strict=True)]) >= 9.8
    assert [own[0] for own in one_by_one] == together[:, 0].tolist() == list(range(0, MOVIES, 100))
    assert {len(own) for own in one_by_one} == {20}


def test_parts_are_searched_where_one_graph_cannot_link_every_vector(vectors: Vectors) -> None:
    """Vectors around a centre, each nearer to the centre than to the others: one graph leaves most of them unlinked."""
    dice = np.random.default_rng(8)
    around = vectors[:8].repeat(500, axis=0) + 0.6 / np.sqrt(DIMENSION) * dice.normal(size=(4_000, DIMENSION))
    rows = np.concatenate([vectors[:8], around / np.linalg.norm(around, axis=1, keepdims=True)]).astype(np.float32)

    def found(part: int) -> float:
        graph = Graph.build(rows, links=16, effort=64, part=part)
        return float(np.mean([own in graph.nearest(rows[own], 20) for own in range(0, len(rows), 20)]))

    assert found(len(rows)) < 0.8
    assert found(len(rows) // 32) > 0.95


def test_rows_that_a_part_lacks_are_marked(vectors: Vectors) -> None:
    found = Graph.build(vectors[:6], part=2).nearest_of_each(vectors[:3], 10)
    assert [sorted(row.tolist())[-6:] for row in found] == [list(range(6))] * 3
    assert (np.sort(found, axis=1)[:, :-6] == -1).all()


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

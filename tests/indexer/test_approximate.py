"""Approximate search of the embedded engine: filters stay exact, lists stay full, scores stay exact."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import SearchUnavailable
from core.ports import Entry, MovieIndex, Question, Vectors
from core.types import Filters, Movie, MovieId
from indexer.embedded import EmbeddedStore, meaning
from indexer.vectors.graph import Graph
from tests.contracts import world

MOVIES, DEPTH = 6_000, 20
GENRES = ("Drama", "Comedy", "Western")


def _genre(row: int) -> str:
    """Return the genre of a movie: a third each, but only five westerns."""
    return "Western" if row % (MOVIES // 5) == 7 else GENRES[row % 2]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Unit rows; dramas are in one half of the space, comedies in the other."""
    dice = np.random.default_rng(11)
    rows = dice.normal(size=(MOVIES, world.DIMENSION))
    rows[:, 0] = np.where(np.arange(MOVIES) % 2 == 0, 1.0, -1.0) * (1 + np.abs(rows[:, 0]))
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def folder(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published version `exact` and, newer, `graph`."""
    root = tmp_path_factory.mktemp("index")
    movies = [Movie(MovieId(row + 1), f"Movie {row}", genres=(_genre(row),), year=2000) for row in range(MOVIES)]
    entries = [Entry(movie, vector) for movie, vector in zip(movies, vectors, strict=True)]
    for version, exact_up_to in (("exact", MOVIES), ("graph", MOVIES - 1)):
        store = EmbeddedStore(root, exact_up_to=exact_up_to)
        store.begin(replace(world.info(version, MOVIES), multilingual=None, moods=()))
        store.fill(version, entries)
        store.finish(version)
        store.publish(version)
    return root


@pytest.fixture
def exact(folder: Path) -> MovieIndex:
    """The version without a graph."""
    return EmbeddedStore(folder).open("exact")


@pytest.fixture
def index(folder: Path) -> MovieIndex:
    """The version with a graph."""
    return EmbeddedStore(folder).open("graph")


def _ask(vector: Vectors, *genres: str, depth: int = DEPTH) -> Question:
    return Question(vector=vector, filters=Filters(genres=genres), depth=depth)


def _found(index: MovieIndex, question: Question) -> set[int]:
    return set(index.candidates(question).ids.tolist())


def test_a_graph_is_written_above_the_limit_only(folder: Path) -> None:
    assert (folder / "graph" / "vectors.f32.graph").is_dir()
    assert not (folder / "exact" / "vectors.f32.graph").exists()


@pytest.mark.parametrize("genres", [(), ("Drama",), ("Comedy",), ("Western",)])
def test_nearly_all_of_the_nearest_movies_are_found(
    index: MovieIndex, exact: MovieIndex, vectors: Vectors, genres: tuple[str, ...]
) -> None:
    shares = []
    for vector in vectors[::200]:
        wanted = _found(exact, _ask(vector, *genres))
        shares.append(len(_found(index, _ask(vector, *genres)) & wanted) / len(wanted))
    assert np.mean(shares) >= 0.98


@pytest.mark.parametrize("genre", GENRES)
def test_filters_are_exact_and_lists_are_full(index: MovieIndex, vectors: Vectors, genre: str) -> None:
    """The nearest movies of a drama are dramas: comedies have to be searched further away."""
    for vector in vectors[:4:2]:
        found = index.candidates(_ask(vector, genre))
        assert set(found.genres) == {(genre,)}
        assert len(found) == min(DEPTH, sum(_genre(row) == genre for row in range(MOVIES)))


def test_cosines_are_exact(index: MovieIndex, vectors: Vectors) -> None:
    found = index.candidates(_ask(vectors[5]))
    assert found.cosine == pytest.approx(vectors[found.ids - 1] @ vectors[5], abs=1e-6)


def test_the_same_question_has_the_same_answer(folder: Path, vectors: Vectors) -> None:
    asked = [_ask(vector) for vector in vectors[:50]]
    first, second = (
        [_found(EmbeddedStore(folder).open("graph"), one) for one in asked],
        [_found(EmbeddedStore(folder).open("graph"), one) for one in asked],
    )
    assert first == second


def test_a_list_as_long_as_the_catalogue_is_complete(index: MovieIndex, vectors: Vectors) -> None:
    assert len(index.candidates(_ask(vectors[0], depth=MOVIES))) == MOVIES
    assert len(index.candidates(_ask(vectors[0], depth=MOVIES - 1))) == MOVIES - 1


def test_no_depth_finds_nothing(index: MovieIndex, vectors: Vectors) -> None:
    assert not len(index.candidates(_ask(vectors[0], depth=0)))


def test_rows_are_compared_in_blocks(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "BLOCK", 7)
    space = meaning.Meaning(vectors, Graph.build(vectors[:2]))
    rows = np.arange(0, 1_000, 3)
    assert space.compare(vectors[3]).cosines(rows) == pytest.approx(vectors[rows] @ vectors[3], abs=1e-6)


def test_a_graph_that_does_not_fit_its_vectors_is_an_unreadable_index(folder: Path, vectors: Vectors) -> None:
    store = EmbeddedStore(folder, exact_up_to=0)
    store.begin(replace(world.info("other", 1), multilingual=None, moods=()))
    store.fill("other", [Entry(Movie(MovieId(1), "Only"), vectors[0])])
    store.finish("other")
    shutil.rmtree(folder / "other" / "vectors.f32.graph")
    Graph.build(vectors[:10]).save(folder / "other" / "vectors.f32.graph")
    (folder / "other" / "checksums.json").unlink()
    with pytest.raises(SearchUnavailable, match=r"vectors.f32.graph is not the graph of 1 vectors"):
        store.open("other")
    store.delete("other")

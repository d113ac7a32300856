"""Adult movies: hidden on both engines unless asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.ports import Factors, MovieIndex, Question
from core.types import Clause, Filters, Movie, MovieId, Sort, Trait
from indexer import build, verification
from indexer.analysis import traits
from tests.contracts import world
from tests.contracts.places import Place

OPEN, HIDDEN, OTHER = MovieId(1), MovieId(2), MovieId(3)
MOVIES = (
    Movie(OPEN, "Harbour Lights", year=1999, overview="Two sailors and a lighthouse.", popularity=2.0),
    Movie(HIDDEN, "Harbour Nights", year=1999, overview="Two sailors and no lighthouse.", popularity=9.0, adult=True),
    Movie(OTHER, "Mountain", year=2003, genres=("Drama",), overview="A lighthouse far away.", popularity=5.0),
)
ASKED = Filters(adult=True)


@pytest.fixture(scope="module")
def index(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of these movies."""
    place = find(tmp_path_factory.mktemp("adult"))
    store = place.open()
    build.build(store, MOVIES, vectors=world.vectors()[: len(MOVIES)], origin=world.ORIGIN)
    yield store.open()
    place.remove()


def listed(index: MovieIndex, filters: Filters) -> list[int]:
    return [movie.id for movie in index.listing(filters, sort=Sort.POPULARITY, offset=0, size=10).movies]


def found(index: MovieIndex, filters: Filters) -> set[int]:
    question = Question(
        words="lighthouse", fields=(("text", 1.0),), vector=world.vectors()[1], depth=10, name="harbour nights",
        filters=filters,
    )  # fmt: skip
    return {int(movie) for movie in index.candidates(question).ids}


def test_the_index_says_how_many_movies_are_hidden_and_counts_all(index: MovieIndex) -> None:
    assert (index.info().count, index.info().adult) == (3, 1)


def test_adult_movies_are_listed_only_if_asked_for(index: MovieIndex) -> None:
    assert listed(index, Filters()) == [OTHER, OPEN]
    assert listed(index, ASKED) == [HIDDEN, OTHER, OPEN]
    assert listed(index, Filters(year_from=1999, year_to=1999)) == [OPEN]
    assert listed(index, replace(ASKED, year_from=1999, year_to=1999)) == [HIDDEN, OPEN]
    assert index.listing(Filters(), sort=Sort.NEWEST, offset=0, size=1).total == 2


def test_adult_movies_are_found_only_if_asked_for(index: MovieIndex) -> None:
    """Not by words, by meaning, or by title."""
    assert found(index, Filters()) == {OPEN, OTHER}
    assert found(index, ASKED) == {OPEN, HIDDEN, OTHER}
    assert found(index, Filters(clauses=(Clause(Trait.GENRE, ("Drama",), wanted=False),))) == {OPEN}


def test_adult_movies_are_not_suggested_but_open_by_their_id(index: MovieIndex) -> None:
    assert [suggestion.id for suggestion in index.suggest("harbour", limit=5)] == [OPEN]
    assert index.movies([HIDDEN]) == [MOVIES[1]]


def test_adult_movies_are_recommended_only_if_asked_for(place: Place) -> None:
    store = place.open()
    build.build(store, MOVIES, vectors=world.vectors()[: len(MOVIES)], origin=world.ORIGIN)
    factors = np.eye(3, 4, dtype=np.float32)
    store.publish_factors(Factors("m1", np.array([movie.id for movie in MOVIES], np.int64), factors))
    index = store.open()

    def recommended(filters: Filters) -> list[int]:
        user = np.array([0.5, 1.0, 0.2, 0.0], np.float32)
        return index.search_by_factors(user, model="m1", filters=filters, without=(), depth=3).movies.tolist()

    assert recommended(Filters()) == [OPEN, OTHER]
    assert recommended(ASKED) == [HIDDEN, OPEN, OTHER]


def test_an_index_without_adult_movies_needs_no_condition(index: MovieIndex) -> None:
    """Answers of catalogues without such movies are what they were."""
    info = index.info()
    assert traits.visible(Filters(), replace(info, adult=0)) == Filters()
    assert traits.visible(ASKED, info) == ASKED


def test_a_build_of_adult_movies_alone_is_verified(place: Place) -> None:
    report = build.build(place.open(), MOVIES[1:2], vectors=world.vectors()[1:2], origin=world.ORIGIN)
    assert (report.count, report.verified) == (1, 1)
    assert verification.EVERY.adult

"""The feature space: frozen, never NaN, unchanged by saving, and applicable to later movies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import CastMember, Movie, MovieId
from engine.training.fit import cold_start, movie_features
from engine.training.fit.components import World
from engine.training.publication import PublicationReport
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training.conftest import COLD, catalogue

GENRES, PEOPLE = ("Comedy", "Drama", "War"), tuple(f"Person {number}" for number in range(6))
DIM = 4
movie_strategy = st.builds(
    Movie,
    id=st.integers(1, 10**6).map(MovieId),
    title=st.just("A film"),
    year=st.none() | st.integers(1900, 2030),
    runtime=st.none() | st.integers(1, 400),
    genres=st.lists(st.sampled_from(GENRES), unique=True, max_size=3).map(tuple),
    keywords=st.lists(st.sampled_from(("ship", "space")), unique=True).map(tuple),
    directors=st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2).map(tuple),
    vote_count=st.integers(0, 10**6),
    vote_average=st.none() | st.floats(0, 10),
    popularity=st.floats(0, 1e4),
)


def movies(count: int = 12) -> list[Movie]:
    return [
        Movie(
            MovieId(number + 1),
            f"Film {number}",
            year=1990 + number,
            runtime=90 + number,
            genres=(GENRES[number % 3],),
            keywords=("ship",) if number % 2 else ("space",),
            directors=(PEOPLE[number % 2],),
            cast=(CastMember("Star"), CastMember(f"Extra {number}")),
            vote_count=100 * number,
            vote_average=6.0 + number / 10,
            popularity=float(number + 1),
        )
        for number in range(count)
    ]


WEIGHTS = dict.fromkeys(movie_features.WEIGHTS, 0.5)
SPACE = movie_features.fit(movies(), np.zeros(DIM, np.float32), weights=WEIGHTS)


@given(told=st.lists(movie_strategy, max_size=8))
def test_all_columns_are_numbers_even_with_missing_data(told: list[Movie]) -> None:
    found = SPACE.apply(told, np.zeros((len(told), DIM), np.float32))
    assert found.shape == (len(told), len(SPACE.names))
    assert np.isfinite(found).all()


@given(told=st.lists(movie_strategy, max_size=8))
def test_a_space_is_the_same_after_saving(told: list[Movie]) -> None:
    again = movie_features.from_arrays(SPACE.arrays())
    vectors = np.ones((len(told), DIM), np.float32)
    np.testing.assert_array_equal(SPACE.apply(told, vectors), again.apply(told, vectors))
    assert again.names == SPACE.names


@given(told=st.lists(movie_strategy, min_size=2, max_size=8))
def test_the_columns_of_a_movie_do_not_depend_on_other_movies(told: list[Movie]) -> None:
    vectors = np.ones((len(told), DIM), np.float32)
    alone = np.vstack([SPACE.apply([movie], vectors[:1]) for movie in told])
    np.testing.assert_array_equal(SPACE.apply(told, vectors), alone)


def test_people_with_few_movies_have_no_column_and_missing_figures_a_flag() -> None:
    assert SPACE.people.tolist() == [*PEOPLE[:2], "Star"]
    assert SPACE.genres.tolist() == sorted(GENRES)
    unknown = SPACE.apply([Movie(MovieId(99), "?")], np.zeros((1, DIM), np.float32))[0]
    told = dict(zip(SPACE.names, unknown.tolist(), strict=True))
    assert told["no year"] > 0
    assert told["no runtime"] > 0
    median = (SPACE.medians - SPACE.means) / SPACE.spreads * WEIGHTS["year"]
    assert told["year"] == pytest.approx(median[list(movie_features.FIGURES).index("year")])
    bare = movie_features.fit(movies(), np.zeros(DIM, np.float32), weights={**WEIGHTS, "people": 0})
    assert len(bare.people) == 0


def test_figures_are_scaled_to_the_weight_of_their_block() -> None:
    told = SPACE.apply(movies(), np.zeros((12, DIM), np.float32))[:, : len(movie_features.FIGURES)]
    np.testing.assert_allclose(told.std(axis=0), [WEIGHTS[name] for name in movie_features.FIGURES], rtol=1e-6)
    np.testing.assert_allclose(told.mean(axis=0), 0, atol=1e-6)


def test_a_catalogue_without_data_still_has_a_space() -> None:
    bare = [Movie(MovieId(1), "One"), Movie(MovieId(2), "Two")]
    space = movie_features.fit(bare, np.zeros(DIM, np.float32))
    assert np.isfinite(space.apply(bare, np.zeros((2, DIM), np.float32))).all()


def test_later_movies_get_the_factors_that_training_would_have_mapped(
    trained: tuple[object, PublicationReport, object],
) -> None:
    model = trained[1].model
    told, vectors = catalogue()
    cold_ones = [place for place, movie in enumerate(told) if movie.id >= kit.FIRST_ID + kit.MOVIES]
    later = [replace(told[place], id=MovieId(9_000 + place)) for place in cold_ones]
    found = cold_start.factors_of(model, later, vectors[cold_ones])
    assert found is not None
    assert len(later) == COLD
    rows = [model.movies.tolist().index(told[place].id) for place in cold_ones]
    np.testing.assert_allclose(found, model.factors[rows], rtol=1e-3, atol=1e-4)


def test_the_world_keeps_the_mean_of_its_vectors() -> None:
    told, vectors = catalogue()
    world = World.of(told, vectors)
    order = np.argsort([movie.id for movie in told])
    np.testing.assert_allclose(world.space.centred(vectors[order]), world.vectors, atol=1e-6)

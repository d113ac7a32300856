"""Movies by taste: inner products of an index with factors, compared with a straightforward computation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import FactorsMissing
from core.ports import MovieIndex
from core.types import Filters
from tests.contracts import strategies, tastes, world
from tests.contracts.places import Place

MODEL = "20260101-als"

ask_little = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def published(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of the world with the factors of a model."""
    place = find(tmp_path_factory.mktemp("published"))
    store = place.open()
    store.begin(world.info("v1"))
    store.fill("v1", world.entries())
    store.finish("v1")
    store.publish("v1")
    assert store.publish_factors(tastes.factors(MODEL)) == tastes.KNOWN
    yield place.open().open()
    place.remove()


@ask_little
@given(
    filters=st.just(Filters()) | st.builds(Filters, language=st.sampled_from(["en", "ja"])) | strategies.filters,
    seed=st.integers(0, 99),
    depth=st.integers(0, 30) | st.integers(0, 200),
    without=st.sets(st.sampled_from([int(movie.id) for movie in world.movies()]), max_size=60),
)
def test_the_best_movies_have_their_inner_products_whatever_is_filtered_and_excluded(
    published: MovieIndex, filters: Filters, seed: int, depth: int, without: set[int]
) -> None:
    vector = tastes.user(seed=seed)
    found = published.search_by_factors(vector, model=MODEL, filters=filters, without=sorted(without), depth=depth)
    products = tastes.expected(tastes.factors(MODEL), vector, filters=filters, without=without)
    tastes.assert_exact(found, products, depth=depth)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(genres=("drama", "Comedy")),
        Filters(genres=("Drama", "comedy"), all_genres=True),
        Filters(person="chloe sévigné"),
        Filters(person="Keanu Reeves"),
        Filters(language="ja"),
        Filters(year_from=1990, year_to=2000),
        Filters(runtime_min=90, runtime_max=120),
        Filters(votes_min=500),
        Filters(rating_min=7.5),
        Filters(person="Nobody"),
    ],
    ids=str,
)
def test_each_filter_applies_before_the_list_is_truncated(published: MovieIndex, filters: Filters) -> None:
    found = published.search_by_factors(tastes.user(), model=MODEL, filters=filters, without=(), depth=10)
    tastes.assert_exact(found, tastes.expected(tastes.factors(MODEL), tastes.user(), filters=filters), depth=10)


def test_movies_without_factors_are_excluded(published: MovieIndex) -> None:
    found = tastes.ask(published, MODEL, depth=1_000)
    own = {movie.id for movie in world.movies()}
    assert set(found.movies.tolist()) == set(tastes.factors(MODEL).movies.tolist()) & own
    assert len(found.movies) == tastes.KNOWN < len(own)


def test_two_thousand_movies_can_be_excluded_and_the_list_is_still_full(published: MovieIndex) -> None:
    best = tastes.ask(published, MODEL, depth=50).movies.tolist()
    strangers = [*range(100_000, 102_000), 0, -1, 2**40]
    found = published.search_by_factors(
        tastes.user(), model=MODEL, filters=Filters(), without=[*strangers, *best, *best], depth=50
    )
    products = tastes.expected(tastes.factors(MODEL), tastes.user(), without=best)
    tastes.assert_exact(found, products, depth=50)
    assert len(found.movies) == 50


def test_seventy_thousand_movies_can_be_excluded(published: MovieIndex) -> None:
    best = tastes.ask(published, MODEL, depth=3).movies.tolist()
    without = [*range(100_000, 170_000), *best]
    found = published.search_by_factors(tastes.user(), model=MODEL, filters=Filters(), without=without, depth=5)
    products = tastes.expected(tastes.factors(MODEL), tastes.user(), without=best)
    tastes.assert_exact(found, products, depth=5)


def test_excluding_everything_gives_an_empty_list(published: MovieIndex) -> None:
    own = [int(movie.id) for movie in world.movies()]
    assert (
        len(published.search_by_factors(tastes.user(), model=MODEL, filters=Filters(), without=own, depth=5).movies)
        == 0
    )


@pytest.mark.parametrize("depth", [1, 3, 7, 12, 20, 24])
def test_equally_good_movies_are_cut_and_ordered_by_id(published: MovieIndex, depth: int) -> None:
    factors = tastes.factors(MODEL)
    own = {int(movie.id) for movie in world.movies()}
    equal = sorted(movie for movie in factors.movies[4:25].tolist() if movie in own)
    assert len(equal) == 21
    best = np.asarray(factors.vectors[4] / np.linalg.norm(factors.vectors[4]) * 50, dtype=np.float32)
    others = [int(movie) for movie in own if movie not in equal]
    found = published.search_by_factors(best, model=MODEL, filters=Filters(), without=others, depth=depth)
    assert found.movies.tolist() == equal[:depth]
    assert len(set(found.scores.tolist())) == 1


def test_negative_products_are_ordered_too(published: MovieIndex) -> None:
    vector = np.asarray(-40 * tastes.factors(MODEL).vectors[:3].sum(axis=0), dtype=np.float32)
    products = tastes.expected(tastes.factors(MODEL), vector)
    against = {movie: product for movie, product in products.items() if product < 0}
    assert len(against) > 20
    assert min(against.values()) < -100
    without = [movie for movie in products if movie not in against]
    found = published.search_by_factors(vector, model=MODEL, filters=Filters(), without=without, depth=1_000)
    tastes.assert_exact(found, against, depth=1_000)
    assert (found.scores < 0).all()


def test_a_zero_vector_gets_movies_by_id_with_products_of_zero(published: MovieIndex) -> None:
    found = tastes.ask(published, MODEL, np.zeros(12, np.float32), depth=9)
    own = {int(movie.id) for movie in world.movies()}
    assert found.movies.tolist() == sorted(own & set(tastes.factors(MODEL).movies.tolist()))[:9]
    assert not found.scores.any()


@pytest.mark.parametrize("depth", [0, -1])
def test_a_depth_of_zero_gives_no_movies(published: MovieIndex, depth: int) -> None:
    assert len(tastes.ask(published, MODEL, depth=depth).movies) == 0


def test_a_model_other_than_the_published_one_is_reported(published: MovieIndex) -> None:
    assert published.factors_version() == MODEL
    with pytest.raises(FactorsMissing, match=rf"factors of the model '{MODEL}', not those of '20251224-als'"):
        tastes.ask(published, "20251224-als")
    with pytest.raises(FactorsMissing):
        tastes.ask(published, "")


@pytest.mark.parametrize(
    ("vector", "complaint"),
    [(np.ones(13, np.float32), r"shape \(12,\)"), (np.full(12, np.nan, np.float32), "finite")],
    ids=["too long", "not a number"],
)
def test_an_invalid_vector_is_rejected(
    published: MovieIndex, vector: np.ndarray[tuple[int], np.dtype[np.float32]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        tastes.ask(published, MODEL, vector)


def test_a_new_index_has_no_factors(index: MovieIndex) -> None:
    assert index.factors_version() == ""
    with pytest.raises(FactorsMissing, match="no factors"):
        tastes.ask(index, MODEL)
    with pytest.raises(FactorsMissing, match="no factors"):
        tastes.ask(index, "")

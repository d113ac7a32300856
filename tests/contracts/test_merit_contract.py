"""Candidates by an order of columns, compared with a straightforward computation over the whole world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ports import MovieIndex, Question, Vectors
from core.types import Filters, Movie
from tests.contracts import strategies, world

Order = tuple[tuple[str, float], ...]

ask_little = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TOLERANCE = 1e-6
"""Elasticsearch's scores are float32."""


def _expected(order: Order, filters: Filters, depth: int) -> tuple[set[int], set[int]]:
    """Return the movies that must be among the `depth` best, and those that may be."""
    allowed = [movie for movie in world.movies() if world.meets(movie, filters)]
    ranked = sorted(allowed, key=lambda movie: (-round(world.merit(movie, order), 9), movie.id))
    best, rest = ranked[:depth], ranked[depth:]
    bar = world.merit(best[-1], order) if best and rest else -1.0

    def near(movie: Movie) -> bool:
        # Equal sums are ordered by id; sums within rounding of each other may be on either side.
        return 0 < abs(world.merit(movie, order) - bar) < TOLERANCE

    sure = {int(movie.id) for movie in best if not near(movie)}
    return sure, sure | {int(movie.id) for movie in (*best, *filter(near, rest))}


@ask_little
@given(order=strategies.orders, filters=strategies.filters, depth=st.integers(1, 60))
def test_an_order_alone_gives_the_best_movies_that_meet_the_filters(
    index: MovieIndex, order: Order, filters: Filters, depth: int
) -> None:
    found = set(index.candidates(Question(order=order, filters=filters, depth=depth)).ids.tolist())
    sure, possible = _expected(order, filters, depth)
    assert sure <= found <= possible


@ask_little
@given(order=strategies.orders, text=strategies.questions, filters=strategies.filters, depth=st.integers(1, 20))
def test_the_best_by_merit_join_with_their_word_score_and_their_cosine(
    index: MovieIndex, order: Order, text: str, filters: Filters, depth: int
) -> None:
    vector = _vector()
    question = Question(text, vector=vector, filters=filters, order=order, depth=depth)
    found = index.candidates(question)
    sure, _ = _expected(order, filters, depth)
    assert sure <= set(found.ids.tolist())
    place = {movie.id: row for row, movie in enumerate(world.movies())}
    rows = [place[movie] for movie in found.ids.tolist()]
    np.testing.assert_allclose(found.words, world.word_scores(text, question.fields)[rows], rtol=0.02, atol=1e-4)
    np.testing.assert_allclose(found.cosine, (world.vectors() @ vector)[rows], atol=1e-4)


def test_movies_of_equal_merit_join_by_id(index: MovieIndex) -> None:
    having = sorted(movie.id for movie in world.movies() if world.moods(movie).get("cozy") == 1.0)
    found = index.candidates(Question(order=(("mood:cozy", 1.0),), depth=len(having) - 2))
    assert found.ids.tolist() == having[:-2]


def test_an_order_alone_gives_no_word_scores_and_no_cosines(index: MovieIndex) -> None:
    found = index.candidates(Question(order=(("prominence", 1.0),), depth=5))
    assert len(found) == 5
    assert np.isnan(found.cosine).all()
    assert (found.words == 0).all()
    assert found.words_best == 0


def test_an_empty_question_is_rejected(index: MovieIndex) -> None:
    with pytest.raises(ValueError, match="words, a vector or an order"):
        index.candidates(Question())


@pytest.mark.parametrize("order", [(("votes", 1.0),), (("rating", 0.0),), (("mood:cozy", float("nan")),)])
def test_an_invalid_order_is_rejected_by_name(index: MovieIndex, order: Order) -> None:
    with pytest.raises(ValueError, match=f"order: .*{order[0][0]}"):
        index.candidates(Question(order=order))


def _vector() -> Vectors:
    row = np.random.default_rng(11).normal(size=world.DIMENSION).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)

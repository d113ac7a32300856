"""Losses by epoch: that of ALS is the paper's and never rises; that of the rating model falls."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommender.models import als
from engine.recommender.models.als import ALSConfig, Epoch, Start
from engine.recommender.models.interactions import Interactions, weigh
from engine.recommender.ratings import bayes
from tests.engine.recommender import scorer_kit as kit

QUICK = ALSConfig(factors=6, iterations=5)


def world(seed: int, users: int, movies: int) -> Interactions:
    """Return random stars of random pairs, at least one."""
    draw = np.random.default_rng(seed)
    rated = draw.random((users, movies)) < 0.4
    rated[0, 0] = True
    who, what = np.nonzero(rated)
    stars = draw.integers(1, 11, len(who)).astype(np.float32) / 2
    names = tuple(f"ml:{number}" for number in range(users))
    movies = what.astype(np.int64) + 1
    return Interactions(names, who.astype(np.int64), movies, weigh(stars), stars, movies)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    size=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    factors=st.integers(1, 8),
    alpha=st.floats(0.1, 40),
    regularization=st.floats(0.1, 150),
)
def test_the_loss_of_als_never_rises(
    seed: int, size: tuple[int, int], factors: int, alpha: float, regularization: float
) -> None:
    losses: list[float] = []

    def after(epoch: Epoch) -> bool:
        losses[:] = epoch.losses
        return True

    als.fit(world(seed, *size), ALSConfig(factors, alpha, regularization, iterations=6), after=after)
    assert len(losses) == 6
    assert all(later <= earlier * (1 + 1e-5) + 1e-4 for earlier, later in itertools.pairwise(losses))


def test_the_loss_is_that_of_the_paper_over_all_pairs() -> None:
    told = world(3, 7, 9)
    seen: list[Epoch] = []
    als.fit(told, QUICK, after=lambda epoch: seen.append(epoch) or True)
    last = seen[-1]
    sure, liked = np.ones((7, 9)), np.zeros((7, 9))
    numbers = np.unique(told.users).tolist()
    movies = last.movies.tolist()
    for user, movie, weight in zip(told.users.tolist(), told.movies.tolist(), told.weights.tolist(), strict=True):
        sure[numbers.index(user), movies.index(movie)] = 1 + QUICK.alpha * abs(weight)
        liked[numbers.index(user), movies.index(movie)] = weight > 0
    scores = last.user_factors.astype(np.float64) @ last.movie_factors.T.astype(np.float64)
    sure, liked = sure[: len(numbers), : len(movies)], liked[: len(numbers), : len(movies)]
    sizes = np.square(last.user_factors, dtype=np.float64).sum() + np.square(last.movie_factors, dtype=np.float64).sum()
    expected = (sure * (liked - scores) ** 2).sum() + QUICK.regularization * sizes
    assert last.losses[-1] == pytest.approx(expected, rel=1e-5)


def test_single_epochs_give_the_same_result_as_implicit_in_one_call() -> None:
    from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415

    told = kit.checkerboard()
    whole = AlternatingLeastSquares(
        factors=6, regularization=QUICK.regularization, alpha=1.0, iterations=5, num_threads=1, random_state=QUICK.seed
    )
    whole.fit(als._confidences(told, np.unique(told.movies), QUICK.alpha), show_progress=False)
    np.testing.assert_allclose(als.fit(told, QUICK).factors, whole.item_factors, rtol=1e-5, atol=1e-6)


def test_an_interrupted_fit_gives_the_same_result() -> None:
    told = kit.checkerboard()
    kept: list[Epoch] = []
    als.fit(told, QUICK, after=lambda epoch: kept.append(epoch) or len(kept) < 2)
    assert len(kept) == 2
    start = Start(kept[-1].movies, kept[-1].movie_factors, kept[-1].user_factors, kept[-1].losses)
    again = als.fit(told, QUICK, start=start)
    np.testing.assert_array_equal(again.factors, als.fit(told, QUICK).factors)


def test_a_warm_start_needs_fewer_epochs_and_knows_what_to_do_with_new_movies() -> None:
    told = kit.checkerboard()
    cold_losses: list[float] = []
    before = als.fit(told.select(told.movies > kit.FIRST_ID + 3), ALSConfig(6, iterations=20))
    als.fit(told, QUICK, after=lambda epoch: cold_losses.append(epoch.losses[-1]) or True)
    warm_losses: list[float] = []
    start = Start(before.movies, before.factors)
    als.fit(told, QUICK, start=start, after=lambda epoch: warm_losses.append(epoch.losses[-1]) or True)
    assert warm_losses[0] < cold_losses[0]
    assert warm_losses[-1] <= cold_losses[-1] * 1.01


def test_initial_factors_of_another_length_are_ignored() -> None:
    told = kit.checkerboard()
    before = als.fit(told, ALSConfig(4, iterations=3))
    found = als.fit(told, QUICK, start=Start(before.movies, before.factors))
    np.testing.assert_array_equal(found.factors, als.fit(told, QUICK).factors)


def test_the_rating_model_reports_its_error_after_each_sweep() -> None:
    errors_are_told_after_each_sweep(bayes, 120)


def errors_are_told_after_each_sweep(module: Any, sweeps: int) -> None:
    """A module's `train` reports each sweep once, and the error falls."""
    told = world(5, 40, 30)
    own_colour = told.users % 2 == told.movies % 2
    stars = np.clip(np.where(own_colour, told.stars / 4 + 3.5, told.stars / 4 + 0.5), 0.5, 5).astype(np.float32)
    seen: list[tuple[int, float]] = []
    module.train(told.users, told.movies, stars, sweep=lambda number, error: seen.append((number, error)))
    assert [number for number, _ in seen] == list(range(1, sweeps + 1))
    assert seen[-1][1] < seen[0][1]
    assert seen[-1][1] < 0.7 * stars.std()

"""Training: accepted and refused input, and independence of everything but the ratings."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import movielens100k, rating
from engine.recommender.ratings import bayes, least_squares, rating_table
from engine.recommender.ratings import fit as ratings_fit
from engine.recommender.ratings.rating_table import Table
from tests.engine.recommender.ratings.worlds import Train, World, make, movie_ids, rated, served

ROOT = Path(__file__).parents[4]


def test_the_order_of_the_ratings_changes_nothing(world: World, train: Train) -> None:
    order = np.random.default_rng(1).permutation(len(world.stars))
    straight = train(world.users, world.movies, world.stars)
    shuffled = train(world.users[order], world.movies[order], world.stars[order])
    for one, other in zip(straight.arrays().values(), shuffled.arrays().values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_does_not_change_the_ratings(world: World, train: Train) -> None:
    given = world.users.copy(), world.movies.copy(), world.stars.copy()
    train(*given)
    for array, was in zip(given, (world.users, world.movies, world.stars), strict=True):
        np.testing.assert_array_equal(array, was)


def test_a_single_rating_is_enough_to_train(train: Train) -> None:
    model = train(np.array([1]), np.array([42]), np.array([4.0], dtype=np.float32))
    assert model.predict(rated({42: 4.0}), np.array([42]))[0] == pytest.approx(4.0, abs=0.6)


def test_the_seed_decides_the_draws(world: World) -> None:
    one, same, other = (
        bayes.train(
            world.users, world.movies, world.stars, options=bayes.Options(factors=2, warm_up=1, draws=1, seed=seed)
        )
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.factors, same.factors)
    assert not np.array_equal(one.factors, other.factors)


def test_more_draws_are_better_than_one() -> None:
    sparse = make(known=0.12, seed=8)
    errors = [
        sparse.error(
            bayes.train(sparse.users, sparse.movies, sparse.stars, options=bayes.Options(factors=4, draws=draws))
        )
        for draws in (1, 20)
    ]
    assert errors[1] < errors[0]


def test_a_repeated_pair_counts_once_with_its_mean() -> None:
    known = rating_table.make(np.array([5, 5, 9]), np.array([20, 20, 10]), np.array([2, 4, 5], dtype=np.float32))
    assert (known.mean, known.users.tolist(), known.movies.tolist()) == (4.0, [5, 9], [10, 20])
    assert known.ratings().toarray().tolist() == [[0, -1], [1, 0]]


@pytest.mark.parametrize(
    ("users", "movies", "stars", "message"),
    [
        ([1, 2], [3], [4.0], "users, movies and stars: expected equal lengths, got 2, 1 and 1"),
        ([], [], [], "stars: expected at least one rating, got none"),
        ([1, 2], [3, 3], [4.0, 5.5], "stars: expected 0.5 to 5.0, got 5.5 in entry 1"),
        ([1, 2], [3, 3], [4.0, float("nan")], "stars: expected 0.5 to 5.0, got nan in entry 1"),
    ],
)
def test_invalid_input_is_named(users: list[int], movies: list[int], stars: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ratings_fit.train(
            np.array(users, dtype=np.int64), np.array(movies, dtype=np.int64), np.array(stars, dtype=np.float32)
        )


def small() -> Table:
    known = make(users=12, movies=9, known=0.5)
    return rating_table.make(known.users, known.movies, known.stars)


def test_the_conjugate_gradient_agrees_with_a_direct_solution() -> None:
    shares = least_squares.unit_rows(small().rated())
    right = np.random.default_rng(0).normal(size=(shares.shape[1], 3)).astype(np.float32)
    dense = shares.toarray()
    expected = np.linalg.solve(dense.T @ dense + 2 * np.eye(dense.shape[1]), right)
    np.testing.assert_allclose(least_squares.regress(shares, right, penalty=2.0), expected, atol=1e-4)


def test_implicit_factors_are_drawn_with_the_mean_and_the_covariance_of_their_posterior() -> None:
    chance = np.random.default_rng(0)
    shares = least_squares.unit_rows(small().rated())
    seen = chance.normal(size=(shares.shape[0], 2)).astype(np.float32)
    precision = np.array([[4.0, 1.0], [1.0, 2.0]])
    draws = np.array([bayes.implicit(chance, shares, seen, precision=precision, ratio=2.0) for _ in range(3_000)])
    dense = shares.toarray()
    inverse = np.linalg.inv(dense.T @ dense + 2 * np.eye(dense.shape[1]))
    np.testing.assert_allclose(draws.mean(axis=0), inverse @ dense.T @ seen, atol=0.03)
    covariance = np.cov(draws.reshape(len(draws), -1).T)
    np.testing.assert_allclose(covariance, np.kron(inverse, np.linalg.inv(precision)), atol=0.02)


def test_which_movies_were_rated_is_learned_from() -> None:
    movies_that_were_rated_are_learned_from(served)


def movies_that_were_rated_are_learned_from(train: Train) -> None:
    """Users rate and love movies of their own kind only, so a new user's movies reveal the kind whatever the stars."""
    chance = np.random.default_rng(3)
    kind, of_movie = np.arange(200) % 2, np.arange(60) % 2
    same = kind[:, None] == of_movie[None, :]
    rows, columns = np.nonzero(chance.random(same.shape) < np.where(same, 0.35, 0.05))
    stars = np.where(same[rows, columns], 4.0, 2.0) + chance.normal(0, 0.3, len(rows))
    model = train(rows, movie_ids(60)[columns], np.clip(stars, 0.5, 5).astype(np.float32))
    assert np.abs(model.implicit).max() > 0.01
    implied = model.predict(rated(dict.fromkeys(movie_ids(20)[::2].tolist(), 3.0)), movie_ids(60))
    without = replace(model, implicit=model.implicit[:, :, :0])
    plain = without.predict(rated(dict.fromkeys(movie_ids(20)[::2].tolist(), 3.0)), movie_ids(60))
    gain, before = (found[of_movie == 0].mean() - found[of_movie == 1].mean() for found in (implied, plain))
    assert gain > before


def test_serving_a_stored_model_loads_no_scipy() -> None:
    modules = "engine.recommender.ratings.fold_in, engine.recommender.ratings.fit"
    code = f"import sys, {modules}; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.data
@pytest.mark.slow
def test_the_served_predictor_meets_its_target_on_the_hardest_fold(real_data: Path) -> None:
    assert error_on_first_fold(real_data, ratings_fit.train) <= 0.91


def error_on_first_fold(real_data: Path, fit: Train) -> float:
    """Return the RMSE of the first fold of MovieLens 100K, without movies missing in its training part."""
    known, asked = movielens100k.read_fold(real_data / "movielens" / "ml-100k", 1)
    model = fit(known.users, known.movies, known.stars)
    squares = []
    for user in np.unique(asked.users):
        theirs = asked.users == user
        predicted = model.predict(rating.history(known, int(user)), asked.movies[theirs])
        squares.append(np.square(predicted - asked.stars[theirs]))
    return float(np.sqrt(np.nanmean(np.concatenate(squares))))


def test_few_ratings_get_all_sweeps_and_many_get_fewer() -> None:
    usual = bayes.Options()
    assert ratings_fit.planned(100_000) == usual
    for count in (400_000, 500_000, 600_000, 10**8):
        chosen = ratings_fit.planned(count)
        sweeps = chosen.warm_up + chosen.draws * chosen.apart
        assert ratings_fit.LEAST_SWEEPS <= sweeps < usual.warm_up + usual.draws * usual.apart
        assert (chosen.draws, chosen.factors) == (usual.draws, usual.factors)
        assert chosen.warm_up >= sweeps // 3


def test_beyond_the_budget_an_even_sample_of_the_users_is_learned_from() -> None:
    known = make(users=60, movies=20, known=0.8)
    sweeps: list[int] = []
    budget = 0.5 * len(known.stars) * ratings_fit.LEAST_SWEEPS / 1e6
    model = ratings_fit.train(
        known.users, known.movies, known.stars, sweep=lambda number, _: sweeps.append(number), budget=budget
    )
    assert ratings_fit.LEAST_SWEEPS <= sweeps[-1] <= ratings_fit.LEAST_SWEEPS + 10
    kept = np.isin(known.users, np.unique(known.users)[np.linspace(0, 59, 30).astype(int)])
    assert abs(int(kept.sum()) - len(kept) / 2) < 0.1 * len(kept)
    assert model.movies.tolist() == np.unique(known.movies).tolist()
    assert np.isfinite(model.predict(known.history(1), model.movies)).all()

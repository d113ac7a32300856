"""EASE within a budget of memory: exact for the most rated movies, pruned, and neighbours for the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import DataError
from engine.recommender.models import ease, interaction_matrix, interactions
from engine.recommender.models.ease import Ease, EASEConfig
from engine.recommender.models.interactions import Interactions
from tests.engine.recommender import scorer_kit as kit

USERS, MOVIES = 200, 60
CONFIG = EASEConfig(regularization=20.0, kept=MOVIES)


@pytest.fixture(scope="module")
def known() -> Interactions:
    """Ratings of movies of falling popularity."""
    chance = np.random.default_rng(5)
    taste = chance.integers(0, 2, USERS)
    likely = 0.8 * (np.arange(MOVIES) + 1.0) ** -0.4
    rated = chance.random((USERS, MOVIES)) < likely * np.where(taste[:, None] == np.arange(MOVIES) % 2, 1.0, 0.3)
    users, movies = np.nonzero(rated)
    stars = chance.integers(1, 11, len(users)).astype(np.float32) / 2
    names = tuple(map(str, range(USERS)))
    times = np.zeros(len(users), np.int64)
    return Interactions(names, users, movies + kit.FIRST_ID, interactions.weigh(stars), stars, times)


def dense(model: Ease) -> np.ndarray:
    everything = np.arange(len(model.movies))
    return model.rows.dense(everything, everything)


def closed_form(known: Interactions, config: EASEConfig) -> np.ndarray:
    """Return B as in the paper, in double precision."""
    weights = np.where(known.weights > 0, known.weights, config.against * known.weights)
    matrix = interaction_matrix.sparse(known, np.unique(known.movies), weights).toarray().astype(np.float64)
    inverse = np.linalg.inv(matrix.T @ matrix + config.regularization * np.eye(matrix.shape[1]))
    found = -inverse / np.diag(inverse)
    np.fill_diagonal(found, 0)
    return found


def test_the_weights_are_those_of_the_closed_form(known: Interactions) -> None:
    np.testing.assert_allclose(dense(ease.fit(known, CONFIG)), closed_form(known, CONFIG), atol=1e-5)


@pytest.mark.parametrize("block", [7, MOVIES, 1_000])
def test_the_weights_do_not_depend_on_the_size_of_blocks(
    known: Interactions, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ease, "BLOCK", block)
    np.testing.assert_allclose(dense(ease.fit(known, CONFIG)), closed_form(known, CONFIG), atol=1e-5)


def test_only_the_greatest_weights_are_kept(known: Interactions) -> None:
    whole, found = dense(ease.fit(known, CONFIG)), dense(ease.fit(known, replace(CONFIG, kept=10)))
    kept = found != 0
    assert 8.5 * MOVIES <= kept.sum() <= 10 * MOVIES
    np.testing.assert_array_equal(found[kept], whole[kept])
    assert np.abs(whole[~kept]).max() <= np.abs(found[kept]).min()


def test_the_most_rated_movies_have_exact_weights_and_the_others_neighbours(
    known: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ease, "capacity", lambda _config: 40)
    model = ease.fit(known, CONFIG)
    counts = np.unique(known.movies, return_counts=True)[1]
    exact = ease.most_rated(counts, 40)
    part = known.select(np.isin(known.movies, model.movies[exact]))
    np.testing.assert_allclose(dense(model)[np.ix_(exact, exact)], closed_form(part, CONFIG), atol=1e-5)
    others = dense(model)[:, ~exact]
    assert (others > 0).any(axis=0).all()
    assert others.min() == 0
    assert (dense(model)[~exact] > 0).any(axis=1).all(), "a rare movie of a history counts, too"


def test_without_memory_for_ease_all_movies_have_neighbours() -> None:
    model = ease.fit(kit.checkerboard(), replace(CONFIG, memory_mb=0, shrinkage=1.0))
    scores = model.scores(kit.history({kit.FIRST_ID: 5.0, kit.FIRST_ID + 2: 5.0}))
    assert scores[4::2].min() > scores[1::2].max()
    assert np.all(np.diag(dense(model)) == 0)


def test_the_budget_covers_the_matrix_and_the_blocks() -> None:
    for memory in (1, 100, 2_000, 100_000):
        config = EASEConfig(memory_mb=memory)
        size = ease.capacity(config)
        each = ease.BYTES_PER_BLOCK + ease.BYTES_PER_ENTRY * config.kept
        assert 4 * size**2 + each * size <= memory * 1e6
        assert 4 * (size + 1) ** 2 + each * (size + 1) > memory * 1e6
    assert ease.capacity(EASEConfig(memory_mb=0)) == 0
    assert ease.capacity(EASEConfig()) > 20_000


def test_threads_do_not_change_the_weights(known: Interactions) -> None:
    one, two = ease.fit(known, CONFIG), ease.fit(known, replace(CONFIG, threads=2))
    np.testing.assert_allclose(one.rows.values, two.rows.values, atol=1e-6)


def test_a_matrix_that_is_singular_in_single_precision_is_refused_in_words() -> None:
    count = MOVIES
    weights = np.repeat(np.random.default_rng(1).uniform(1e5, 1e6, count), count).astype(np.float32)
    pairs = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    stars, times = np.full(count**2, 5, np.float32), np.zeros(count**2, np.int64)
    heavy = Interactions(tuple(map(str, range(count))), *pairs, weights, stars, times)
    with pytest.raises(DataError, match="ease_regularization"):
        ease.fit(heavy, replace(CONFIG, regularization=1e-3))

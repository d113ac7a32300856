"""Learned pooling: its training against numerical derivatives and on data with a known answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import pooling_training
from benchmarks.pooling_training import Batch
from core.errors import ModelMissing
from engine.search.encoders import pooling
from engine.search.encoders.pooling import Pooling

DIMENSION = 8


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def _noisy_posts(count: int, movies: np.ndarray, *, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Create texts in which two tokens identify the movie and eight, marked by the first coordinate, are noise."""
    random = np.random.default_rng(seed)
    targets = random.integers(0, len(movies), count)
    posts = []
    for target in targets:
        signal = np.repeat(movies[target][None], 2, axis=0)
        chatter = _unit(random.normal(size=(8, DIMENSION)))
        chatter[:, 0] = 3.0
        posts.append(np.concatenate((signal, chatter)).astype(np.float32))
    return posts, targets


def _movies() -> np.ndarray:
    rows = np.random.default_rng(5).normal(size=(30, DIMENSION))
    rows[:, 0] = 0.0
    return _unit(rows)


def _pooling(parameters: dict[str, np.ndarray]) -> Pooling:
    return Pooling("toy@0", parameters["attention"], parameters["scores"], parameters["shift"], {"queries": 3})


def test_gradients_match_numerical_derivatives() -> None:
    movies = _movies()
    posts, targets = _noisy_posts(3, movies, seed=1)
    random = np.random.default_rng(2)
    parameters = {
        "attention": random.normal(size=(4, DIMENSION)),
        "scores": random.normal(size=4),
        "shift": 0.1 * random.normal(size=(DIMENSION, DIMENSION)),
    }
    batch = Batch.of([post.astype(np.float64) for post in posts])
    _, analytic = pooling_training.gradients(parameters, batch, targets, movies.astype(np.float64))
    for name, value in parameters.items():
        for at in (0, value.size // 2, value.size - 1):
            before = value.flat[at]
            losses = []
            for step in (1e-5, -1e-5):
                value.flat[at] = before + step
                losses.append(pooling_training.gradients(parameters, batch, targets, movies.astype(np.float64))[0])
            value.flat[at] = before
            assert analytic[name].flat[at] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-3, abs=1e-6)


def test_training_learns_to_ignore_chatter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooling_training, "RATES", {"attention": 3e-2, "scores": 3e-2, "shift": 1e-3})
    movies = _movies()
    posts, targets = _noisy_posts(600, movies, seed=3)
    fresh, wanted = _noisy_posts(100, movies, seed=4)
    learnt = _pooling(pooling_training.train(posts, targets, movies)).pool(fresh)
    mean = _unit(np.array([post.mean(axis=0) for post in fresh]))
    found = [float(np.mean((vectors @ movies.T).argmax(axis=1) == wanted)) for vectors in (mean, learnt)]
    assert found[1] > found[0] + 0.1


def test_untrained_pooling_is_the_mean() -> None:
    posts, _ = _noisy_posts(4, _movies(), seed=6)
    zero = _pooling({"attention": np.ones((2, DIMENSION)), "scores": np.zeros(2), "shift": np.zeros((8, 8))})
    np.testing.assert_allclose(zero.pool(posts), _unit(np.array([post.mean(axis=0) for post in posts])), atol=1e-6)


def test_serving_and_training_pool_identically() -> None:
    movies = _movies()
    posts, targets = _noisy_posts(40, movies, seed=7)
    parameters = pooling_training.train(posts, targets, movies)
    trained = pooling_training.forward(parameters, Batch.of(posts)).vectors
    np.testing.assert_allclose(_pooling(parameters).pool(posts), trained, atol=1e-5)


def test_saved_parameters_are_read_back(tmp_path: Path) -> None:
    posts, targets = _noisy_posts(40, _movies(), seed=8)
    saved = _pooling(pooling_training.train(posts, targets, _movies()))
    saved.save(tmp_path / "pooling.npz")
    read = pooling.load(tmp_path / "pooling.npz")
    assert (read.encoder, read.report) == ("toy@0", {"queries": 3})
    np.testing.assert_allclose(read.pool(posts), saved.pool(posts), atol=1e-3)


def test_errors_name_the_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "pooling.npz").write_bytes(b"damaged")
    with pytest.raises(ModelMissing, match=r"pooling\.npz"):
        pooling.load(tmp_path / "pooling.npz")

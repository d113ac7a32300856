"""Factors by alternating least squares for implicit feedback: trained with `implicit`, served by a closed form.

Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008. A movie of the history with
weight w has the confidence c = 1 + α|w| and the preference p = 1 where w > 0, else 0; a movie without an interaction
has c = 1 and p = 0. So a disliked movie is a *confident* 0: it pushes the user away from similar movies more than an
unseen one, without implying that its opposite is liked. A user's vector minimizes the same loss:

    x = (YᵀY + Yᵀ(C - 1)Y + λ1)⁻¹ Yᵀ C p

This is one solve over the whole history, so a new rating takes effect at once and the model never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.models import interaction_matrix
from engine.recommender.models.interactions import Interactions

NAME = "als"
AT_FIRST = 0.01
"""Maximum of random initial factors, as in `implicit`."""
PORTION = 100_000
"""Pairs whose scores are in memory while the loss is computed."""


@dataclass(frozen=True, slots=True)
class ALSConfig:
    """The configuration of ALS; the defaults give the best *blend* on validation data (`benchmarks.taste.tune`).

    Alone, ALS ranks slightly better with more regularization, but shows far fewer movies.
    """

    factors: int = 96
    alpha: float = 9.5
    regularization: float = 35.0
    iterations: int = 12
    seed: int = 20_261
    threads: int = 1
    """Threads of a fit; its result does not depend on their number."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded-in history.

    Attributes:
        rows: intp, (len(history),), the row of each movie, -1 for unknown ones.
        shares: float64, (dim, n_known), A⁻¹ y_j c_j p_j of each known movie; their sum is the user.
        vector: float32, (dim,).
    """

    rows: NDArray[np.intp]
    shares: NDArray[np.float64]
    vector: Floats


@dataclass(frozen=True)
class Als:
    """Movie factors with the parameters of fold-in.

    Attributes:
        movies: int64, (n,), ascending.
        factors: float32, (n, dim).
        learned: bool, (n,), movies whose factors were learned from ratings; only these are summed in YᵀY. Others have
            mapped factors, and count only in histories.
    """

    movies: Ids
    factors: Floats
    learned: NDArray[np.bool_]
    alpha: float
    regularization: float
    _last: list[tuple[History, _Folded] | None] = field(
        default_factory=lambda: [None], init=False, repr=False, compare=False
    )
    """The last folded-in history, replaced atomically, so that threads at worst solve twice."""

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    @cached_property
    def _gram(self) -> NDArray[np.float64]:
        """float64, (dim, dim): YᵀY + λ1."""
        known = self.factors[self.learned].astype(np.float64)
        return np.asarray(known.T @ known + self.regularization * np.eye(self.factors.shape[1]))

    def user_vector(self, history: History) -> Floats:
        """Return float32, (dim,): the folded-in user; zeros if no movie of the history is known."""
        return self._fold_in(history).vector

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): inner products of user and movies; NaN if no movie of the history is known."""
        folded = self._fold_in(history)
        if not (folded.rows >= 0).any():
            return np.full(len(self.movies), np.nan, np.float32)
        return np.asarray(self.factors @ folded.vector, np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): y_iᵀ A⁻¹ y_j c_j p_j (section 5 of the paper), exact.

        Negative movies have no term of their own: they are part of A and affect all other terms.
        """
        folded, rows = self._fold_in(history), id_index.find(self.movies, movies)
        known = folded.rows >= 0
        result = np.zeros((len(movies), len(history)), np.float32)
        if known.any():
            result[:, known] = self.factors[rows] @ folded.shares
        else:
            result[:] = np.nan
        result[rows < 0] = np.nan
        return result

    def _fold_in(self, history: History) -> _Folded:
        """Solve once per history object: a request needs its scores, its vector and its terms."""
        last = self._last[0]
        if last is None or last[0] is not history:
            last = self._last[0] = (history, self._solve(history))
        return last[1]

    def _solve(self, history: History) -> _Folded:
        rows = id_index.find(self.movies, history.movies)
        known = self.factors[rows[rows >= 0]].astype(np.float64)
        weights = history.weights[rows >= 0].astype(np.float64)
        extra = self.alpha * np.abs(weights)
        system = self._gram + (known.T * extra) @ known
        shares = np.asarray(np.linalg.solve(system, known.T * np.where(weights > 0, 1 + extra, 0.0)), np.float64)
        return _Folded(rows, shares, np.asarray(shares.sum(axis=1), np.float32))


@dataclass(frozen=True, slots=True)
class Start:
    """Initial factors of a training: those of another model, or its own after an interruption.

    Attributes:
        movies: int64, (n,), ascending. movie_factors: float32, (n, dim).
        user_factors: float32, (n_users, dim), of the same users in the same order; None: random.
        losses: of the finished epochs.
    """

    movies: Ids
    movie_factors: Floats
    user_factors: Floats | None = None
    losses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch: one update of all users and all movies.

    Attributes:
        losses: of all epochs so far; the last is that of these factors.
        movies: int64, (n,), ascending. movie_factors: float32, (n, dim). user_factors: float32, (n_users, dim).
    """

    losses: tuple[float, ...]
    movies: Ids
    movie_factors: Floats
    user_factors: Floats


def fit(
    interactions: Interactions,
    config: ALSConfig,
    *,
    start: Start | None = None,
    after: Callable[[Epoch], bool] | None = None,
) -> Als:
    """Fit factors of all movies in `interactions`; deterministic.

    Args:
        start: ignored if it has another number of factors than `config.factors`.
        after: called with each epoch; returns whether to continue.
    """
    import implicit.cpu.als  # noqa: F401, PLC0415 - serving processes do not need it; loads the BLAS limited below
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    movies = np.unique(interactions.movies)
    confidences = _confidences(interactions, movies, config.alpha)
    done = start.losses if start else ()
    # BLAS threads in addition to those of `implicit` make it very slow.
    with threadpool_limits(1, "blas"):
        model = _trainer(config, _begin(start, movies, config), start.user_factors if start else None)
        while len(done) < config.iterations:
            model.fit(confidences, show_progress=False)
            if after is None:
                done = (*done, np.nan)
                continue
            done = (*done, loss(confidences, model.user_factors, model.item_factors, config.regularization))
            if not after(Epoch(done, movies, model.item_factors.copy(), model.user_factors.copy())):
                break
    factors = np.ascontiguousarray(model.item_factors, np.float32)
    return Als(movies, factors, np.ones(len(movies), np.bool_), config.alpha, config.regularization)


def loss(confidences: Any, users: Floats, movies: Floats, regularization: float) -> float:  # noqa: ANN401 - scipy
    """Σ c (p - x·y)² + λ (Σ|x|² + Σ|y|²) over *all* pairs of user and movie (Hu, Koren and Volinsky, equation 3).

    Pairs without interaction have c = 1 and p = 0, so their sum is that over all pairs (the trace of XᵀX YᵀY) minus the
    part of the pairs with interactions: the product of all users with all movies is never computed.
    """
    x, y = users.astype(np.float64), movies.astype(np.float64)
    gram_x, gram_y = x.T @ x, y.T @ y
    total = float((gram_x * gram_y).sum()) + regularization * float(np.trace(gram_x) + np.trace(gram_y))
    rows = np.repeat(np.arange(len(x)), np.diff(confidences.indptr))
    for first in range(0, len(rows), PORTION):
        part = slice(first, first + PORTION)
        scores = np.einsum("nk,nk->n", x[rows[part]], y[confidences.indices[part]])
        sure = confidences.data[part].astype(np.float64)
        total += float((np.abs(sure) * ((sure > 0) - scores) ** 2 - scores**2).sum())
    return total


def _trainer(config: ALSConfig, movies: Floats | None, users: Floats | None) -> Any:  # noqa: ANN401 - no types
    """Return a model of `implicit` that runs one epoch per call and continues from its factors."""
    from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415 - serving processes do not need it

    model = AlternatingLeastSquares(
        factors=config.factors,
        regularization=config.regularization,
        alpha=1.0,
        iterations=1,
        num_threads=config.threads,
        random_state=config.seed,
        dtype=np.float32,
    )
    model.item_factors = movies
    model.user_factors = None if users is None else users.copy()
    return model


def _begin(start: Start | None, movies: Ids, config: ALSConfig) -> Floats | None:
    """Return initial movie factors; movies unknown to `start` get random ones, as do all movies without it."""
    if start is None or start.movie_factors.shape[1] != config.factors:
        return None
    draw = np.random.default_rng(config.seed)
    factors = (draw.random((len(movies), config.factors), np.float32) * AT_FIRST).astype(np.float32)
    found = id_index.find(start.movies, movies)
    factors[found >= 0] = start.movie_factors[found[found >= 0]]
    return factors


def _confidences(interactions: Interactions, movies: Ids, alpha: float) -> Any:  # noqa: ANN401 - scipy has no types
    """Return a sparse matrix, (n_users, n_movies), of sign · (1 + α|w|); `implicit` takes negative as preference 0."""
    weights = interactions.weights
    return interaction_matrix.sparse(interactions, movies, np.sign(weights) * (1 + alpha * np.abs(weights)))

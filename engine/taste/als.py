"""Factors by alternating least squares for implicit feedback: trained with `implicit`, served by a closed form.

Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008. A film of the history with
weight w has the confidence c = 1 + α|w| and the preference p = 1 where w > 0, else 0; a film that was never spoken of
has c = 1 and p = 0. So a disliked film is a *sure* 0: it pulls the viewer away from films like it more than an unseen
one does, without claiming that its opposite is liked. A viewer's vector is the minimum of the same loss:

    x = (YᵀY + Yᵀ(C - 1)Y + λ1)⁻¹ Yᵀ C p

One solve over the whole history, so a new rating counts at once and the model never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.taste import Floats, History, Ids
from engine.taste import matrices, places
from engine.taste.interactions import Interactions

NAME = "als"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How ALS is trained; the defaults make the best *blend* on validation data (`benchmarks.taste.tune`).

    By itself ALS ranks slightly better with more regularisation, at the price of showing far fewer films.
    """

    factors: int = 96
    alpha: float = 9.5
    regularization: float = 35.0
    iterations: int = 12
    seed: int = 20_261


@dataclass(frozen=True, slots=True)
class _Folded:
    """A viewer's history by the model.

    Attributes:
        rows: intp, (len(history),), the place of each film, -1 for unknown ones.
        shares: float64, (dim, n_known), A⁻¹ y_j c_j p_j of each known film; their sum is the viewer.
        vector: float32, (dim,).
    """

    rows: NDArray[np.intp]
    shares: NDArray[np.float64]
    vector: Floats


@dataclass(frozen=True)
class Als:
    """Film factors with what folding in needs.

    Attributes:
        movies: int64, (n,), ascending.
        factors: float32, (n, dim).
        learned: bool, (n,), films whose factors were learned from ratings; only these stand for "all films" in YᵀY.
            Others got theirs from elsewhere, and count where a history has them.
    """

    movies: Ids
    factors: Floats
    learned: NDArray[np.bool_]
    alpha: float
    regularization: float
    _last: list[tuple[History, _Folded] | None] = field(
        default_factory=lambda: [None], init=False, repr=False, compare=False
    )
    """The history folded in last, replaced as a whole, so that threads can at worst solve twice."""

    @property
    def name(self) -> str:
        """What the model is called in tables and manifests."""
        return NAME

    @cached_property
    def _gram(self) -> NDArray[np.float64]:
        """float64, (dim, dim): YᵀY + λ1."""
        known = self.factors[self.learned].astype(np.float64)
        return np.asarray(known.T @ known + self.regularization * np.eye(self.factors.shape[1]))

    def viewer_vector(self, history: History) -> Floats:
        """float32, (dim,): the viewer folded in; zeros where no film of the history is known."""
        return self._fold_in(history).vector

    def scores(self, history: History) -> Floats:
        """float32, (n,): inner products of viewer and films; NaN where no film of the history is known."""
        folded = self._fold_in(history)
        if not (folded.rows >= 0).any():
            return np.full(len(self.movies), np.nan, np.float32)
        return np.asarray(self.factors @ folded.vector, np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """float32, (len(movies), len(history)): y_iᵀ A⁻¹ y_j c_j p_j (section 5 of the paper), exact.

        Films that count against have no term of their own: they weigh in A, on all the others.
        """
        folded, asked = self._fold_in(history), places.find(self.movies, movies)
        known = folded.rows >= 0
        result = np.zeros((len(movies), len(history)), np.float32)
        if known.any():
            result[:, known] = self.factors[asked] @ folded.shares
        else:
            result[:] = np.nan
        result[asked < 0] = np.nan
        return result

    def _fold_in(self, history: History) -> _Folded:
        """Solved once for one history object: a request asks for its scores, its vector and its terms in turn."""
        last = self._last[0]
        if last is None or last[0] is not history:
            last = self._last[0] = (history, self._solve(history))
        return last[1]

    def _solve(self, history: History) -> _Folded:
        rows = places.find(self.movies, history.movies)
        known = self.factors[rows[rows >= 0]].astype(np.float64)
        weights = history.weights[rows >= 0].astype(np.float64)
        extra = self.alpha * np.abs(weights)
        system = self._gram + (known.T * extra) @ known
        shares = np.asarray(np.linalg.solve(system, known.T * np.where(weights > 0, 1 + extra, 0.0)), np.float64)
        return _Folded(rows, shares, np.asarray(shares.sum(axis=1), np.float32))


def fit(interactions: Interactions, recipe: Recipe) -> Als:
    """Learn factors of every film in `interactions`; the same input gives the same factors."""
    from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415 - no serving process needs it
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    movies = np.unique(interactions.movies)
    # BLAS with threads of its own beside implicit's is what makes it crawl.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=recipe.factors,
            regularization=recipe.regularization,
            alpha=1.0,
            iterations=recipe.iterations,
            num_threads=1,
            random_state=recipe.seed,
            dtype=np.float32,
        )
        model.fit(_confidences(interactions, movies, recipe.alpha), show_progress=False)
    factors = np.ascontiguousarray(model.item_factors, np.float32)
    return Als(movies, factors, np.ones(len(movies), np.bool_), recipe.alpha, recipe.regularization)


def _confidences(interactions: Interactions, movies: Ids, alpha: float) -> Any:  # noqa: ANN401 - scipy has no types
    """A sparse matrix, (n_viewers, n_movies), of sign · (1 + α|w|): implicit reads a negative one as preference 0."""
    weights = interactions.weights
    return matrices.sparse(interactions, movies, np.sign(weights) * (1 + alpha * np.abs(weights)))

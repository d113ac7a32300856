"""The served form of neural collaborative filtering: NeuMF with users as sums of their movies. Numpy only.

He et al., "Neural Collaborative Filtering", WWW 2017, section 3.4: a generalized matrix factorization (GMF, a weighted
inner product) and a tower of layers (MLP) process a user and a movie in parallel, and their outputs are added. With u
the user and q_i the movie, each split into a part for GMF and one for the tower:

    s_i = h·(u ⊙ q_i) + g·φ₂(φ₁([u; q_i])) + b_i,    φ_k(x) = max(0, W_k x + c_k)

It departs from the paper in these points:

- **The user.** The paper learns a vector for each user, so users who join after training could not be served. Here
  u = Σ_j w_j p_j / (Σ_j |w_j|)^β, a weighted sum of vectors of the movies in the history, learned end to end (as in
  FISM: Kabbur, Ning and Karypis, 2013, with β for their α). So all users are folded in, and a new rating affects the
  next list. During training, the target movie is left out of its user's sum.
- **Weights.** They are those of `interactions`; a disliked movie is a confident 0 as target, and a fraction of its
  weight (`against`) is negative in the history.
- **Popularity.** Each movie has a bias b_i, since inner products of sums would not model it.
- **Explanations.** A score is the score without history, s_i with u = 0 (`resting`), plus a summand for each movie of
  the history. GMF is linear in these; the tower is decomposed by the rescale rule of DeepLIFT
  (Shrikumar, Greenside and Kundaje, "Learning Important Features Through Propagating Activation Differences", ICML
  2017, section 3.5) with the empty history as reference, whose summands add up exactly: each rectifier is replaced by
  the slope of the line from its value without history to its value with it.
- **Training** is one Adam run from random initial values; the paper pre-trains both branches and continues with SGD.
  Negatives are not drawn for each positive movie: the users of a batch share them, weighted accordingly, which turns
  many small products into one matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index

NAME = "ncf"


@dataclass(frozen=True)
class Ncf:
    """Movie vectors and the tower. d: length of a vector in GMF; m: in the tower; k₁, k₂: widths of its layers.

    Attributes:
        movies: int64, (n,), ascending.
        spoken: float32, (n, d + m): p, a movie's vector in histories.
        products: float32, (n, d): h ⊙ q, GMF's vector of a movie.
        hidden: float32, (n, k₁): the movie's part of the first layer, W₁ q + c₁, precomputed.
        biases: float32, (n,).
        entrance: float32, (m, k₁): the user's part of W₁.
        inner: float32, (k₁, k₂): W₂. shift: float32, (k₂,): c₂. output: float32, (k₂,): g.
        manner: float32, (2,): `against`, the factor of negative weights, and β.
    """

    movies: Ids
    spoken: Floats
    products: Floats
    hidden: Floats
    biases: Floats
    entrance: Floats
    inner: Floats
    shift: Floats
    output: Floats
    manner: Floats

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): log-odds that the user likes each movie; NaN if no movie of the history is known."""
        user = self.user_vector(history)
        if user is None:
            return np.full(len(self.movies), np.nan, np.float32)
        factors = self.products.shape[1]
        first = np.maximum(self.hidden + user[factors:] @ self.entrance, 0)
        second = np.maximum(first @ self.inner + self.shift, 0)
        return np.asarray(self.products @ user[:factors] + second @ self.output + self.biases, np.float32)

    @cached_property
    def resting(self) -> Floats:
        """float32, (n,): the scores without history, u = 0."""
        second = np.maximum(np.maximum(self.hidden, 0) @ self.inner + self.shift, 0)
        return np.asarray(second @ self.output + self.biases, np.float32)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): what each movie of the history adds to `resting`."""
        rows = id_index.find(self.movies, movies)
        found = id_index.find(self.movies, history.movies)
        result = np.zeros((len(movies), len(history)), np.float32)
        if (found >= 0).any() and (rows >= 0).any():
            own, known = self._summands(history), rows[rows >= 0]
            factors = self.products.shape[1]
            slopes = self._slopes(self.hidden[known], own.sum(axis=0)[factors:] @ self.entrance)
            added = self.products[known] @ own[:, :factors].T + slopes @ (own[:, factors:] @ self.entrance).T
            result[np.ix_(rows >= 0, found >= 0)] = added
        result[(rows < 0) | ~(found >= 0).any()] = np.nan
        return result

    def user_vector(self, history: History) -> Floats | None:
        """Return float32, (d + m,): u, from the known movies of the history; None if there are none."""
        own = self._summands(history)
        return np.asarray(own.sum(axis=0), np.float32) if len(own) else None

    def _summands(self, history: History) -> Floats:
        """Return float32, (n_known, d + m): what each known movie of a history adds to u."""
        found = id_index.find(self.movies, history.movies)
        weights = history.weights[found >= 0]
        against, exponent = self.manner.tolist()
        counted = np.where(weights > 0, weights, against * weights).astype(np.float32)
        length = max(float(np.abs(counted).sum()), LEAST_LENGTH) ** exponent
        return np.asarray(counted[:, None] * self.spoken[found[found >= 0]] / length, np.float32)

    def _slopes(self, resting: Floats, moved: Floats) -> Floats:
        """Return float32, (n, k₁): slopes of each movie's output with respect to the user's part of its first layer.

        Args:
            resting: float32, (n, k₁): the input of the first layer without history.
            moved: float32, (k₁,): what the user adds.
        """
        first = _slope(resting, np.broadcast_to(moved, resting.shape))
        before = np.maximum(resting, 0) @ self.inner + self.shift
        second = _slope(before, np.asarray((first * moved) @ self.inner, np.float32))
        return np.asarray((second * self.output) @ self.inner.T * first, np.float32)

    def among(self, movies: Ids) -> Ncf:
        """Return the model restricted to these movies."""
        there = id_index.find(movies, self.movies) >= 0
        return self if there.all() else replace(self, **{name: getattr(self, name)[there] for name in MOVIE_ARRAYS})

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return the model as plain arrays by name, for `np.savez`."""
        return {name: getattr(self, name) for name in AXES}


def _slope(resting: Floats, moved: Floats) -> Floats:
    """Return float32, like `resting`: slopes of max(0, x) from `resting` to `resting` + `moved`."""
    end = resting + moved
    still = np.abs(moved) < LEAST_MOVE
    way = (np.maximum(end, 0) - np.maximum(resting, 0)) / np.where(still, 1, moved)
    return np.asarray(np.where(still, resting > 0, way), np.float32)


AXES: Mapping[str, int] = {
    "movies": 1,
    "spoken": 2,
    "products": 2,
    "hidden": 2,
    "biases": 1,
    "entrance": 2,
    "inner": 2,
    "shift": 1,
    "output": 1,
    "manner": 1,
}
"""The arrays of a stored model and their numbers of axes."""
MOVIE_ARRAYS = ("movies", "spoken", "products", "hidden", "biases")
"""Arrays with a row per movie."""
LEAST_MOVE = 1e-6
"""Change below which a rectifier's derivative is used: the quotient would be noise."""
LEAST_LENGTH = 1e-6
"""Least length of a history."""


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Ncf:
    """Restore the model that `Ncf.arrays` returned.

    Raises:
        DataError: an array is missing or has another shape; the message names it.
    """
    for name, axes in AXES.items():
        if name not in arrays:
            raise DataError(f"expected an array {name!r}, found {', '.join(sorted(arrays)) or 'none'}")
        if arrays[name].ndim != axes:
            raise DataError(f"{name}: expected {axes} axes, got {arrays[name].ndim}")
    movies = len(arrays["movies"])
    for name in MOVIE_ARRAYS:
        if len(arrays[name]) != movies:
            raise DataError(f"{name}: expected {movies} rows, one per movie, got {len(arrays[name])}")
    return Ncf(**{name: arrays[name] for name in AXES})

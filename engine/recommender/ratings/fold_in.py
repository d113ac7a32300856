"""The served form of rating models: movie factors, and users folded in from their whole history.

A model is one or several draws (point estimates have one). In a draw, a movie i has a level m_i (its shrunk mean) and a
vector f_i = (1, q_i); a user has a vector z = (bias, factors) and would give m_i + f_i·z. Given the user's ratings,
z is the ridge solution (the posterior mean of the linear model; Bishop 2006, equation 3.50)

    z = x + (P + Σ f_i f_iᵀ)⁻¹ Σ f_i (r_i - m_i - f_i·x),    x = max(n, l)^-½ (Σ y_j + max(0, l - n) ȳ),

with the sums over the n movies rated, P the prior's precision over the noise's, and y_j the implicit factors of movie j
(SVD++; Koren 2008; zero in other models). Training saw hardly any user with fewer than l movies; until a user has rated
as many, the missing ones count as average ones, ȳ. The prediction is the mean over the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.recommendations.records import Floats, History, Ids
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from engine.recommender import id_index

Arrays = Mapping[str, NDArray[Any]]
"""A model as plain arrays by name, without Python objects."""
Doubles = NDArray[np.float64]

SHAPES: Final = {
    "movies": 1,
    "levels": 2,
    "factors": 3,
    "implicit": 3,
    "common": 2,
    "lightest": 1,
    "precision": 3,
    "noise": 1,
    "cuts": 1,
}
"""The arrays of a stored predictor and their numbers of axes."""
STEPS = round((MAX_STARS - MIN_STARS) / STAR_STEP) + 1


@dataclass(frozen=True, slots=True)
class FactorPredictor:
    """Predicts users' stars from movie factors: k factors, d draws.

    Immutable, so thread-safe.

    Attributes:
        name: its name in tables and manifests: `bayes` for the served one.
        movies: int64, (n_movies,), TMDB ids, ascending.
        levels: float32, (n_movies, d), predicted stars of a user without history.
        factors: float32, (n_movies, d, k).
        implicit: float32, (n_movies, d, 1 + k), or (n_movies, d, 0) without implicit factors.
        common: float32, (d, 1 + k), √l ȳ: the average implicit factors of a user with few ratings.
        lightest: float32, (1,), l: number of ratings of users with few ratings in training.
        precision: float32, (d, 1 + k, 1 + k), of a user's bias and factors, in units of the noise's.
        noise: float32, (d,), standard deviation of a rating around its prediction, in stars.
        cuts: float32, (10,), lower bounds of .5, 1, … 5 stars on the continuous scale of predictions.
    """

    name: str
    movies: Ids
    levels: Floats
    factors: Floats
    implicit: Floats
    common: Floats
    lightest: Floats
    precision: Floats
    noise: Floats
    cuts: Floats

    def predict(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies),): stars clipped to .5 to 5, in the order of `movies`; NaN for an unknown movie.

        Only rated movies of the history that the model knows count; without any, a movie gets its own shrunk mean.
        """
        answer = np.full(len(movies), np.nan, dtype=np.float32)
        rows, known = self._find(movies)
        user, _ = self._fold_in(history, spread=False)
        answer[known] = np.clip(self._stars(rows, user), MIN_STARS, MAX_STARS)
        return answer

    def mean_and_spread(self, history: History, movies: Ids) -> tuple[Floats, Floats]:
        """Return unclipped predicted stars and the standard deviation of a rating around them, like `predict`.

        The spread includes the noise of a rating, the uncertainty of the user, and the variance between draws.
        """
        mean, spread = np.full((2, len(movies)), np.nan, dtype=np.float32)
        rows, known = self._find(movies)
        user, covariance = self._fold_in(history, spread=True)
        mean[known] = self._stars(rows, user)
        features = _with_one(self.factors[rows])
        each = self.levels[rows] + np.einsum("nda,da->nd", features, user)
        of_user = np.einsum("nda,dab,ndb->nd", features, covariance, features, optimize=True)
        variance = (np.square(self.noise) * (1 + of_user)).mean(axis=1) + each.var(axis=1)
        spread[known] = np.sqrt(variance)
        return mean, spread

    def arrays(self) -> Arrays:
        """Return the predictor as arrays, for `from_arrays`."""
        return {"name": np.array(self.name), **{name: getattr(self, name) for name in SHAPES}}

    def _find(self, movies: Ids) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the rows of the known movies, and which of `movies` are known."""
        rows = id_index.find(self.movies, movies)
        known = rows >= 0
        return rows[known], known

    def _fold_in(self, history: History, *, spread: bool) -> tuple[Doubles, Doubles]:
        """Return the user's vector, (d, 1 + k), and with `spread` its covariance over the noise's variance."""
        rated = ~np.isnan(history.stars)
        rows, known = self._find(history.movies[rated])
        features = _with_one(self.factors[rows].swapaxes(0, 1))
        transposed = features.swapaxes(1, 2)
        system = (self.precision + transposed @ features).astype(np.float64)
        prior = self._implied(rows)
        residuals = (history.stars[rated][known] - self.levels[rows].T)[:, :, None] - features @ prior[:, :, None]
        change = np.linalg.solve(system, (transposed @ residuals).astype(np.float64))[:, :, 0]
        covariance = np.asarray(np.linalg.inv(system) if spread else system[:0], dtype=np.float64)
        return prior + change, covariance

    def _implied(self, rows: NDArray[np.intp]) -> Floats:
        """Return float32, (d, 1 + k): the sum of the implicit factors of the rated movies."""
        draws, size = self.precision.shape[:2]
        if self.implicit.shape[2] == 0:
            return np.zeros((draws, size), dtype=np.float32)
        counted = max(float(len(rows)), float(self.lightest[0]))
        missing = 1 - len(rows) / counted
        return np.asarray(self.implicit[rows].sum(axis=0) / np.sqrt(counted) + missing * self.common, dtype=np.float32)

    def _stars(self, rows: NDArray[np.intp], user: Doubles) -> Floats:
        """Return float32, (len(rows),): the mean of the draws' predictions, as one matrix-vector product."""
        flat = self.factors.reshape(len(self.movies), -1)
        weights = (user[:, 1:] / len(user)).astype(np.float32).ravel()
        # A product with all movies is faster than selecting most of the rows first.
        most = 2 * len(rows) > len(self.movies)
        taste = (flat @ weights)[rows] if most else flat[rows] @ weights
        return np.asarray(self.levels[rows].mean(axis=1) + user[:, 0].mean() + taste, dtype=np.float32)


def from_arrays(arrays: Arrays) -> FactorPredictor:
    """Restore the predictor that `arrays` returned.

    Raises:
        DataError: an array is missing or does not fit the others; the message names it.
    """
    for name, axes in {"name": 0, **SHAPES}.items():
        if name not in arrays:
            raise DataError(f"the rating model lacks the array {name!r}; train it again")
        if arrays[name].ndim != axes:
            raise DataError(f"rating model, array {name!r}: expected {axes} axes, got {arrays[name].ndim}")
    predictor = FactorPredictor(
        name=str(arrays["name"]),
        movies=np.asarray(arrays["movies"], dtype=np.int64),
        **{name: np.ascontiguousarray(arrays[name], dtype=np.float32) for name in SHAPES if name != "movies"},
    )
    _check(predictor)
    return predictor


def _check(predictor: FactorPredictor) -> None:
    movies, draws, factors = predictor.factors.shape
    width = predictor.implicit.shape[2]
    expected = {
        "movies": (movies,),
        "levels": (movies, draws),
        "implicit": (movies, draws, width and factors + 1),
        "common": (draws, factors + 1),
        "lightest": (1,),
        "precision": (draws, factors + 1, factors + 1),
        "noise": (draws,),
        "cuts": (STEPS,),
    }
    for name, shape in expected.items():
        found = getattr(predictor, name).shape
        if found != shape:
            raise DataError(f"rating model, array {name!r}: expected the shape {shape}, got {found}; train it again")


def _with_one(factors: Floats) -> Floats:
    """Return (…, 1 + k): 1 and the factors; the 1 multiplies the user's bias."""
    features = np.ones((*factors.shape[:-1], factors.shape[-1] + 1), dtype=np.float32)
    features[..., 1:] = factors
    return features


def above(z: Floats) -> Floats:
    """Return the probability that a normal variable exceeds `z` deviations (Page 1977, accurate to .0002)."""
    exponent = np.clip(1.5976 * z + 0.070565 * z**3, -60, 60)
    return np.asarray(1 / (1 + np.exp(exponent)), dtype=np.float32)

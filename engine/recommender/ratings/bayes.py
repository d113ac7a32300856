"""The served rating model: a Bayesian factorization with implicit factors of both sides, averaged over draws.

r = μ + b_i + b_u + q_i·z_u + noise (Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix factorization using
Markov chain Monte Carlo"). The prior of a user's (b_u, z_u) is centred on |N(u)|^-½ Σ y_j over the movies rated, as in
SVD++, and that of a movie's (b_i, q_i) on a mean plus |N(i)|^-½ Σ x_v over the users who rated it: "flipped" SVD++
(Rendle, Zhang and Koren 2019, "On the difficulty of evaluating baselines"). y and x are ridge regressions drawn at
their posterior by noise injection (Simm and others 2017, "Macau", section 3.2). All precisions are drawn as well, so
there is no penalty to tune. Each kept draw is a set of movie factors; a user is folded into each in closed form and the
predictions are averaged, which is better than any single fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import least_squares, predictor_build, rating_table
from engine.recommender.ratings.fold_in import Doubles, FactorPredictor
from engine.recommender.ratings.rating_table import Sparse, Table

Sweep = Callable[[int, float], None]
"""Called after each sweep of a training with its number, from 1, and the RMSE on the training ratings, in stars."""

NOISE_AT_FIRST = 0.9
"""Initial standard deviation of a rating, in stars; the second step draws its own."""
PRECISION_AT_FIRST = 10.0
"""Initial ratio of the implicit factors' precision to that of the factors."""
PRECISION_BOUNDS = 0.5, 1e5
"""Bounds of that ratio, for float32."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the training. The defaults were tuned by `python -m benchmarks.rating tune`."""

    factors: int = 8
    warm_up: int = 40
    """Steps of the chain before the first draw is kept."""
    draws: int = 20
    """Draws that are kept and served: memory and time of a prediction are proportional to them."""
    apart: int = 4
    """Steps between kept draws, since consecutive draws are correlated."""
    prior_weight: int = 20
    """Weight of a precision's prior in users (and movies), beyond the minimum that makes it proper."""
    seed: int = 0


def train(
    users: Ids, movies: Ids, stars: Floats, *, options: Options | None = None, sweep: Sweep | None = None
) -> FactorPredictor:
    """Sample levels, factors and implicit factors of movies given ratings: int64 (n,), int64 (n,), float32 (n,)."""
    chosen = options or Options()
    known = rating_table.make(users, movies, stars)
    chain = _Chain(known, chosen, sweep)
    for _ in range(chosen.warm_up):
        chain.step()
    kept, fits = [], []
    for _ in range(chosen.draws):
        for _ in range(chosen.apart):
            chain.step()
        kept.append(chain.draw())
        fits.append(chain.fitted())
    movie_factors, implicit, precision, noise = (np.stack(parts) for parts in zip(*kept, strict=True))
    return predictor_build.predictor(
        known,
        name="bayes",
        movies=movie_factors.swapaxes(0, 1),
        implicit=implicit.swapaxes(0, 1),
        precision=precision,
        noise=noise,
        fitted=np.mean(fits, axis=0),
        spread=np.sqrt(np.mean(np.square(noise)) + np.var(fits, axis=0)),
    )


@dataclass(slots=True)
class _Side:
    """The state of the chain for users or for movies.

    Attributes:
        rated, ratings, shares: sparse, (n, m): 1 for each rating of the other side, its deviation, and 1 divided by the
            root of the row's count.
        vectors: float32, (n, 1 + k), bias and factors.
        implicit: float32, (m, 1 + k), implicit factors of the other side.
        centre: float32, (1 + k,), mean of the vectors; zero for users, whose mean is in the movies' biases.
        implicit_precision: of `implicit`, in units of the vectors'.
    """

    rated: Sparse
    ratings: Sparse
    shares: Sparse
    vectors: Floats
    implicit: Floats
    centre: Floats
    implicit_precision: float = PRECISION_AT_FIRST

    @property
    def implied(self) -> Floats:
        """float32, (n, 1 + k): the mean of the prior without the centre."""
        return np.asarray(self.shares @ self.implicit, dtype=np.float32)


class _Chain:
    """A Gibbs sampler: each step draws every unknown given all the others."""

    def __init__(self, known: Table, options: Options, sweep: Sweep | None = None) -> None:
        self._options, self._sweep, self._steps = options, sweep, 0
        self._chance = np.random.default_rng(options.seed)
        self._known = known
        rated, ratings = known.rated(), known.ratings()
        self._users = self._side(rated, ratings)
        self._movies = self._side(rated.T.tocsr(), ratings.T.tocsr())
        self._noise = NOISE_AT_FIRST**-2
        self._precision: Doubles = np.eye(options.factors + 1)

    def _side(self, rated: Sparse, ratings: Sparse) -> _Side:
        size = self._options.factors + 1
        vectors = self._chance.standard_normal((rated.shape[0], size), dtype=np.float32) * np.float32(0.1)
        vectors[:, 0] = 0
        implicit = np.zeros((rated.shape[1], size), dtype=np.float32)
        return _Side(
            rated, ratings, least_squares.unit_rows(rated), vectors, implicit, np.zeros(size, dtype=np.float32)
        )

    def step(self) -> None:
        """Draw movies, then users, then the noise; and with each side its precision, centre and implicit factors."""
        self._vectors(self._movies, self._users)
        self._centre(self._movies)
        self._precision = self._vectors(self._users, self._movies)
        self._draw_noise()
        self._steps += 1
        if self._sweep is not None:
            self._sweep(self._steps, float(np.sqrt(np.mean(np.square(self._known.deviations - self.fitted())))))

    def draw(self) -> tuple[Floats, Floats, Floats, np.float32]:
        """Return the current state for serving: movies, implicit factors, a user's precision, the noise."""
        precision = np.asarray(self._precision / self._noise, dtype=np.float32)
        return self._movies.vectors, self._users.implicit, precision, np.float32(self._noise**-0.5)

    def fitted(self) -> Floats:
        """Return float32, (n,): the fitted training ratings in the current state, as deviations."""
        users, movies = self._users.vectors[self._known.user_rows], self._movies.vectors[self._known.movie_rows]
        return np.asarray(movies[:, 0] + np.einsum("na,na->n", users, least_squares.features(movies)), dtype=np.float32)

    def _vectors(self, side: _Side, other: _Side) -> Doubles:
        """Draw a side's precision, implicit factors and vectors; return the precision."""
        precision = self._draw_precision(side.vectors - side.centre - side.implied)
        self._draw_implicit(side, precision)
        met = least_squares.features(other.vectors)
        system = np.float32(self._noise) * least_squares.moments(met, side.rated) + precision.astype(np.float32)
        right = np.float32(self._noise) * least_squares.targets(
            met, other.vectors[:, 0], rated=side.rated, ratings=side.ratings
        ) + (side.centre + side.implied) @ precision.astype(np.float32)
        side.vectors = _normal(self._chance, system, right)
        return precision

    def _draw_precision(self, errors: Floats) -> Doubles:
        """Draw the precision of errors (n, 1 + k) around zero, under a Wishart prior."""
        size = errors.shape[1]
        scale = np.linalg.inv(np.eye(size) + (errors.T @ errors).astype(np.float64)).astype(np.float64)
        return _wishart(self._chance, scale, freedom=size + self._options.prior_weight + len(errors))

    def _draw_implicit(self, side: _Side, precision: Doubles) -> None:
        """Draw the implicit factors given the vectors, then their precision."""
        seen = side.vectors - side.centre
        side.implicit = implicit(self._chance, side.shares, seen, precision=precision, ratio=side.implicit_precision)
        size = np.einsum("ma,ab,mb->", side.implicit, precision, side.implicit, optimize=True)
        drawn = self._chance.gamma((1 + side.implicit.size) / 2, 2 / (1 + size))
        side.implicit_precision = float(np.clip(drawn, *PRECISION_BOUNDS))

    def _centre(self, side: _Side) -> None:
        """Draw the mean of a side's vectors, with a prior of one zero vector."""
        rows = len(side.vectors)
        errors = side.vectors - side.implied
        precision = self._draw_precision(errors - side.centre) * (rows + 1)
        mean = errors.sum(axis=0) / (rows + 1)
        side.centre = _normal(self._chance, precision.astype(np.float32)[None], (precision @ mean)[None])[0]

    def _draw_noise(self) -> None:
        errors = self._known.deviations - self.fitted()
        self._noise = float(self._chance.gamma((1 + len(errors)) / 2, 2 / (1 + float(errors @ errors))))


def implicit(chance: np.random.Generator, shares: Sparse, seen: Floats, *, precision: Doubles, ratio: float) -> Floats:
    """Return float32, (m, 1 + k): a draw of Y where seen = shares Y + errors, by solving for noisy copies of both.

    Args:
        shares: sparse, (n, m), rows of unit length.
        seen: (n, 1 + k).
        precision: (1 + k, 1 + k), of each row of errors.
        ratio: the prior precision of each row of Y over that.
    """
    colour = np.linalg.inv(np.linalg.cholesky(precision)).astype(np.float32)
    noise = partial(_coloured, chance, colour=colour)
    right = shares.T @ (seen + noise(shares.shape[0])) + np.float32(ratio**0.5) * noise(shares.shape[1])
    return least_squares.regress(shares, right, penalty=ratio)


def _coloured(chance: np.random.Generator, rows: int, *, colour: Floats) -> Floats:
    return chance.standard_normal((rows, len(colour)), dtype=np.float32) @ colour


def _normal(chance: np.random.Generator, precision: Floats, right: NDArray[np.floating]) -> Floats:
    """Draw each row from the normal with this precision (n, s, s) and mean precision⁻¹ right (n, s)."""
    root = np.linalg.cholesky(precision)
    half = np.linalg.solve(root, right[:, :, None]) + chance.standard_normal((*right.shape, 1), dtype=np.float32)
    return np.asarray(np.linalg.solve(root.swapaxes(1, 2), half)[:, :, 0], dtype=np.float32)


def _wishart(chance: np.random.Generator, scale: Doubles, *, freedom: float) -> Doubles:
    """Draw from Wishart(scale, freedom), by Bartlett's decomposition."""
    size = len(scale)
    lower = np.tril(chance.standard_normal((size, size)), -1)
    lower[np.diag_indices(size)] = np.sqrt(chance.chisquare(freedom - np.arange(size)))
    root = np.linalg.cholesky(scale) @ lower
    return root @ root.T

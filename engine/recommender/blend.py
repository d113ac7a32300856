"""The blend of several models: each score is scaled by its spread and weighted by the length of the user's history.

    total_i = Σ_k v_k(n) · s_k,i / σ_k

σ_k is the standard deviation of the component's scores for this user over the movies learned from ratings, so that
weights are comparable; v_k(n) comes from a schedule of steps, with n the number of positive movies. Personal scores are
not centred: they stay sums over the user's own movies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History

PARTS = ("als", "ease", "content", "ncf", "popularity")
"""All components of a blend; `ncf` is present if it was trained."""
LEAST_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Blended:
    """The blend's scores for a user.

    Attributes:
        total: float32, (n_movies,), finite: the sum of the components.
        parts: float32, (n_movies,) each: the weighted scores of each model; 0 where it cannot score.
        common: float32, (n_movies,): the part of the total that is the same for all users of this step: popularity, and
            NCF's score without history. The rest is a sum over the user's own movies.
        factors: the factor that each personal model's scores were multiplied by.
    """

    total: Floats
    parts: Mapping[str, Floats]
    common: Floats
    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def personal(self) -> Floats:
        """float32, (n_movies,): the sum over the user's own movies."""
        return self.total - self.common


@dataclass(frozen=True, slots=True)
class BlendStep:
    """The weights for histories of at least `movies` movies."""

    movies: int
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class BlendSchedule:
    """Steps by number of movies, ascending, starting at 0."""

    steps: tuple[BlendStep, ...]

    def weights(self, history: History) -> Mapping[str, float]:
        """Return the weights for a user. A history of disliked movies only counts as one movie."""
        movies = max(int((history.weights > 0).sum()), min(len(history), 1))
        return next(step.weights for step in reversed(self.steps) if step.movies <= movies)


DEFAULT = BlendSchedule(
    (
        BlendStep(0, {"popularity": 1.0}),
        BlendStep(1, {"als": 0.5, "ease": 0.2, "content": 0.3, "popularity": 0.3}),
        BlendStep(5, {"als": 0.5, "ease": 0.5, "content": 0.1, "popularity": 0.1}),
        BlendStep(20, {"als": 0.5, "ease": 0.5, "content": 0.05}),
    )
)
"""The schedule if there are no data to tune on."""
LEAST_ALS = 0.1
"""Minimum weight of ALS: without it, movies without ratings would have no personal score."""


def alone(name: str) -> BlendSchedule:
    """Return a schedule that uses one model for all users with a history."""
    return BlendSchedule((BlendStep(0, {"popularity": 1.0}), BlendStep(1, {"als": LEAST_ALS, name: 1.0})))


def scale(scores: Floats, among: NDArray[np.bool_]) -> float:
    """Return 1 / standard deviation of a component's scores; 0 if it is 0 or the component cannot score."""
    known = scores[among] if among.any() else scores
    spread = float(known.std()) if len(known) else 0.0
    if np.isnan(spread):
        known = known[~np.isnan(known)]
        spread = float(known.std()) if len(known) else 0.0
    return 1 / spread if spread > LEAST_SPREAD else 0.0


def combine(parts: Mapping[str, Floats], *, common: Floats, factors: Mapping[str, float] | None = None) -> Blended:
    """Sum the weighted components. The arrays are read-only, as requests share them."""
    total = np.asarray(np.sum(list(parts.values()), axis=0, dtype=np.float64), np.float32)
    for array in (total, common, *parts.values()):
        array.flags.writeable = False
    return Blended(total, parts, common, factors or {})

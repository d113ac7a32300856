"""Several models as one score: each part scaled by its own spread, weighed by how much is known of the user.

    total_i = Σ_k v_k(n) · s_k,i / σ_k

σ_k is the spread (standard deviation over the movies learned from ratings) of the part's scores for this user, so that
weights compare; v_k(n) comes from a schedule of steps, n the number of movies that speak for something. Nothing that is
personal is centred: it stays a sum over the user's own movies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History

PARTS = ("als", "ease", "content", "ncf", "popularity")
"""All that may be blended; `ncf` is there where it was trained."""
LEAST_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Blended:
    """The blend's answer for one user.

    Attributes:
        total: float32, (n_movies,), finite: the sum of the parts.
        parts: float32, (n_movies,) each: what each model adds, weighed; 0 where it cannot score.
        common: float32, (n_movies,): what of the total is the same for everybody of this step: popularity, and what NCF
            says of a movie whoever asks. The rest is a sum over the user's own movies.
        factors: what the scores of each personal model were multiplied by.
    """

    total: Floats
    parts: Mapping[str, Floats]
    common: Floats
    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def personal(self) -> Floats:
        """float32, (n_movies,): what the user's own movies add up to."""
        return self.total - self.common


@dataclass(frozen=True, slots=True)
class BlendStep:
    """The weights from a number of movies on."""

    movies: int
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class BlendSchedule:
    """Steps by number of movies, ascending, the first from 0 on."""

    steps: tuple[BlendStep, ...]

    def weights(self, history: History) -> Mapping[str, float]:
        """The weights for a user. Whoever only disliked movies so far stands on the rung of one movie."""
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
"""Where there is nothing to choose by."""
LEAST_ALS = 0.1
"""Of the weight of ALS: without it, movies that nobody rated would have no personal score at all."""


def alone(name: str) -> BlendSchedule:
    """One model for everybody of whom something is known."""
    return BlendSchedule((BlendStep(0, {"popularity": 1.0}), BlendStep(1, {"als": LEAST_ALS, name: 1.0})))


def scale(scores: Floats, among: NDArray[np.bool_]) -> float:
    """1 / the spread of a part's scores; 0 where it has none, or cannot score."""
    known = scores[among] if among.any() else scores
    spread = float(known.std()) if len(known) else 0.0
    if np.isnan(spread):
        known = known[~np.isnan(known)]
        spread = float(known.std()) if len(known) else 0.0
    return 1 / spread if spread > LEAST_SPREAD else 0.0


def combine(parts: Mapping[str, Floats], *, common: Floats, factors: Mapping[str, float] | None = None) -> Blended:
    """Add up weighed parts."""
    total = np.sum(list(parts.values()), axis=0, dtype=np.float64)
    return Blended(np.asarray(total, np.float32), parts, common, factors or {})

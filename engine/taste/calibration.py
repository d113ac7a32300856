"""How sure: the probability that a viewer would like a film, calibrated by Platt's method on held-out ratings.

    P(4 stars or better) = 1 / (1 + exp(-(a·predicted stars + b·place + c)))

`place` is the blend's score in spreads above its mean. Platt, "Probabilistic
Outputs for Support Vector Machines", 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.taste import Floats

ROUNDS = 25
"""Newton's steps; a dozen are enough for three numbers."""
RIDGE = 1e-3
MOST = 30.0
"""Beyond, a probability is 0 or 1 to all intents, and exp would overflow."""
BINS = 10
"""Points of the reliability curve, each of as many held-out ratings."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of predicted stars and of place, and the constant."""

    stars: float = 1.6
    place: float = 0.2
    constant: float = -6.0

    def probability(self, stars: Floats, place: Floats) -> Floats:
        """float32, like `stars`: 0 to 1; NaN where `stars` is."""
        sum_ = self.stars * stars.astype(np.float64) + self.place * place + self.constant
        return np.asarray(1 / (1 + np.exp(-np.clip(sum_, -MOST, MOST))), np.float32)


def fit(stars: Floats, place: Floats, liked: NDArray[np.bool_]) -> Calibration:
    """The most likely weights (logistic regression, Newton's method); the default where there is nothing to learn."""
    if len(liked) < BINS or liked.all() or not liked.any():
        return Calibration()
    features = np.column_stack((stars, place, np.ones(len(stars)))).astype(np.float64)
    weights = np.zeros(3)
    for _ in range(ROUNDS):
        probability = 1 / (1 + np.exp(-np.clip(features @ weights, -MOST, MOST)))
        slope = features.T @ (liked - probability) - RIDGE * weights
        curve = (features.T * (probability * (1 - probability))) @ features + RIDGE * np.eye(3)
        weights = weights + np.linalg.solve(curve, slope)
    return Calibration(*weights.tolist())


def reliability(probability: Floats, liked: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Said probability, share that was liked, number of ratings: bins of equal number, ascending."""
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    return [(float(probability[part].mean()), float(liked[part].mean()), len(part)) for part in bins]


def calibration_error(curve: list[tuple[float, float, int]]) -> float:
    """The mean distance between said and true, weighed by number (expected calibration error)."""
    total = sum(number for *_, number in curve)
    return sum(abs(said - true) * number for said, true, number in curve) / total if total else 0.0

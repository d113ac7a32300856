"""How sure: the probability that a user would like a movie, calibrated by Platt's method on held-out ratings.

    P(4 stars or better) = 1 / (1 + exp(-(a·stars + b·place + Σ_k (d_k + e_k·(stars - middle))·v_k + c)))

`stars` are predicted, `place` is the blend's score in spreads above its mean, v is what the user's history is like
(`engine.recommender.models.user_features`): who uses few stars of the scale means more by one of them. Platt,
"Probabilistic Outputs for Support Vector Machines", 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats

ROUNDS = 25
"""Newton's steps; a dozen are enough for thirteen numbers."""
RIDGE = 1e-3
USER_RIDGE = 30.0
"""Of the weights of what users are like: with it, a hundred ratings to learn from do no harm (`docs/taste.md`)."""
MIDDLE = 3.5
"""Stars that most predictions are near."""
MOST = 30.0
"""Beyond, a probability is 0 or 1 to all intents, and exp would overflow."""
LEAST_SAID = 1e-7
"""A probability of 0 that came true costs no more than this."""
BINS = 10
"""Points of the reliability curve, each of as many held-out ratings."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of predicted stars and of place, and the constant.

    Attributes:
        user: d, what a user's figures add; empty: nothing. slope: e, what they add for each predicted star.
    """

    stars: float = 1.6
    place: float = 0.2
    constant: float = -6.0
    user: tuple[float, ...] = ()
    slope: tuple[float, ...] = ()

    def probability(self, stars: Floats, place: Floats, user: NDArray[np.float64]) -> Floats:
        """float32, (n,): 0 to 1; NaN where `stars` is.

        Args:
            stars, place: float32, (n,).
            user: float64, (5,) of one user or (n, 5): figures as `users.Scale.apply` gives them.
        """
        said = stars.astype(np.float64)
        sum_ = self.stars * said + self.place * place + self.constant
        if self.user:
            sum_ = sum_ + user @ np.array(self.user) + (said - MIDDLE) * (user @ np.array(self.slope))
        return np.asarray(1 / (1 + np.exp(-np.clip(sum_, -MOST, MOST))), np.float32)


def fit(stars: Floats, place: Floats, user: NDArray[np.float64], liked: NDArray[np.bool_]) -> Calibration:
    """The most likely weights (logistic regression, Newton's method); the default where there is nothing to learn.

    Args:
        stars, place: float32, (n,). user: float64, (n, k). liked: bool, (n,).
    """
    if len(liked) < BINS or liked.all() or not liked.any():
        return Calibration()
    slopes = (stars[:, None].astype(np.float64) - MIDDLE) * user
    features = np.column_stack((stars, place, np.ones(len(stars)), user, slopes)).astype(np.float64)
    ridge = np.array([RIDGE] * 3 + [USER_RIDGE] * 2 * user.shape[1])
    weights = np.zeros(len(ridge))
    for _ in range(ROUNDS):
        probability = 1 / (1 + np.exp(-np.clip(features @ weights, -MOST, MOST)))
        slope = features.T @ (liked - probability) - ridge * weights
        curve = (features.T * (probability * (1 - probability))) @ features + np.diag(ridge)
        weights = weights + np.linalg.solve(curve, slope)
    of_stars, of_place, constant = weights[:3].tolist()
    of_user, of_slope = (tuple(found.tolist()) for found in weights[3:].reshape(2, -1))
    return Calibration(of_stars, of_place, constant, of_user, of_slope)


def log_loss(probability: Floats, liked: NDArray[np.bool_]) -> float:
    """Mean of -log of what was said of what came true, in nats (Good, 1952); the smaller, the better."""
    said = np.where(liked, probability, 1 - probability.astype(np.float64))
    return float(-np.log(np.clip(said, LEAST_SAID, 1)).mean())


def reliability(probability: Floats, liked: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Said probability, share that was liked, number of ratings: bins of equal number, ascending."""
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    return [(float(probability[part].mean()), float(liked[part].mean()), len(part)) for part in bins]


def calibration_error(curve: list[tuple[float, float, int]]) -> float:
    """The mean distance between said and true, weighed by number (expected calibration error)."""
    total = sum(number for *_, number in curve)
    return sum(abs(said - true) * number for said, true, number in curve) / total if total else 0.0

"""The probability that a user likes a movie, calibrated with Platt's method on held-out ratings.

    P(4 stars or better) = 1 / (1 + exp(-(a·stars + b·place + Σ_k (d_k + e_k·(stars - middle))·v_k + c)))

`stars` are predicted, `place` is the blend's standardized score, and v are the features of the user's history
(`engine.recommender.models.user_features`): for users who use few stars of the scale, each star means more. Platt,
"Probabilistic Outputs for Support Vector Machines", 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats

ROUNDS = 25
"""Newton steps; a dozen are enough for thirteen weights."""
RIDGE = 1e-3
USER_RIDGE = 30.0
"""Ridge of the weights of user features; with it, even a hundred ratings do no harm (`docs/recommendations.md`)."""
MIDDLE = 3.5
"""The stars around which most predictions lie."""
MOST = 30.0
"""Bound of the log-odds: beyond it the probability is practically 0 or 1, and exp would overflow."""
LEAST_SAID = 1e-7
"""Least probability in the log loss."""
BINS = 10
"""Points of the reliability curve, each of as many held-out ratings."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of the calibration.

    Attributes:
        user: d, the weights of the user features; may be empty. slope: e, their weights per predicted star.
    """

    stars: float = 1.6
    place: float = 0.2
    constant: float = -6.0
    user: tuple[float, ...] = ()
    slope: tuple[float, ...] = ()

    def probability(self, stars: Floats, place: Floats, user: NDArray[np.float64]) -> Floats:
        """Return float32, (n,): 0 to 1; NaN where `stars` is.

        Args:
            stars, place: float32, (n,).
            user: float64, (5,) of one user or (n, 5): features as returned by `Scale.apply`.
        """
        predicted = stars.astype(np.float64)
        sum_ = self.stars * predicted + self.place * place + self.constant
        if self.user:
            sum_ = sum_ + user @ np.array(self.user) + (predicted - MIDDLE) * (user @ np.array(self.slope))
        return np.asarray(1 / (1 + np.exp(-np.clip(sum_, -MOST, MOST))), np.float32)


def fit(stars: Floats, place: Floats, user: NDArray[np.float64], liked: NDArray[np.bool_]) -> Calibration:
    """Fit the weights by logistic regression (Newton's method); the default if the data do not allow a fit.

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
    """Return the mean negative log probability of the outcomes, in nats (Good, 1952); lower is better."""
    true = np.where(liked, probability, 1 - probability.astype(np.float64))
    return float(-np.log(np.clip(true, LEAST_SAID, 1)).mean())


def reliability(probability: Floats, liked: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Return predicted probability, share of likes and number of ratings of bins of equal size, ascending."""
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    return [(float(probability[part].mean()), float(liked[part].mean()), len(part)) for part in bins]


def calibration_error(curve: list[tuple[float, float, int]]) -> float:
    """Return the expected calibration error: the mean difference of predicted and true, weighted by number."""
    total = sum(number for *_, number in curve)
    return sum(abs(predicted - true) * number for predicted, true, number in curve) / total if total else 0.0

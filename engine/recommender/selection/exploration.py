"""Exploration: some positions of a list are drawn at random from its candidates, with known probabilities. Pure.

Boltzmann exploration (Sutton and Barto, "Reinforcement Learning", 2018, section 2.8): a movie is drawn with a
probability proportional to exp(z), where z is its score in standard deviations of the candidates. The logged
probabilities allow an unbiased estimate of what other ways to fill these positions would have achieved
(`engine.online.off_policy`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

CANDIDATES = 40
"""Movies, the best ones, that are drawn from: enough to learn something new, few enough to be worth showing."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A position that was drawn.

    Attributes:
        item: place of the movie among the scores. position: in the list, from 1.
        rank: of the movie's score among those it was drawn from, from 0. pool: their number.
        propensity: the probability with which this movie was drawn.
    """

    item: int
    position: int
    rank: int
    pool: int
    propensity: float


def explore(
    chosen: Sequence[int],
    scores: NDArray[np.floating],
    *,
    size: int,
    share: float,
    seed: int,
    without: Collection[int] = (),
) -> tuple[list[int], list[Draw]]:
    """Return a list in which a share of the positions is drawn, and the draws.

    A shorter list is a prefix of a longer one, as `chosen` is, so that pages stay consistent.

    Args:
        chosen: places in `scores` of the list without exploration, at least `size` if there are as many.
        share: the probability that a position is drawn.
        seed: the same seed gives the same list.
        without: places in `scores` that are neither in `chosen` nor drawn.
    """
    draw = np.random.default_rng(seed)
    ranked = np.argsort(-np.asarray(scores), kind="stable").tolist()
    best = list(islice((item for item in ranked if item not in without), CANDIDATES))
    shown: dict[int, None] = {}
    draws: list[Draw] = []
    while len(shown) < size:
        explores, where = draw.random(2).tolist()
        pool = [item for item in best if item not in shown]
        if explores < share and pool:
            made = _drawn(pool, np.asarray(scores, np.float64)[pool], where, len(shown) + 1)
            draws.append(made)
            shown[made.item] = None
            continue
        following = next((item for item in chosen if item not in shown), None)
        if following is None:
            break
        shown[following] = None
    return list(shown), draws


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each candidate, by its score in standard deviations of all."""
    spread = float(scores.std())
    z = (scores - scores.max()) / spread if spread > 0 else np.zeros(len(scores))
    weights = np.exp(z)
    return np.asarray(weights / weights.sum())


def _drawn(pool: Sequence[int], scores: NDArray[np.float64], where: float, position: int) -> Draw:
    chances = probabilities(scores)
    rank = min(int(np.searchsorted(np.cumsum(chances), where, side="right")), len(pool) - 1)
    return Draw(pool[rank], position, rank, len(pool), float(chances[rank]))

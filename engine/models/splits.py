"""What is learned from and what is held out. Every split is the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.taste.interactions import Interactions

HELD_OUT = 0.2


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts of the same viewers' interactions; `names` are shared."""

    train: Interactions
    test: Interactions


def by_viewer(interactions: Interactions, *, seed: int, held_out: float = HELD_OUT) -> Split:
    """Hold out a share of each viewer's films, drawn at random; viewers with one film keep it."""
    order = np.lexsort((np.random.default_rng(seed).random(len(interactions)), interactions.viewers))
    counts = np.bincount(interactions.viewers, minlength=len(interactions.names))
    starts = np.cumsum(counts) - counts
    ranks = np.arange(len(interactions)) - starts[interactions.viewers[order]]
    taken = np.floor(counts * held_out + 0.5)[interactions.viewers[order]]
    return _divide(interactions, order[ranks < taken])


def by_time(interactions: Interactions, *, held_out: float = HELD_OUT) -> Split:
    """Hold out everything after one moment, the same for all: the latest share of all interactions.

    Viewers who came later are unknown to training; they are judged only where they said something before.
    """
    if not len(interactions):
        return Split(interactions, interactions)
    moment = np.quantile(interactions.times, 1 - held_out)
    return _divide(interactions, np.flatnonzero(interactions.times > moment))


def _divide(interactions: Interactions, test: NDArray[np.intp]) -> Split:
    held = np.zeros(len(interactions), np.bool_)
    held[test] = True
    return Split(interactions.take(~held), interactions.take(held))

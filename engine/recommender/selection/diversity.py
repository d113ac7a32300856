"""Diversity of lists: maximal marginal relevance with bounds on sequels and directors. Pure.

(Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents and producing summaries",
1998.) The choice is greedy, so a shorter list is a prefix of a longer one: pages never repeat or skip a movie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RELEVANCE_SHARE = 0.8
"""Weight of relevance against dissimilarity, tuned by `python -m benchmarks.users lists`: lists are as good as without
(NDCG@10 on the tuning half .344 against .340) and more diverse; with less, quality falls."""
WINDOW = 10
"""Consecutive movies over which the bounds below apply."""
MAX_PER_GROUP = 2
"""Movies of the same collection or director in a window."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates, in any order.

    Attributes:
        relevance: float, (n,), any scale.
        vectors: float32, (n, dimension), unit rows: what the movies are about.
        groups: for each movie the collection and the directors that it belongs to.
        cold: bool, (n,), movies without ratings.
    """

    relevance: NDArray[np.floating]
    vectors: NDArray[np.float32]
    groups: Sequence[frozenset[str]]
    cold: NDArray[np.bool_]


def choose(pool: Pool, *, size: int, share: float = RELEVANCE_SHARE, cold_share: float = 0.0) -> list[int]:
    """Return the positions of a diverse list in the pool, in order.

    Args:
        size: the maximum length of the list.
        share: weight of relevance, 1 for relevance alone.
        cold_share: the share of cold movies: they get places 1/share, 2/share, … and no others.
    """
    relevance = share * _scaled(pool.relevance)
    likeness = np.zeros(len(relevance))
    out = np.zeros(len(relevance), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(size, len(relevance)):
        value = relevance - (1 - share) * likeness
        value[out] = -np.inf
        position = _next(value, pool, chosen, cold_share=cold_share)
        if position is None:
            break
        chosen.append(position)
        out[position] = True
        np.maximum(likeness, pool.vectors @ pool.vectors[position], out=likeness)
    return chosen


def _next(value: NDArray[np.float64], pool: Pool, chosen: Sequence[int], *, cold_share: float) -> int | None:
    """Return the best movie for the next place. The bound on groups is relaxed if no other movie is left.

    The bound on cold movies is not relaxed, but a reserved place goes to another movie if no cold one is left.
    """
    place = len(chosen) + 1
    crowded = _crowded(pool, chosen)
    if int(place * cold_share) > int((place - 1) * cold_share):
        found = _best(np.where(pool.cold, value, -np.inf), pool, crowded)
        if found is not None:
            return found
    value[pool.cold] = -np.inf
    return _best(value, pool, crowded)


def _best(value: NDArray[np.float64], pool: Pool, crowded: frozenset[str]) -> int | None:
    """Return the best movie that is in no crowded group, or the best of all if all are."""
    best = here = int(value.argmax())
    if value[best] == -np.inf:
        return None
    while value[here] > -np.inf:
        if not pool.groups[here] & crowded:
            return here
        value[here] = -np.inf
        here = int(value.argmax())
    return best


def _crowded(pool: Pool, chosen: Sequence[int]) -> frozenset[str]:
    recent = Counter(group for i in chosen[-(WINDOW - 1) :] for group in pool.groups[i])
    return frozenset(group for group, count in recent.items() if count >= MAX_PER_GROUP)


def _scaled(relevance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale relevance to 0 to 1 over the pool."""
    values = np.asarray(relevance, np.float64)
    if not values.size:
        return values
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low)) if high > low else np.ones_like(values)

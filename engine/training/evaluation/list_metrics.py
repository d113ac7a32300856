"""Metrics of lists other than accuracy: inequality of exposure, diversity, novelty, serendipity and popularity bias."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Ids
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions
from engine.training.evaluation.metrics import Hits

GROUPS = ("niche", "diverse", "blockbuster")
"""Groups of users by the share of popular movies in their profiles, lowest first (Abdollahpouri et al., 2019)."""
SHORT_HEAD = 0.2
"""Share of the movies, the most rated ones, that count as popular."""
TAILS = 0.2
"""Share of the users, at either end, who are niche or blockbuster users."""


def gini(lists: NDArray[np.intp], movies: int) -> float:
    """Return the inequality of exposure: 0 if all movies are shown equally often, near 1 if few take all positions."""
    shown = np.sort(np.bincount(lists.ravel(), minlength=movies)).astype(np.float64)
    if not shown.sum():
        return 0.0
    places = np.arange(1, movies + 1)
    return float((2 * places - movies - 1) @ shown / (movies * shown.sum()))


def intra_list_diversity(lists: NDArray[np.intp], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean of 1 - cosine over the pairs of a list; `vectors` has unit rows: float64, (n_users,)."""
    depth = lists.shape[1]
    rows = vectors[lists]
    length = np.square(rows.sum(axis=1, dtype=np.float64)).sum(axis=1)
    own = np.square(rows).sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(1 - (length - own) / (depth * (depth - 1)))


def novelty(lists: NDArray[np.intp], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of -log2(share of users who know the movie), in bits (Vargas and Castells, 2011): (n_users,)."""
    return np.asarray(-np.log2(share[lists]).mean(axis=1))


def serendipity(hits: Hits, lists: NDArray[np.intp], obvious: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of the list that is relevant and not obvious: float64, (n_users,).

    A movie is obvious if plain popularity would have shown it to the user: `obvious` is bool, (n_users, n_movies), true
    for the movies of the user's popularity list of the same length (Ge, Delgado-Battenfeld and Jannach, 2010).
    """
    return np.asarray((hits & ~np.take_along_axis(obvious, lists, axis=1)).mean(axis=1))


def known_share(interactions: Interactions, movies: Ids) -> NDArray[np.float64]:
    """Return the share of users who know each movie, add-one smoothed so that none is 0: float64, (n_movies,)."""
    found = id_index.find(movies, interactions.movies)
    counts = np.bincount(found[found >= 0], minlength=len(movies))
    return np.asarray((counts + 1) / (len(np.unique(interactions.users)) + 1))


def user_groups(profiles: Sequence[NDArray[np.intp]], share: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return intp, (n_users,): the place in `GROUPS` of each user, by the share of popular movies in the profile.

    Args:
        profiles: the rows of the movies of each user, at least one.
        share: float64, (n_movies,): the share of users who know each movie.
    """
    popular = np.zeros(len(share), np.bool_)
    popular[np.argsort(-share, kind="stable")[: max(1, int(len(share) * SHORT_HEAD))]] = True
    shares = np.array([popular[profile].mean() for profile in profiles])
    ranks = np.empty(len(shares), np.intp)
    ranks[np.argsort(shares, kind="stable")] = np.arange(len(shares))
    tail = int(len(shares) * TAILS)
    return np.where(ranks < tail, 0, np.where(ranks >= len(shares) - tail, 2, 1)).astype(np.intp)


def popularity_bias(
    lists: NDArray[np.intp],
    profiles: Sequence[NDArray[np.intp]],
    groups: NDArray[np.intp],
    share: NDArray[np.float64],
) -> dict[str, float]:
    """Return for each group how much more popular its lists are than its profiles: 0 equally, 1 twice as popular.

    This is ΔGAP of Abdollahpouri et al., "The Unfairness of Popularity Bias in Recommendation", 2019: the relative
    difference of the mean popularity of a user's list and of a user's profile, both averaged over the group.
    """
    listed = share[lists].mean(axis=1)
    chosen = np.array([share[profile].mean() for profile in profiles])
    return {
        name: float(listed[own].mean() / chosen[own].mean() - 1)
        for place, name in enumerate(GROUPS)
        if (own := groups == place).any()
    }

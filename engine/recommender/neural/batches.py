"""Training batches: some users with their histories, and randomly drawn movies as negatives.

Uses numpy only; all draws come from the given generator, so that equal seeds give equal batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions

Places = NDArray[np.int64]


@dataclass(frozen=True)
class GroupedInteractions:
    """Interactions grouped by user; users without interactions are left out.

    Attributes:
        movies: int64, (n_movies,), ascending TMDB ids.
        ends: int64, (n_users + 1,): the rows of user k are `ends[k]` to `ends[k + 1]`.
        user_rows, movie_rows: int64, (n,). weights: float32, (n,).
        keys: int64, (n,), ascending: user times number of movies plus movie.
    """

    movies: Ids
    ends: Places
    user_rows: Places
    movie_rows: Places
    weights: Floats
    keys: Places

    def spoke_of(self, users: Places, movies: Places) -> NDArray[np.bool_]:
        """Return bool, of the broadcast shape: whether each user has an interaction with each movie."""
        wanted = users * len(self.movies) + movies
        found = np.searchsorted(self.keys, wanted).clip(max=len(self.keys) - 1)
        return np.asarray(self.keys[found] == wanted)


def group(interactions: Interactions, movies: Ids) -> GroupedInteractions:
    """Group interactions, all of which must be with `movies`."""
    _, users = np.unique(interactions.users, return_inverse=True)
    users = users.astype(np.int64)
    rows = id_index.find(movies, interactions.movies).astype(np.int64)
    ends = np.searchsorted(users, np.arange(users.max(initial=-1) + 2)).astype(np.int64)
    return GroupedInteractions(movies, ends, users, rows, interactions.weights, users * len(movies) + rows)


@dataclass(frozen=True)
class Batch:
    """Some users with their histories, and negatives drawn for all of them together.

    Attributes:
        starts: int64, (n_users,): the start of each history; histories are concatenated.
        user_rows: int64, (n,): rows in the batch. movie_rows: int64, (n,): movies of the interactions.
        weights: float32, (n,): weights in the history.
        wanted: float32, (n,): the target: 1 for positive movies, else 0. worth: float32, (n,): its weight.
        drawn: int64, (n_drawn,), the negatives, each once.
        strange: float32, (n_users, n_drawn): weight of each negative; 0 if the user has an interaction with it.
    """

    starts: Places
    user_rows: Places
    movie_rows: Places
    weights: Floats
    wanted: Floats
    worth: Floats
    drawn: Places
    strange: Floats


@dataclass(frozen=True, slots=True)
class Manner:
    """The configuration of batches."""

    negatives: float
    """Total weight of all negatives per positive movie."""
    drawn: int
    users: int
    against: float
    """Factor of negative weights in a history."""


def epoch(known: GroupedInteractions, manner: Manner, draw: np.random.Generator) -> Iterator[Batch]:
    """Yield all users once, in random order."""
    order = draw.permutation(len(known.ends) - 1)
    for start in range(0, len(order), manner.users):
        yield _batch(known, order[start : start + manner.users], manner, draw)


def _batch(known: GroupedInteractions, chosen: Places, manner: Manner, draw: np.random.Generator) -> Batch:
    counts = known.ends[chosen + 1] - known.ends[chosen]
    rows = np.concatenate([np.arange(known.ends[user], known.ends[user + 1]) for user in chosen.tolist()])
    users, weights = np.repeat(np.arange(len(chosen)), counts), known.weights[rows]
    drawn = draw.choice(len(known.movies), min(manner.drawn, len(known.movies)), replace=False)
    liked = np.bincount(users[weights > 0], minlength=len(chosen))
    return Batch(
        np.cumsum(counts) - counts,
        users,
        known.movie_rows[rows],
        np.where(weights > 0, weights, manner.against * weights).astype(np.float32),
        (weights > 0).astype(np.float32),
        np.abs(weights),
        drawn,
        _strange(known, chosen, drawn, manner.negatives * liked),
    )


def _strange(known: GroupedInteractions, chosen: Places, drawn: Places, worth: NDArray[np.floating]) -> Floats:
    """Distribute the weight of each user's negatives over the drawn movies without interaction."""
    fresh = ~known.spoke_of(chosen[:, None], drawn[None, :])
    return np.asarray(fresh * (worth / np.maximum(fresh.sum(axis=1), 1))[:, None], np.float32)

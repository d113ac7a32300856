"""What one step of training looks at: some users whole, the movies they spoke of, and movies drawn that they did not.

Numpy alone; every draw comes from the generator that is handed in, so that equal seeds give equal batches.
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
    """Interactions by rows: users without any are left out.

    Attributes:
        movies: int64, (n_movies,), ascending TMDB ids.
        ends: int64, (n_users + 1,): the rows of user k are `ends[k]` to `ends[k + 1]`.
        user_rows, movie_rows: int64, (n,), places. weights: float32, (n,), by the one table.
        keys: int64, (n,), ascending: user times number of movies plus movie.
    """

    movies: Ids
    ends: Places
    user_rows: Places
    movie_rows: Places
    weights: Floats
    keys: Places

    def spoke_of(self, users: Places, movies: Places) -> NDArray[np.bool_]:
        """bool, of the shape that both have together: whether each user said anything of each movie."""
        wanted = users * len(self.movies) + movies
        found = np.searchsorted(self.keys, wanted).clip(max=len(self.keys) - 1)
        return np.asarray(self.keys[found] == wanted)


def group(interactions: Interactions, movies: Ids) -> GroupedInteractions:
    """Interactions as training reads them; all of them must be of `movies`."""
    _, users = np.unique(interactions.users, return_inverse=True)
    users = users.astype(np.int64)
    rows = id_index.find(movies, interactions.movies).astype(np.int64)
    ends = np.searchsorted(users, np.arange(users.max(initial=-1) + 2)).astype(np.int64)
    return GroupedInteractions(movies, ends, users, rows, interactions.weights, users * len(movies) + rows)


@dataclass(frozen=True)
class Batch:
    """Some users with their histories, and movies drawn for all of them together.

    Attributes:
        starts: int64, (n_users,): where each history begins; histories lie one after the other.
        user_rows: int64, (n,): places in the batch. movie_rows: int64, (n,): what they spoke of.
        weights: float32, (n,): what counts of it in the history.
        wanted: float32, (n,): 1 for movies that count for something, else 0. worth: float32, (n,): how much.
        drawn: int64, (n_drawn,), each once.
        strange: float32, (n_users, n_drawn): how much it counts that the user did not speak of the movie; 0 where
            that is not so.
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
    """How batches are made of what was told."""

    negatives: float
    """What all movies that were drawn weigh together for each movie that counts for something."""
    drawn: int
    users: int
    against: float
    """Share of a weight below 0 that counts in a history."""


def epoch(known: GroupedInteractions, manner: Manner, draw: np.random.Generator) -> Iterator[Batch]:
    """All users once, in an order drawn anew."""
    order = draw.permutation(len(known.ends) - 1)
    for start in range(0, len(order), manner.users):
        yield _batch(known, order[start : start + manner.users], manner, draw)


def _batch(known: GroupedInteractions, chosen: Places, manner: Manner, draw: np.random.Generator) -> Batch:
    counts = known.ends[chosen + 1] - known.ends[chosen]
    rows = np.concatenate([np.arange(known.ends[user], known.ends[user + 1]) for user in chosen.tolist()])
    users, said = np.repeat(np.arange(len(chosen)), counts), known.weights[rows]
    drawn = draw.choice(len(known.movies), min(manner.drawn, len(known.movies)), replace=False)
    liked = np.bincount(users[said > 0], minlength=len(chosen))
    return Batch(
        np.cumsum(counts) - counts,
        users,
        known.movie_rows[rows],
        np.where(said > 0, said, manner.against * said).astype(np.float32),
        (said > 0).astype(np.float32),
        np.abs(said),
        drawn,
        _strange(known, chosen, drawn, manner.negatives * liked),
    )


def _strange(known: GroupedInteractions, chosen: Places, drawn: Places, worth: NDArray[np.floating]) -> Floats:
    """Shares out what each user's strangers are worth among those drawn that the user did not speak of."""
    fresh = ~known.spoke_of(chosen[:, None], drawn[None, :])
    return np.asarray(fresh * (worth / np.maximum(fresh.sum(axis=1), 1))[:, None], np.float32)

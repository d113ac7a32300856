"""What one step of training looks at: some viewers whole, the films they spoke of, and films drawn that they did not.

Numpy alone; every draw comes from the generator that is handed in, so that equal seeds give equal batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations import Floats, Ids
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    """Interactions by rows: viewers without any are left out.

    Attributes:
        movies: int64, (n_films,), ascending TMDB ids.
        ends: int64, (n_viewers + 1,): the rows of viewer k are `ends[k]` to `ends[k + 1]`.
        user_rows, movie_rows: int64, (n,), places. weights: float32, (n,), by the one table.
        keys: int64, (n,), ascending: viewer times number of films plus film.
    """

    movies: Ids
    ends: Places
    user_rows: Places
    movie_rows: Places
    weights: Floats
    keys: Places

    def spoke_of(self, viewers: Places, films: Places) -> NDArray[np.bool_]:
        """bool, of the shape that both have together: whether each viewer said anything of each film."""
        wanted = viewers * len(self.movies) + films
        found = np.searchsorted(self.keys, wanted).clip(max=len(self.keys) - 1)
        return np.asarray(self.keys[found] == wanted)


def told(interactions: Interactions, movies: Ids) -> Told:
    """Interactions as training reads them; all of them must be of `movies`."""
    _, viewers = np.unique(interactions.viewers, return_inverse=True)
    viewers = viewers.astype(np.int64)
    rows = id_index.find(movies, interactions.movies).astype(np.int64)
    ends = np.searchsorted(viewers, np.arange(viewers.max(initial=-1) + 2)).astype(np.int64)
    return Told(movies, ends, viewers, rows, interactions.weights, viewers * len(movies) + rows)


@dataclass(frozen=True)
class Batch:
    """Some viewers with their histories, and films drawn for all of them together.

    Attributes:
        starts: int64, (n_viewers,): where each history begins; histories lie one after the other.
        user_rows: int64, (n,): places in the batch. movie_rows: int64, (n,): what they spoke of. weights: float32, (n,): what
            counts of it in the history.
        wanted: float32, (n,): 1 for films that count for something, else 0. worth: float32, (n,): how much.
        drawn: int64, (n_drawn,), each once.
        strange: float32, (n_viewers, n_drawn): how much it counts that the viewer did not speak of the film; 0 where
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
    """What all films that were drawn weigh together for each film that counts for something."""
    drawn: int
    viewers: int
    against: float
    """Share of a weight below 0 that counts in a history."""


def epoch(known: Told, manner: Manner, draw: np.random.Generator) -> Iterator[Batch]:
    """All viewers once, in an order drawn anew."""
    order = draw.permutation(len(known.ends) - 1)
    for start in range(0, len(order), manner.viewers):
        yield _batch(known, order[start : start + manner.viewers], manner, draw)


def _batch(known: Told, chosen: Places, manner: Manner, draw: np.random.Generator) -> Batch:
    counts = known.ends[chosen + 1] - known.ends[chosen]
    rows = np.concatenate([np.arange(known.ends[viewer], known.ends[viewer + 1]) for viewer in chosen.tolist()])
    viewers, said = np.repeat(np.arange(len(chosen)), counts), known.weights[rows]
    drawn = draw.choice(len(known.movies), min(manner.drawn, len(known.movies)), replace=False)
    liked = np.bincount(viewers[said > 0], minlength=len(chosen))
    return Batch(
        np.cumsum(counts) - counts,
        viewers,
        known.movie_rows[rows],
        np.where(said > 0, said, manner.against * said).astype(np.float32),
        (said > 0).astype(np.float32),
        np.abs(said),
        drawn,
        _strange(known, chosen, drawn, manner.negatives * liked),
    )


def _strange(known: Told, chosen: Places, drawn: Places, worth: NDArray[np.floating]) -> Floats:
    """Shares out what each viewer's strangers are worth among those drawn that the viewer did not speak of."""
    fresh = ~known.spoke_of(chosen[:, None], drawn[None, :])
    return np.asarray(fresh * (worth / np.maximum(fresh.sum(axis=1), 1))[:, None], np.float32)

"""Users' ratings, marks and implicit feedback as weights that models learn from.

| input | weight | counts |
|---|---|---|
| 5 stars | 1.5 | for |
| 4.5 | 1.25 | for |
| 4 | 1 | for |
| 3.5 | .6 | for |
| 3 | .3 | for |
| 2.5 | .1 | for: the user chose and watched it |
| 2 | -.4 | against |
| 1.5 | -.6 | against |
| 1 | -.8 | against |
| .5 | -1 | against |
| favourite | 1.5 | for, like five stars |
| liked (swiped right) | .7 | for: would watch it |
| watchlist | .7 | for: the same |
| watched | .3 | for, like three stars: chosen, but not rated |
| passed (swiped left) | -.2 | against, lightly: "not now" |
| dismissed | -1 | against, like half a star |

| searched and clicked | .2 | for |
| clicked | .1 | for, barely |
| skipped (seen on three days without action) | -.05 | against, barely |

A rating takes precedence over marks, and both over implicit feedback. Of several marks the first of these counts:
dismissed, favourite, watchlist, liked, passed, watched.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from core.recommendations.snapshots import ImplicitFeedback, Snapshot
from core.types import MovieId
from core.users import Diary, MarkKind
from data.catalogues.movielens import Ratings

STARS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
STAR_WEIGHTS = (-1.0, -0.8, -0.6, -0.4, 0.1, 0.3, 0.6, 1.0, 1.25, 1.5)
"""Weight of each of `STARS`; means between two half stars are interpolated."""
MARKS: Mapping[MarkKind, float] = MappingProxyType(
    {
        MarkKind.DISMISSED: -1.0,
        MarkKind.FAVOURITE: 1.5,
        MarkKind.WATCHLIST: 0.7,
        MarkKind.LIKED: 0.7,
        MarkKind.PASSED: -0.2,
        MarkKind.WATCHED: 0.3,
    }
)
"""Weight of each mark, in order of precedence."""
SEARCHED, CLICKED, SKIPPED = 0.2, 0.1, -0.05
"""Weights of implicit feedback: none is stronger than the weakest mark."""
DEMO_PREFIX = "ml:"
"""Prefix of a MovieLens user's name; the site's own users are named by their number alone."""
LEAST_WEIGHT = 1e-3
"""Replaces a weight of 0, possible for a mean between 2 and 2.5 stars: histories must not contain it."""


def weigh(stars: NDArray[np.floating]) -> Floats:
    """Return float32, like `stars`: the weight of each rating."""
    weights = np.interp(stars, STARS, STAR_WEIGHTS)
    return np.where(np.abs(weights) < LEAST_WEIGHT, LEAST_WEIGHT, weights).astype(np.float32)


def history(diary: Diary) -> History:
    """Return the diary as the input of models."""
    known = {movie: (weight, np.nan) for kind, weight in reversed(tuple(MARKS.items())) for movie in diary.marked(kind)}
    known |= _weighed({movie: rating.stars for movie, rating in diary.ratings.items()})
    return _history(known)


def _weighed(ratings: Mapping[MovieId, float]) -> dict[MovieId, tuple[float, float]]:
    weights = weigh(np.fromiter(ratings.values(), np.float32, len(ratings)))
    return {movie: (weight, stars) for (movie, stars), weight in zip(ratings.items(), weights.tolist(), strict=True)}


def _history(known: Mapping[MovieId, tuple[float, float]]) -> History:
    movies = sorted(known)
    values = np.array([known[movie] for movie in movies], np.float32).reshape(-1, 2)
    return History(np.array(movies, np.int64), values[:, 0].copy(), values[:, 1].copy())


@dataclass(frozen=True, slots=True)
class Interactions:
    """Interactions of many users, a row per user and movie, ordered by user and movie.

    Attributes:
        names: the users by name (`42`, `ml:42`).
        users: int64, (n,), indices into `names`.
        movies: int64, (n,), TMDB ids.
        weights: float32, (n,).
        stars: float32, (n,), NaN without a rating.
        times: int64, (n,), seconds since 1970.
    """

    names: tuple[str, ...]
    users: NDArray[np.int64]
    movies: Ids
    weights: Floats
    stars: Floats
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.movies)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Interactions:
        """Return the selected rows; `names` are unchanged."""
        return Interactions(
            self.names, self.users[rows], self.movies[rows], self.weights[rows], self.stars[rows], self.times[rows]
        )

    def histories(self) -> list[History]:
        """Return the history of each of `names`, which may be empty."""
        ends = np.searchsorted(self.users, np.arange(len(self.names) + 1))
        return [
            History(self.movies[a:b], self.weights[a:b], self.stars[a:b]) for a, b in itertools.pairwise(ends.tolist())
        ]


NOTHING = Interactions(
    (),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.float32),
    np.empty(0, np.float32),
    np.empty(0, np.int64),
)


def of_movielens(ratings: Ratings) -> Interactions:
    """Return the interactions of MovieLens' users, named `ml:<number>`."""
    numbers, users = np.unique(ratings.users, return_inverse=True)
    names = tuple(f"{DEMO_PREFIX}{number}" for number in numbers.tolist())
    return Interactions(
        names, users.astype(np.int64), ratings.movies, weigh(ratings.stars), ratings.stars, ratings.times
    )


def of_site(snapshot: Snapshot) -> Interactions:
    """Return the interactions of the site's own users, named by number."""
    ranks = {kind: rank for rank, kind in enumerate(MARKS, start=1)}
    weights = np.array([MARKS[MarkKind(kind)] for kind in snapshot.mark_kinds.tolist()], np.float32)
    mark_ranks = np.array([ranks[MarkKind(kind)] for kind in snapshot.mark_kinds.tolist()], np.int64)
    users = np.concatenate((snapshot.rating_users, snapshot.mark_users))
    movies = np.concatenate((snapshot.rating_movies, snapshot.mark_movies))
    order = np.lexsort((np.concatenate((np.zeros(len(snapshot.stars), np.int64), mark_ranks)), movies, users))
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(users[order]) != 0) | (np.diff(movies[order]) != 0)
    kept = order[first]
    numbers, places = np.unique(users[kept], return_inverse=True)
    unrated = np.full(len(weights), np.nan, np.float32)
    return Interactions(
        tuple(map(str, numbers.tolist())),
        places.astype(np.int64),
        movies[kept],
        np.concatenate((weigh(snapshot.stars), weights))[kept],
        np.concatenate((snapshot.stars, unrated))[kept],
        np.concatenate((snapshot.rating_times, snapshot.mark_times))[kept],
    )


def of_implicit_feedback(feedback: ImplicitFeedback) -> Interactions:
    """Return the implicit feedback of the site's users; of several kinds for a movie the strongest counts."""
    weights = np.where(feedback.searches > 0, SEARCHED, np.where(feedback.clicks > 0, CLICKED, SKIPPED))
    numbers, places = np.unique(feedback.users, return_inverse=True)
    return Interactions(
        tuple(map(str, numbers.tolist())),
        places.astype(np.int64),
        feedback.movies,
        weights.astype(np.float32),
        np.full(len(feedback), np.nan, np.float32),
        feedback.times,
    )


def join(parts: Iterable[Interactions]) -> Interactions:
    """Concatenate the interactions of several groups of users; their names must differ."""
    whole = NOTHING
    for part in parts:
        whole = Interactions(
            (*whole.names, *part.names),
            np.concatenate((whole.users, part.users + len(whole.names))),
            np.concatenate((whole.movies, part.movies)),
            np.concatenate((whole.weights, part.weights)),
            np.concatenate((whole.stars, part.stars)),
            np.concatenate((whole.times, part.times)),
        )
    return whole


def merge(first: Interactions, second: Interactions) -> Interactions:
    """Merge two sets of interactions by users' names; the first takes precedence for the same movie."""
    names = tuple(sorted({*first.names, *second.names}))
    numbers = {name: number for number, name in enumerate(names)}
    both = [(part, np.array([numbers[name] for name in part.names], np.int64)) for part in (first, second)]
    users = np.concatenate([renamed[part.users] for part, renamed in both])
    whole = join(part for part, _ in both)
    order = np.lexsort((np.arange(len(whole)) >= len(first), whole.movies, users))
    kept = np.ones(len(order), np.bool_)
    kept[1:] = (np.diff(users[order]) != 0) | (np.diff(whole.movies[order]) != 0)
    return replace(whole, names=names, users=users).select(order[kept])


def within(interactions: Interactions, movies: Ids) -> Interactions:
    """Return the interactions with `movies`."""
    return interactions.select(np.isin(interactions.movies, movies))


def learnable(interactions: Interactions, *, min_user_ratings: int, min_movie_ratings: int) -> Interactions:
    """Keep users with enough movies, then movies with enough of these users (one pass each).

    Those left out are still served: users are folded in, movies get mapped factors.
    """
    movies = np.bincount(interactions.users, minlength=len(interactions.names))
    kept = interactions.select(movies[interactions.users] >= min_user_ratings)
    known, places, counts = np.unique(kept.movies, return_inverse=True, return_counts=True)
    return kept.select(counts[places] >= min_movie_ratings) if len(known) else kept

"""Movies for several people: their scores, aggregated into one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.diary.lists import MAX_TASTES
from core.errors import InvalidRequest
from core.recommendations.records import RecommendationRequest
from core.types import Movie, MovieId
from core.users import MarkKind
from engine.recommender.blend_schedule import spoken_of
from engine.recommender.lists import choose_diverse
from engine.recommender.model import Recommender
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext

SUITS = 0.6
"""Affinity from which a movie suits a user: among the best fifth of the model's movies."""


@dataclass(frozen=True, slots=True)
class GroupRecommendation:
    """A movie for several people, and how many of them it suits; who they are stays private."""

    movie: Movie
    score: float
    suits: int
    of: int
    """Number of people with a history; the others take part without influence."""
    watchlists: int
    """Number of people who have it on their watchlist."""


def aggregate(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return float64, (n_movies,): the mean of the users' scores (average strategy).

    It is best for the mean user and for the least satisfied one (`python -m benchmarks.taste groups`). For the
    strategies, see Masthoff, "Group recommender systems", 2015.

    Args:
        scores: (n_users, n_movies), standardized for each user, without NaN.
    """
    return np.asarray(scores.mean(axis=0), np.float64)


@dataclass(frozen=True)
class GroupLists:
    """Builds lists for several people from an index."""

    candidates: Candidates

    def make(self, contexts: Sequence[UserContext], request: RecommendationRequest) -> tuple[GroupRecommendation, ...]:
        """Return a diverse list of movies that none of the users has seen or dismissed.

        Raises:
            InvalidRequest: there are no users, or more than `MAX_TASTES`.
        """
        if not 0 < len(contexts) <= MAX_TASTES:
            raise InvalidRequest({"users": f"expected 1 to {MAX_TASTES} users"})
        # The watchlist stays in: it is what people want to watch together.
        seen = frozenset[MovieId]().union(*(spoken_of(context.diary, watchlist=False) for context in contexts))
        informed = [context for context in contexts if context.personal]
        ids = self._candidates(informed, request, seen)
        scores = _scores(informed, ids)
        total = aggregate(scores) if informed else -np.arange(len(ids), dtype=np.float64)
        chosen = choose_diverse(self.candidates, ids, total, size=request.offset + request.size)[request.offset :]
        movies = {movie.id: movie for movie in self.candidates.index.movies([MovieId(ids[place]) for place in chosen])}
        suits = _suiting(informed, ids)
        return tuple(
            GroupRecommendation(
                movies[MovieId(ids[place])],
                round(float(total[place]), 4),
                int(suits[place]),
                len(informed),
                sum(ids[place] in context.diary.marked(MarkKind.WATCHLIST) for context in contexts),
            )
            for place in chosen
            if ids[place] in movies
        )

    def _candidates(
        self, contexts: Sequence[UserContext], request: RecommendationRequest, seen: frozenset[MovieId]
    ) -> list[int]:
        found: dict[int, None] = {}
        for context in contexts:
            model = _model(context)
            found |= dict.fromkeys(
                self.candidates.by_taste(
                    model, context.history, filters=request.filters, without=seen, total=context.blended.total
                )
            )
        return list(found) or self.candidates.popular(request.filters, without=seen)


def _scores(contexts: Sequence[UserContext], ids: Sequence[int]) -> NDArray[np.float64]:
    """Return float64, (n_users, n_movies): standardized scores; movies unknown to the model get the user's lowest."""
    rows = []
    for context in contexts:
        standard = _model(context).standardized_scores(context.blended.total)
        places = context.places(ids)
        rows.append(np.where(places >= 0, standard[places], float(standard.min())))
    return np.array(rows, np.float64).reshape(len(contexts), len(ids))


def _suiting(contexts: Sequence[UserContext], ids: Sequence[int]) -> NDArray[np.int64]:
    if not contexts:
        return np.zeros(len(ids), np.int64)
    movies = np.asarray(ids, np.int64)
    suiting = np.array([context.affinity(movies) >= SUITS for context in contexts])
    return np.asarray(suiting.sum(axis=0), np.int64)


def _model(context: UserContext) -> Recommender:
    assert context.model is not None  # noqa: S101 - the context is personal
    return context.model

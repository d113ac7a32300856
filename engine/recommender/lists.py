"""Personal lists: candidates, their scores, and a diverse selection."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.ports import MovieIndex
from core.recommendations.records import ExploredMovie, Recommendation, RecommendationRequest, Recommendations, Stage
from core.types import MovieId
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.selection import diversity, exploration
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext

MAX_LIST = 100
"""Maximum length of a list: nobody pages beyond it, and it bounds the work of a request."""
POOL = 150
"""Best candidates for the diverse selection. The same for all lengths, or pages would be inconsistent."""
FAMILIARITY_WEIGHT = 0.6
"""What the slider at its end adds to a movie one standard deviation more popular, in standard deviations of scores."""

Ranked = tuple[list[int], NDArray[np.float64]]
"""Candidates and their scores, unordered."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """How to draw some of the positions of a list: their share, and a seed that makes the list stable."""

    share: float
    seed: int


@dataclass(frozen=True)
class Lists:
    """Builds lists from an index."""

    index: MovieIndex
    candidates: Candidates
    reasons: Reasons
    cold_share: float = 0.0

    def make(
        self,
        reading: UserContext,
        request: RecommendationRequest,
        *,
        without: Collection[int] = (),
        ranked: Ranked | None = None,
        explore: Exploration | None = None,
    ) -> Recommendations:
        """Return a list for a user, without reasons: `explain` computes those of all lists of a page at once.

        Args:
            without: movies that are shown elsewhere on the same page.
            ranked: what `ranked` returned for this request, if it is known.
            explore: how to draw some of the positions; only for users whom the model knows.
        """
        end = min(request.offset + request.size, MAX_LIST)
        ids, scores = ranked or self.ranked(reading, request)
        chosen = self.diverse(ids, scores, size=end + len(without), reading=reading)
        shown = [i for i in chosen if ids[i] not in without]
        explored: Sequence[exploration.Draw] = ()
        if explore is not None and reading.personal:
            elsewhere = {place for place, movie in enumerate(ids) if movie in without}
            shown, explored = exploration.explore(
                shown, scores, size=end, share=explore.share, seed=explore.seed, without=elsewhere
            )
        shown = shown[request.offset : end]
        items = self.reasons.unexplained([ids[i] for i in shown], [float(scores[i]) for i in shown], reading=reading)
        model = reading.model.version if reading.model else ""
        drawn = tuple(
            ExploredMovie(MovieId(ids[one.item]), one.position, one.rank, one.pool, one.propensity)
            for one in explored
            if one.position > request.offset
        )
        return Recommendations(items, reading.stage, model, movies=len(reading.history), explored=drawn)

    def explained(self, found: Recommendations, reading: UserContext) -> Recommendations:
        """Return a list with its reasons."""
        return replace(found, items=self.explain(found.items, reading))

    def explain(self, items: Sequence[Recommendation], reading: UserContext) -> tuple[Recommendation, ...]:
        """Return recommendations with their reasons, computed once for all of them."""
        return self.reasons.explain(items, reading=reading)

    def ranked(self, reading: UserContext, request: RecommendationRequest) -> Ranked:
        """Return the candidates and their scores, unordered."""
        if reading.dislikes_alone:
            # Dislikes say what to leave out, not what to find: popular movies, those like the disliked ones last.
            ids = self.candidates.popular(request.filters, without=reading.seen, genres=reading.preferences.genres)
            scores = reading.scores(ids)
        elif reading.personal and reading.model is not None:
            total = reading.blended.total
            ids = self.candidates.by_taste(
                reading.model, reading.history, filters=request.filters, without=reading.seen, total=total
            )
            if reading.stage is Stage.FEW:
                popular = self.candidates.popular(request.filters, without=reading.seen)
                ids = list(dict.fromkeys((*ids, *popular)))
            scores = reading.scores(ids)
        else:
            ids = self.candidates.popular(request.filters, without=reading.seen, genres=reading.preferences.genres)
            scores = -np.arange(len(ids), dtype=np.float64)
        familiarity = reading.preferences.familiarity if request.familiarity is None else request.familiarity
        return ids, scores + _familiar(reading, ids, scores, familiarity)

    def diverse(
        self,
        ids: Sequence[int],
        scores: NDArray[np.float64],
        *,
        size: int,
        reading: UserContext,
        share: float = diversity.RELEVANCE_SHARE,
    ) -> Sequence[int]:
        """Return the positions of a diverse list among the candidates."""
        cold = self._cold(ids, reading)
        return choose_diverse(
            self.candidates, ids, scores, size=size, cold=cold, share=share, cold_share=self.cold_share
        )

    def _cold(self, ids: Sequence[int], reading: UserContext) -> NDArray[np.bool_]:
        """Return which candidates have no ratings; none of them if the model is not personal."""
        if reading.model is None or not reading.personal or not reading.model.rated.any():
            return np.zeros(len(ids), np.bool_)
        places = reading.places(ids)
        return np.where(places >= 0, ~reading.model.rated[places], True)


def choose_diverse(
    candidates: Candidates,
    ids: Sequence[int],
    scores: NDArray[np.float64],
    *,
    size: int,
    cold: NDArray[np.bool_] | None = None,
    share: float = diversity.RELEVANCE_SHARE,
    cold_share: float = 0.0,
) -> list[int]:
    """Return the positions of a diverse list among the `POOL` best candidates and all cold ones."""
    cold = np.zeros(len(ids), np.bool_) if cold is None else cold
    kept = np.union1d(np.argsort(-scores, kind="stable")[:POOL], np.flatnonzero(cold))
    about = candidates.about([ids[i] for i in kept])
    there = set(about.movies)
    kept = np.array([i for i in kept.tolist() if ids[i] in there], np.intp)
    pool = diversity.Pool(scores[kept], about.vectors, about.groups, cold[kept])
    return [int(kept[i]) for i in diversity.choose(pool, size=size, share=share, cold_share=cold_share)]


def _familiar(
    reading: UserContext, ids: Sequence[int], scores: NDArray[np.float64], familiarity: float
) -> NDArray[np.float64]:
    """Return what the slider adds to each score: 0 in the middle, up to its weight at the ends."""
    if reading.model is None or familiarity == 0.5 or not len(ids):  # noqa: PLR2004 - the middle
        return np.zeros(len(ids))
    places = reading.places(ids)
    known = np.where(places >= 0, reading.model.popularity[places], 0.0)
    spread = float(np.std(scores)) or 1.0
    return np.asarray((familiarity - 0.5) * 2 * FAMILIARITY_WEIGHT * spread * _standard(known))


def _standard(values: NDArray[np.floating]) -> NDArray[np.float64]:
    spread = float(np.std(values))
    return np.asarray((values - values.mean()) / spread if spread > 0 else np.zeros(len(values)))

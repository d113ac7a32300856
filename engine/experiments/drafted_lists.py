"""Interleaved lists: two models draft in turn; each movie names the model that chose it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.recommendations.records import Recommendation, RecommendationRequest, Recommendations
from engine.experiments import team_draft
from engine.recommender.lists import MAX_LIST, Exploration, Lists, Ranked
from engine.recommender.model import Recommender
from engine.recommender.user_context import UserContext


@dataclass(frozen=True)
class DraftedLists(Lists):
    """Lists of the context's model and a rival; the list as a whole names the former."""

    rival: Recommender | None = None
    seed: float = 0.0

    def make(
        self,
        reading: UserContext,
        request: RecommendationRequest,
        *,
        without: Collection[int] = (),
        ranked: Ranked | None = None,
        explore: Exploration | None = None,
    ) -> Recommendations:
        """Return an interleaved list; users without a history in both models get the context's model alone.

        Interleaved lists are not explored: a random movie would count for the model that did not choose it.
        """
        del explore
        other = replace(reading, model=self.rival)
        if self.rival is None or not (reading.personal and other.personal):
            return super().make(reading, request, without=without, ranked=ranked)
        end = min(request.offset + request.size, MAX_LIST)
        whole = replace(request, offset=0, size=end)
        own = super().make(reading, whole, without=without, ranked=ranked)
        theirs = super().make(other, whole, without=without)
        movies = ({item.movie.id: item for item in found.items} for found in (own, theirs))
        teams = tuple(movies)
        picks = team_draft.draft(*(tuple(team) for team in teams), size=end, seed=self.seed)
        return replace(own, items=tuple(teams[pick.team][pick.movie] for pick in picks[request.offset :]))

    def explain(self, items: Sequence[Recommendation], reading: UserContext) -> tuple[Recommendation, ...]:
        """Return recommendations with their reasons, each by the model that chose it."""
        rival = self.rival.version if self.rival else ""
        theirs = [item for item in items if item.model == rival]
        found = {item.movie.id: item for item in super().explain([i for i in items if i.model != rival], reading)}
        if theirs:
            other = replace(reading, model=self.rival)
            found.update({item.movie.id: item for item in super().explain(theirs, other)})
        return tuple(found[item.movie.id] for item in items if item.movie.id in found)

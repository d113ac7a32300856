"""Lists that two models draft by turns; each movie names the model that put it there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.recommendations.records import RecommendationRequest, Recommendations
from engine.experiments import team_draft
from engine.recommender.lists import MAX_LIST, Lists
from engine.recommender.model import TasteModel
from engine.recommender.user_context import UserContext


@dataclass(frozen=True)
class DraftedLists(Lists):
    """Lists of the reading's own model and of a rival; the list as a whole goes by the former's name."""

    rival: TasteModel | None = None
    seed: float = 0.0

    def make(self, reading: UserContext, request: RecommendationRequest) -> Recommendations:
        """A list for somebody; for whom the models know nothing of, of the own model alone."""
        other = replace(reading, model=self.rival)
        if self.rival is None or not (reading.personal and other.personal):
            return super().make(reading, request)
        end = min(request.offset + request.size, MAX_LIST)
        whole = replace(request, offset=0, size=end)
        own, theirs = super().make(reading, whole), super().make(other, whole)
        movies = ({item.movie.id: item for item in found.items} for found in (own, theirs))
        teams = tuple(movies)
        picks = team_draft.draft(*(tuple(team) for team in teams), size=end, seed=self.seed)
        return replace(own, items=tuple(teams[pick.team][pick.movie] for pick in picks[request.offset :]))

"""Attribution of users' actions to one of two interleaved models. Only lists that both drafted count. Pure.

Users get a list of one model alone while the experiment is paused (one of the two was published, or is missing) and
if the other model has no history of theirs. Actions there could only favour that model, so they count for neither. A
list was drafted if it shows movies of both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from core.types import MovieId
from engine.online.event_columns import VISIT_GAP

TEAMS = 2


@dataclass(frozen=True, slots=True)
class Impression:
    """A movie shown in an interleaved list, or an action on it there."""

    at: float
    movie: MovieId
    team: int | None
    """The model that chose the movie; None if neither did."""
    answered: bool


@dataclass(slots=True)
class Votes:
    """A user's actions, attributed to two teams."""

    teams: dict[MovieId, int] = field(default_factory=dict)
    """The team credited with each movie, by the first action on it."""
    drafted: float = -math.inf
    """When a drafted list was shown last, seconds since 1970."""
    alone: float = -math.inf
    """When a list of one model alone was shown last."""

    @property
    def credits(self) -> tuple[int, int]:
        """The number of movies credited to each team."""
        teams = list(self.teams.values())
        return teams.count(0), teams.count(1)


def votes(showings: Sequence[Impression], said: Iterable[tuple[float, MovieId]]) -> Votes:
    """Return the votes of a user.

    Args:
        showings: in chronological order.
        said: movies rated well or added to a list, with the time in whole seconds.
    """
    found, shown = Votes(), dict[MovieId, tuple[float, int]]()
    visits = _visits(showings)
    starts = [math.floor(visit[0].at) for visit in visits]
    spoken = sorted(said)
    for visit, (start, end) in zip(visits, pairwise([*starts, math.inf]), strict=True):
        _read(visit, found, shown)
        for at, movie in spoken:
            if start <= at < end and movie in shown and at >= math.floor(shown[movie][0]):
                found.teams.setdefault(movie, shown[movie][1])
    return found


def _read(visit: Sequence[Impression], found: Votes, shown: dict[MovieId, tuple[float, int]]) -> None:
    """Attribute one visit; `shown` records when and by which team each movie was shown in drafted lists."""
    teams = {one.team for one in visit if one.team is not None}
    if len(teams) == TEAMS:
        found.drafted = visit[-1].at
        for one in visit:
            if one.team is not None:
                shown.setdefault(one.movie, (one.at, one.team))
                if one.answered:
                    found.teams.setdefault(one.movie, one.team)
    elif len({one.movie for one in visit}) > 1:  # a single movie does not show whether its list was drafted
        found.alone = visit[-1].at
        shown.clear()  # since then, only one model has shown its movies again


def _visits(showings: Sequence[Impression]) -> list[list[Impression]]:
    """Split where `VISIT_GAP` passed without events."""
    found: list[list[Impression]] = []
    for one in showings:
        if not found or one.at - found[-1][-1].at > VISIT_GAP:
            found.append([])
        found[-1].append(one)
    return found

"""Which of two models a user's deeds speak for: only lists that both drafted are a fair question. Pure.

Users get a list of one model alone where the experiment stands still (one of the two was published, or is missing)
and where the other model knows nothing of them. Whatever is opened there speaks for the only model that could choose,
so it counts for neither. A list says by itself whether it was drafted: it shows movies of both.
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
    """A movie stood in a list that two models should have drafted, or was answered there."""

    at: float
    movie: MovieId
    team: int | None
    """Of the model that put it there; None: neither of the two did."""
    answered: bool


@dataclass(slots=True)
class Votes:
    """What one user's deeds say of two teams."""

    teams: dict[MovieId, int] = field(default_factory=dict)
    """Who is credited with each movie, by its first deed."""
    drafted: float = -math.inf
    """When a drafted list was shown last, seconds since 1970."""
    alone: float = -math.inf
    """When a list of one model alone was shown last."""

    @property
    def credits(self) -> tuple[int, int]:
        """Movies that speak for either team."""
        teams = list(self.teams.values())
        return teams.count(0), teams.count(1)


def votes(showings: Sequence[Impression], said: Iterable[tuple[float, MovieId]]) -> Votes:
    """The votes of one user.

    Args:
        showings: in the order of time.
        said: movies rated well or put on a list, with the whole second in which they were.
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
    """Read one visit; `shown` is when and by whom each movie was shown since lists are drafted without a break."""
    teams = {one.team for one in visit if one.team is not None}
    if len(teams) == TEAMS:
        found.drafted = visit[-1].at
        for one in visit:
            if one.team is not None:
                shown.setdefault(one.movie, (one.at, one.team))
                if one.answered:
                    found.teams.setdefault(one.movie, one.team)
    elif len({one.movie for one in visit}) > 1:  # of a single movie nobody can tell how its list was made
        found.alone = visit[-1].at
        shown.clear()  # the one model has shown its own movies again since, the other has not


def _visits(showings: Sequence[Impression]) -> list[list[Impression]]:
    """Cut where nothing happened for `VISIT_GAP`."""
    found: list[list[Impression]] = []
    for one in showings:
        if not found or one.at - found[-1][-1].at > VISIT_GAP:
            found.append([])
        found[-1].append(one)
    return found

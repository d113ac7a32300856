"""Team-draft interleaving: two rankings become one list, and clicks show which of them users prefer. Pure.

Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008: like two captains who
choose teams, in each round a coin decides who chooses first, and each takes its best movie that is not taken yet.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from core.users import UserId
from engine.experiments import assignment, statistics

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pick(Generic[Item]):
    """A movie of the list and the team, 0 or 1, that chose it."""

    movie: Item
    team: int


def seed(experiment: str, user: UserId, day: date) -> float:
    """Return the seed of a user's coins for a day of theirs: the list stays the same when the page is reloaded."""
    return assignment.draw("draft", experiment, int(user), day.isoformat())


def draft(first: Sequence[Item], second: Sequence[Item], *, size: int, seed: float) -> list[Pick[Item]]:
    """Draft up to `size` movies, each once. A shorter list is a prefix of a longer one."""
    coin = random.Random(seed)  # noqa: S311 - a coin, not a secret
    rankings, places, taken = (first, second), [0, 0], dict[Item, int]()
    order: list[int] = []
    while len(taken) < size:
        if not order:
            order = [0, 1] if coin.random() < 0.5 else [1, 0]  # noqa: PLR2004 - a fair coin
        team = order.pop(0)
        _pass_taken(rankings, places, taken)
        if places[team] < len(rankings[team]):
            taken[rankings[team][places[team]]] = team
        elif places[1 - team] >= len(rankings[1 - team]):
            break
    return [Pick(item, team) for item, team in taken.items()]


def _pass_taken(rankings: Sequence[Sequence[Item]], places: list[int], taken: Mapping[Item, int]) -> None:
    for team, ranking in enumerate(rankings):
        while places[team] < len(ranking) and ranking[places[team]] in taken:
            places[team] += 1


@dataclass(frozen=True, slots=True)
class Tally:
    """The results of two teams over all users."""

    credits: tuple[int, int]
    wins: tuple[int, int]
    ties: int
    p: float


def judge(votes: Mapping[UserId, tuple[int, int]]) -> Tally:
    """Give each user one vote for the team with more credits, and test the votes (two-sided sign test without ties)."""
    pairs = list(votes.values())
    wins = (sum(a > b for a, b in pairs), sum(b > a for a, b in pairs))
    total = (sum(a for a, _ in pairs), sum(b for _, b in pairs))
    return Tally(total, wins, len(pairs) - sum(wins), statistics.sign_test(*wins))

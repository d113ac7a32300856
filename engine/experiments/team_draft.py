"""Team-draft interleaving: two rankings become one list, and clicks say which of them users like better. Pure.

Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008: as when two captains
choose teams, in each round a coin says who chooses first, and each takes its best movie that nobody has yet.
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
    """One movie of the list and the team, 0 or 1, that chose it."""

    movie: Item
    team: int


def seed(experiment: str, user: UserId, day: date) -> float:
    """What the coins of one user's day hang on: the list stays while the page is loaded again and again."""
    return assignment.draw("draft", experiment, int(user), day.isoformat())


def draft(first: Sequence[Item], second: Sequence[Item], *, size: int, seed: float) -> list[Pick[Item]]:
    """Up to `size` movies of both, each once. A shorter list is the beginning of a longer one."""
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
    """How two teams did over many users."""

    credits: tuple[int, int]
    wins: tuple[int, int]
    ties: int
    p: float


def judge(votes: Mapping[UserId, tuple[int, int]]) -> Tally:
    """Each user has one vote, for the team with more credits; a two-sided sign test over the votes, ties left out."""
    pairs = list(votes.values())
    wins = (sum(a > b for a, b in pairs), sum(b > a for a, b in pairs))
    total = (sum(a for a, _ in pairs), sum(b for _, b in pairs))
    return Tally(total, wins, len(pairs) - sum(wins), statistics.sign_test(*wins))

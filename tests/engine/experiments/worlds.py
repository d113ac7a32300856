"""Simulations with a known winner: users with a given taste, and rankers that approximate it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from core.experiments import Drafted, Experiment
from core.types import MovieId
from core.users import UserId
from engine.experiments import assignment, team_draft
from engine.experiments.user_outcomes import UserOutcomes

BEGUN = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = BEGUN.date()
MOVIES, SHOWN = 60, 10


def pick(world: int, *, noise: tuple[float, float], users: int) -> Drafted:
    """Simulate users who click by their taste on a list of two rankers; less noise makes a better ranker."""
    random = np.random.default_rng(world)
    votes = {}
    for number in range(1, users + 1):
        taste = random.normal(size=MOVIES)
        rankings = [np.argsort(-(taste + random.normal(size=MOVIES) * spread)).tolist() for spread in noise]
        seed = team_draft.seed(f"world-{world}", UserId(number), DAY)
        picks = team_draft.draft(*rankings, size=SHOWN, seed=seed)
        chances = 1 / (1 + np.exp(2.5 - 1.2 * taste[[one.movie for one in picks]])) * 0.9 ** np.arange(len(picks))
        clicked = [one.team for one, lucky in zip(picks, random.random(len(picks)) < chances, strict=True) if lucky]
        votes[UserId(number)] = (clicked.count(0), clicked.count(1))
    tally = team_draft.judge(votes)
    return Drafted(("first", "second"), tally.credits, tally.wins, tally.ties, tally.p)


def exposed_users(experiment: Experiment, users: int, *, first: int = 1) -> dict[UserId, tuple[str, datetime]]:
    """Assign users with the splitter and expose them one after the other."""
    found = {}
    for number in range(first, first + users):
        variant = assignment.assign(experiment, UserId(number))
        if variant is not None:
            found[UserId(number)] = (variant.name, BEGUN + timedelta(seconds=number))
    return found


def visits(
    exposed: Mapping[UserId, tuple[str, datetime]], chances: Mapping[str, float], random: np.random.Generator
) -> dict[UserId, UserOutcomes]:
    """Simulate users who see 20 movies and open each with a probability around that of their variant."""
    found = {}
    for user, (variant, _) in exposed.items():
        own = random.beta(2, 2 / chances[variant] - 2)
        clicks = int(random.binomial(20, own))
        found[user] = UserOutcomes(20, clicks, answered={MovieId(place + 1) for place in range(clicks)})
    return found

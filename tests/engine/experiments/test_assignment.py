"""Random assignment of users: by share, permanent, and independent between experiments."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core import experiments
from core.experiments import Experiment
from core.users import UserId
from engine.experiments import assignment

USERS = [UserId(number) for number in range(1, 8001)]


def _of(text: str) -> Experiment:
    (found,) = experiments.parse(text)
    return found


def _groups(text: str) -> dict[UserId, str]:
    experiment = _of(text)
    found = {user: assignment.assign(experiment, user) for user in USERS}
    return {user: variant.name if variant else "" for user, variant in found.items()}


@given(st.integers(1, 2**62))
def test_a_user_always_gets_the_same_variant(user: int) -> None:
    experiment = _of("a: x=.3, y=.3, z=.4")
    assert assignment.assign(experiment, UserId(user)) == assignment.assign(experiment, UserId(user))


def test_assignments_are_stable_across_releases() -> None:
    # Written down: a change of the hash would hand running experiments' users round.
    experiment = _of("ranker: control=.5, other=.5")
    given = [assignment.assign(experiment, UserId(number)) for number in range(1, 13)]
    assert "".join(variant.name[0] for variant in given if variant) == GOLDEN


GOLDEN = "oococcccccoo"


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("a: x=.5, y=.5", {"x": 0.5, "y": 0.5}),
        ("a: x=.2, y=.1", {"x": 0.2, "y": 0.1, "": 0.7}),
        ("b: x=.6, y=.3, z=.1", {"x": 0.6, "y": 0.3, "z": 0.1}),
    ],
)
def test_each_variant_gets_its_share(text: str, shares: dict[str, float]) -> None:
    seen = Counter(_groups(text).values())
    names = list(shares)
    p = stats.chisquare([seen[name] for name in names], [shares[name] * len(USERS) for name in names]).pvalue
    assert p > 1e-3


def test_experiments_are_independent_of_each_other() -> None:
    first, second = _groups("first: x=.5, y=.5"), _groups("second: x=.5, y=.5")
    table = Counter((first[user], second[user]) for user in USERS)
    counts = [[table[a, b] for b in "xy"] for a in "xy"]
    assert stats.chi2_contingency(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ("a: x=.5, y=.5", "a: x=.6, y=.4", 0.1),
        ("a: x=.05, y=.05", "a: x=.5, y=.5", 0.9),
        ("a: x=.2, y=.2, z=.2", "a: x=.3, y=.2, z=.2", 0.1),
        ("a: x=.5, y=.5", "a: x=.4, y=.4, z=.2", 0.2),
    ],
)
def test_new_shares_move_hardly_more_users_than_necessary(before: str, after: str, least: float) -> None:
    old, new = _groups(before), _groups(after)
    moved = sum(old[user] != new[user] for user in USERS) / len(USERS)
    assert least - 0.015 < moved < 1.4 * least + 0.015


def test_larger_shares_move_nobody_between_variants() -> None:
    old, new = _groups("a: x=.05, y=.05"), _groups("a: x=.5, y=.5")
    assert all(new[user] == had for user, had in old.items() if had)

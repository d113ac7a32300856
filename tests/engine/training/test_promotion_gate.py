"""The promotion gate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.evaluation import promotion_gate
from engine.training.evaluation.holdout import RMSE_OF_MEAN, Judgement
from engine.training.evaluation.promotion_gate import Decision

USERS = 200
GOOD = {"ndcg@10": 0.4, "coverage": 0.3, "rmse": 0.8, RMSE_OF_MEAN: 1.0, "calibration_error": 0.02}
NOISE = np.random.default_rng(5).normal(0, 0.05, USERS)


def judged(mean: float, **changed: float) -> Judgement:
    return Judgement(mean + NOISE, {**GOOD, **changed}, ratings=1_000)


def decide(
    new: Judgement, *, published: Judgement | None = None, version: str | None = None, demand: str = promotion_gate.EVEN
) -> Decision:
    return promotion_gate.decide(
        new,
        popular=np.full(len(new.ndcg), 0.2),
        published=published,
        version=version,
        judged=version is not None,
        learned=500,
        demand=demand,
    )


def test_the_first_model_only_has_to_beat_popular_movies() -> None:
    assert decide(judged(0.3)).promoted
    refused = decide(judged(0.2))
    assert not refused.promoted
    assert "popular movies 0.2000" in refused.rejected
    assert any("no published model" in reason for reason in refused.reasons)


def test_a_better_model_passes_and_a_worse_one_is_refused_with_figures() -> None:
    assert decide(judged(0.41), published=judged(0.4), version="v1").promoted
    refused = decide(judged(0.38), published=judged(0.4), version="v1")
    assert refused.rejected.startswith("NDCG@10 0.3")
    assert "the published v1" in refused.rejected
    assert "difference -0.0200" in refused.rejected


def test_an_equal_model_passes_since_it_knows_newer_ratings() -> None:
    assert decide(judged(0.4), published=judged(0.4), version="v1").promoted


def test_with_the_stricter_gate_an_equal_model_is_refused_and_a_better_one_passes() -> None:
    equal = decide(judged(0.4), published=judged(0.4), version="v1", demand=promotion_gate.BETTER)
    assert equal.rejected.endswith("difference +0.0000 (+0.0000 to +0.0000); required: interval above 0")
    assert decide(judged(0.41), published=judged(0.4), version="v1", demand=promotion_gate.BETTER).promoted
    luck = replace(judged(0.4), ndcg=judged(0.4).ndcg + np.where(np.arange(USERS) % 2, 0.06, -0.05))
    assert promotion_gate.difference(luck.ndcg, judged(0.4).ndcg)[0] > 0
    assert not decide(luck, published=judged(0.4), version="v1", demand=promotion_gate.BETTER).promoted
    assert decide(judged(0.4), demand=promotion_gate.BETTER).promoted, "there is none to be better than"
    assert not decide(judged(0.4), version="v1", demand=promotion_gate.BETTER).promoted, (
        "nothing shows that it is better"
    )


def test_better_on_average_by_luck_is_not_enough() -> None:
    """A mean of +.001 with an interval down to -.02 may be a loss."""
    luck = np.where(np.arange(USERS) % 2, 0.15, -0.148)
    new = replace(judged(0.4), ndcg=judged(0.4).ndcg + luck)
    mean, low, high = promotion_gate.difference(new.ndcg, judged(0.4).ndcg)
    assert mean > 0 > -promotion_gate.TOLERANCE > low
    assert high > 0
    assert not decide(new, published=judged(0.4), version="v1").promoted


def test_a_published_model_without_a_holdout_model_is_reported_and_not_compared() -> None:
    found = decide(judged(0.3), version="v1")
    assert found.promoted
    assert any("v1 has no holdout model" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        ({"coverage": 0.01}, "lists show 0.010"),
        ({"rmse": 1.2}, "RMSE of 1.200"),
        ({"calibration_error": 0.3}, "calibration error of 0.300"),
        ({"rmse": float("nan")}, "RMSE of nan"),
    ],
)
def test_each_validity_check_refuses_on_its_own(spoiled: dict[str, float], words: str) -> None:
    refused = decide(judged(0.4, **spoiled))
    assert not refused.promoted
    assert words in refused.rejected
    assert sum(not check.passed for check in refused.checks) == 1


def test_an_invalid_model_is_refused_regardless_of_its_lists() -> None:
    refused = decide(replace(judged(0.9), faults=("factors contain NaN or infinity",)))
    assert refused.broken
    assert refused.rejected == "factors contain NaN or infinity"


def test_few_test_users_decide_nothing_and_an_evaluated_model_stays() -> None:
    few = Judgement(np.full(5, 0.9), GOOD, ratings=10)
    assert decide(few).promoted
    assert "5 test users" in decide(few, published=few, version="v1").rejected


@given(
    gain=st.lists(st.floats(-1, 1), min_size=promotion_gate.MIN_USERS, max_size=60),
    base=st.floats(0.3, 0.6),
)
def test_no_model_that_is_worse_on_average_ever_passes(gain: list[float], base: float) -> None:
    old = Judgement(np.full(len(gain), base), GOOD, ratings=1_000)
    new = replace(old, ndcg=old.ndcg + np.array(gain))
    decision = decide(new, published=old, version="v1")
    if decision.promoted:
        assert new.ndcg.mean() >= old.ndcg.mean() - promotion_gate.ROUNDING
    assert decision.promoted == (not decision.rejected)
    assert len(decision.reasons) == len(decision.checks)

"""Training of the network: callbacks, early stopping, and no side effects."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Cancelled, ModelMissing
from engine.recommender.models import interactions
from engine.recommender.neural import batches, evaluation, fit
from engine.recommender.neural.batches import Manner
from engine.recommender.neural.fit import Epoch
from engine.recommender.neural.network import Shape
from tests.engine.recommender import scorer_kit as kit

RECIPE = fit.NCFConfig(
    Shape(4, 4, (8, 4), exponent=0.5),
    dropout=0,
    history_dropout=0,
    users=8,
    spread=0.1,
    rate=0.01,
    epochs=6,
    held_out=0,
)
KNOWN = batches.group(kit.checkerboard(), kit.IDS)


def watched(recipe: fit.NCFConfig) -> list[Epoch]:
    """Record the epochs of a training."""
    said: list[Epoch] = []
    fit.fit(kit.checkerboard(), recipe, after=lambda epoch: not said.append(epoch))
    return said


def test_every_epoch_is_reported_and_the_loss_falls() -> None:
    said = watched(RECIPE)
    assert [epoch.number for epoch in said] == [1, 2, 3, 4, 5, 6]
    assert said[-1].loss < said[0].loss
    assert all(epoch.ndcg is None and epoch.best for epoch in said)


def test_epochs_are_evaluated_on_held_out_movies_and_improve() -> None:
    said = watched(replace(RECIPE, held_out=0.1, epochs=20, patience=20))
    found = [epoch.ndcg or 0.0 for epoch in said]
    assert max(found) > found[0]
    assert [epoch.best for epoch in said] == [value > max([-1.0, *found[:place]]) for place, value in enumerate(found)]


def test_training_stops_without_improvement_and_keeps_the_best_epoch() -> None:
    recipe = replace(RECIPE, rate=0.0, held_out=0.2, epochs=30, patience=3)
    said = watched(recipe)
    assert [epoch.best for epoch in said] == [True, False, False, False]


def test_the_best_epoch_is_kept_and_not_the_last() -> None:
    recipe = replace(RECIPE, rate=0.5, decay=0.1, held_out=0.2, epochs=12, patience=12)
    said = watched(recipe)
    last = max(epoch.number for epoch in said if epoch.best)
    kept = fit.fit(kit.checkerboard(), recipe)
    stopped = fit.fit(kit.checkerboard(), recipe, after=lambda epoch: epoch.number < last)
    assert last < len(said)
    np.testing.assert_array_equal(kept.spoken, stopped.spoken)


def test_a_callback_may_end_training_between_epochs() -> None:
    seen: list[int] = []

    def cancel(epoch: Epoch) -> bool:
        seen.append(epoch.number)
        if epoch.number == 2:
            raise Cancelled("somebody asked")
        return True

    with pytest.raises(Cancelled):
        fit.fit(kit.checkerboard(), RECIPE, after=cancel)
    fit.fit(kit.checkerboard(), RECIPE, after=lambda epoch: bool(seen.append(epoch.number)))
    assert seen == [1, 2, 1]


def test_training_restores_the_random_state_and_threads() -> None:
    import torch  # noqa: PLC0415 - slow to import, while all tests are collected by each process

    torch.manual_seed(5)
    wanted, threads = torch.rand(3), torch.get_num_threads()
    torch.manual_seed(5)
    fit.fit(kit.checkerboard(), replace(RECIPE, epochs=1))
    assert torch.equal(torch.rand(3), wanted)
    assert torch.get_num_threads() == threads


def test_another_seed_gives_another_model() -> None:
    one, other = (fit.fit(kit.checkerboard(), replace(RECIPE, epochs=1, seed=seed)) for seed in (1, 2))
    assert not np.array_equal(one.spoken, other.spoken)


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelMissing, match=r"marquee\[neural\]"):
        fit.fit(kit.checkerboard(), RECIPE)


@given(seed=st.integers(0, 999), users=st.integers(1, 50), drawn=st.integers(1, 50), negatives=st.floats(0, 9))
def test_batches_contain_each_user_once_and_draw_only_movies_without_interaction(
    seed: int, users: int, drawn: int, negatives: float
) -> None:
    found = list(batches.epoch(KNOWN, Manner(negatives, drawn, users, 0.1), np.random.default_rng(seed)))
    assert sum(len(batch.movie_rows) for batch in found) == len(KNOWN.movie_rows)
    assert sum(len(batch.starts) for batch in found) == kit.USERS
    for batch in found:
        assert batch.wanted.all()
        assert len(np.unique(batch.drawn)) == len(batch.drawn) == min(drawn, kit.MOVIES)
        for user, row in enumerate(batch.strange):
            own = batch.movie_rows[batch.user_rows == user]
            spoken = np.isin(batch.drawn, own)
            assert not row[spoken].any()
            assert spoken.all() or row.sum() == pytest.approx(negatives * len(own), rel=1e-4)


def test_a_disliked_movie_is_a_confident_negative_with_a_small_weight_in_the_history() -> None:
    told = interactions.Interactions(
        ("1",),
        np.zeros(2, np.int64),
        kit.IDS[:2],
        np.array([1.5, -1], np.float32),
        np.array([5, 0.5], np.float32),
        np.zeros(2, np.int64),
    )
    (batch,) = batches.epoch(batches.group(told, kit.IDS), Manner(2, 10, 4, 0.25), np.random.default_rng(1))
    assert batch.weights.tolist() == [1.5, -0.25]
    assert batch.wanted.tolist() == [1, 0]
    assert batch.worth.tolist() == [1.5, 1]
    assert batch.strange.sum() == pytest.approx(2), "one film counts for something"


def test_there_are_no_validation_users_without_enough_interactions() -> None:
    few = kit.checkerboard().select(np.arange(3))
    held = evaluation.hold_out(few, share=0.9, draw=np.random.default_rng(1))
    assert not held.any()
    assert evaluation.of(few, held).ndcg(fit.fit(few, replace(RECIPE, epochs=1))) is None


def test_the_judge_distinguishes_a_perfect_order_from_a_wrong_one() -> None:
    known = kit.checkerboard(missing=False)
    held = evaluation.hold_out(known, share=0.2, draw=np.random.default_rng(1))
    assert 0.1 < held.mean() < 0.3
    model = fit.fit(known, replace(RECIPE, epochs=12, rate=0.02))
    right = evaluation.of(known, held).ndcg(model) or 0
    wrong = evaluation.of(known, held).ndcg(replace(model, products=-model.products, output=-model.output)) or 0
    assert right > 0.9
    assert wrong < 0.1

"""The benchmarks of learning between trainings and of searched options, on a small world with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.taste import datasets, prequential, searched
from engine.training.fit.components import World
from tests.benchmarks.test_taste import SETTINGS, everybody_rates_everything
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training.conftest import catalogue

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data() -> datasets.Dataset:
    return datasets.Dataset("checkerboard", everybody_rates_everything(), World.of(*catalogue()))


def test_a_model_sees_only_what_the_user_rated_before(data: datasets.Dataset) -> None:
    said = data.interactions
    night = np.argsort(said.times)[-40:]
    moment = int(np.quantile(said.times, 0.6))
    events = list(prequential._events(said, night, moment, data.world.ids))
    liked = night[said.stars[night] >= 4]
    assert len(events) == len(liked)
    for event, place in zip(events, liked.tolist(), strict=True):
        time = {int(m): int(t) for m, t in zip(*_of(said, event.user), strict=True)}
        assert all(time[movie] < said.times[place] for movie in event.now.movies.tolist())
        assert all(time[movie] < moment for movie in event.trained.movies.tolist())
        assert data.world.ids[event.row] == said.movies[place]
        assert event.row not in event.known


def test_the_three_variants_are_measured_on_the_same_ratings(data: datasets.Dataset) -> None:
    found = prequential.measure(data, SETTINGS, nights=2)
    assert len(found["nights"]) == 2
    assert set(found["all"]) == set(prequential.VARIANTS)
    assert all(0 < value <= 1 for value in found["all"].values())
    low, high = found["gain"][prequential.BATCH]["interval"]
    assert low <= found["gain"][prequential.BATCH]["mean"] <= high
    assert "| all |" in prequential.words("checkerboard", found)


def test_fixed_and_searched_options_are_compared_on_held_out_ratings(data: datasets.Dataset) -> None:
    rows = searched.measure(data, SETTINGS, trials=2, seeds=(4,))
    assert [row["what"] for row in rows] == ["ALS", "EASE", "blend"]
    for row in rows:
        assert row["interval"][0] <= row["searched"] - row["fixed"] <= row["interval"][1]
        assert row["fixed"] > 0.5
        assert f"checkerboard, {row['what']}: NDCG@10" in searched.words(row)


def _of(said: kit.Interactions, user: int) -> tuple[np.ndarray, np.ndarray]:
    own = said.users == user
    return said.movies[own], said.times[own]

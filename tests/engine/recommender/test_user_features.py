"""User features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.records import History
from engine.recommender.models import user_features
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import tiny

MOVIES = np.array([100, 101, 102], np.int64)
POPULARITY = np.array([0.5, 0.7, 0.1], np.float32)
TOLD = user_features.of_all(
    [kit.history({100: 5, 101: 3}), kit.history({102: 1}), kit.history({100: 4}), kit.EMPTY], MOVIES, POPULARITY
)
histories = st.dictionaries(
    st.integers(99, 104), st.sampled_from([0.5 * half for half in range(1, 11)]), max_size=6
).map(kit.history)


def test_the_features_of_a_history() -> None:
    assert TOLD[0].tolist() == pytest.approx([np.log(3), 4, 1, 1, 0.6])
    assert TOLD[1, 3] == 0
    assert TOLD[3, 0] == 0
    assert np.isnan(TOLD[3, 1:]).all()


def test_a_scale_describes_means_and_imputed_values() -> None:
    scale = user_features.fit(TOLD)
    assert scale.described()["mean stars"] == {"median": 4, "mean": 3.25, "spread": 1.299}
    read = scale.apply(TOLD)
    np.testing.assert_allclose(read.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(read.std(axis=0), 1, atol=1e-9)
    assert read[3, 1] == read[2, 1], "a viewer without stars counts as one with the median"


@given(asked=histories)
def test_scaled_features_are_never_missing_and_bounded(asked: History) -> None:
    figures = user_features.figures(asked, MOVIES, POPULARITY)
    for scale in (
        user_features.fit(TOLD),
        user_features.fit(TOLD[:1]),
        user_features.fit(np.empty((0, 5))),
        user_features.Scale(),
    ):
        read = scale.apply(figures)
        assert read.shape == (len(user_features.FIGURES),)
        assert np.abs(read).max() <= user_features.FARTHEST
        assert np.isfinite(read).all()


def test_a_scale_without_users_makes_all_histories_equal() -> None:
    scale = user_features.fit(np.empty((0, 5)))
    assert scale.described() == {}
    assert not scale.apply(TOLD).any()


def test_a_scale_is_restored_from_its_arrays() -> None:
    scale = user_features.fit(TOLD)
    np.testing.assert_array_equal(user_features.Scale(**scale.arrays()).apply(TOLD), scale.apply(TOLD))


def test_user_features_change_the_confidence_of_a_model_trained_with_them() -> None:
    model = tiny.model("1", movies=6)
    asked, movies = kit.history({100: 5, 101: 1}), model.movies[2:]
    calibrated = replace(model.calibration, user=(0.0, 1.0, 0.0, 0.0, 0.0), slope=(0.0,) * 5)
    told = replace(model, users=user_features.fit(TOLD), calibration=calibrated)
    kinder = replace(told, users=replace(told.users, means=told.users.means - 1))
    assert (kinder.confidence(asked, movies) > told.confidence(asked, movies)).all()
    np.testing.assert_array_equal(
        model.confidence(asked, movies), replace(told, calibration=model.calibration).confidence(asked, movies)
    )

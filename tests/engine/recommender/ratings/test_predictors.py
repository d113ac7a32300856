"""The contract of rating predictors on a world with known answers; the baselines are tested with it too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.recommendations.records import History
from core.users import MAX_STARS, MIN_STARS
from engine.recommender.ratings import fold_in
from engine.recommender.ratings.fold_in import FactorPredictor
from tests.engine.recommender.ratings.worlds import World, movie_ids, rated

STARS = st.integers(1, 10).map(lambda half: half / 2)
HISTORIES = st.dictionaries(st.sampled_from([*movie_ids(80).tolist(), 1, 999_999]), STARS, max_size=40)
shared_model = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def test_movies_are_ascending_ids(model: FactorPredictor) -> None:
    assert np.all(np.diff(model.movies) > 0)
    assert model.movies.dtype == np.int64


def test_factors_and_biases_of_a_known_world_are_recovered(world: World, model: FactorPredictor) -> None:
    assert world.error(model) < 0.12


@given(stars=HISTORIES)
@shared_model
def test_answers_are_clipped_stars_for_any_history(model: FactorPredictor, stars: dict[int, float]) -> None:
    found = model.predict(rated(stars), model.movies)
    assert (found.dtype, found.shape) == (np.float32, model.movies.shape)
    assert found.min() >= MIN_STARS
    assert found.max() <= MAX_STARS


def test_predictions_for_a_user_who_gives_only_fives_reach_the_upper_bound(model: FactorPredictor) -> None:
    found = model.predict(rated(dict.fromkeys(model.movies.tolist(), 5.0)), model.movies)
    assert found.max() == MAX_STARS


@given(stars=HISTORIES, movies=st.lists(st.sampled_from(movie_ids(80).tolist()), min_size=1, max_size=20))
@shared_model
def test_predictions_do_not_depend_on_the_other_requested_movies(
    model: FactorPredictor, stars: dict[int, float], movies: list[int]
) -> None:
    history = rated(stars)
    all_of_them = dict(zip(model.movies.tolist(), model.predict(history, model.movies), strict=True))
    found = model.predict(history, np.array(movies))
    np.testing.assert_allclose(found, [all_of_them[movie] for movie in movies], atol=1e-5)


def test_predictions_are_in_the_order_of_the_requested_movies(world: World, model: FactorPredictor) -> None:
    history = world.history(1)
    backwards = model.predict(history, model.movies[::-1])
    np.testing.assert_allclose(backwards[::-1], model.predict(history, model.movies), atol=1e-5)


def test_an_unknown_movie_gets_nan_and_the_others_keep_their_positions(model: FactorPredictor) -> None:
    found = model.predict(rated({7: 4.0}), np.array([999_999, 17, 1, 7]))
    assert np.isnan(found).tolist() == [True, False, True, False]


def test_no_movies_give_no_predictions(model: FactorPredictor) -> None:
    assert model.predict(rated({7: 4.0}), np.array([], dtype=np.int64)).shape == (0,)


def test_without_history_every_movie_gets_its_shrunk_mean(world: World, model: FactorPredictor) -> None:
    found = model.predict(rated({}), model.movies)
    means = np.array([world.stars[world.movies == movie].mean() for movie in model.movies])
    assert np.corrcoef(found, means)[0, 1] > 0.9
    assert abs(found.mean() - world.stars.mean()) < 0.15


def test_unknown_movies_in_a_history_do_not_count(model: FactorPredictor) -> None:
    nothing, unknown = (
        model.predict(rated({}), model.movies),
        model.predict(rated({1: 5.0, 999_999: 5.0}), model.movies),
    )
    np.testing.assert_array_equal(nothing, unknown)


def test_marked_but_unrated_movies_do_not_count(model: FactorPredictor) -> None:
    marked = History(np.array([7, 17]), np.array([1, -1], dtype=np.float32), np.array([4, np.nan], dtype=np.float32))
    np.testing.assert_array_equal(model.predict(marked, model.movies), model.predict(rated({7: 4.0}), model.movies))


def test_a_single_rating_moves_predictions_in_the_right_direction(model: FactorPredictor) -> None:
    low, high = (model.predict(rated({7: stars}), np.array([7]))[0] for stars in (0.5, 5.0))
    assert low < model.predict(rated({}), np.array([7]))[0] + 0.5 < high + 0.5
    assert high - low > 0.3


def test_predicting_changes_neither_the_history_nor_the_model(model: FactorPredictor) -> None:
    history = rated({7: 4.5, 37: 1.0, 999_999: 2.0})
    before = {name: array.copy() for name, array in model.arrays().items()}
    parts = history.movies.copy(), history.weights.copy(), history.stars.copy()
    model.predict(history, model.movies)
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(array, before[name])
    for part, was in zip((history.movies, history.weights, history.stars), parts, strict=True):
        np.testing.assert_array_equal(part, was)


def test_many_threads_get_the_same_result(world: World, model: FactorPredictor) -> None:
    histories = [world.history(user) for user in range(40)]
    alone = [model.predict(history, model.movies) for history in histories]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda history: model.predict(history, model.movies), histories * 5))
    for number, found in enumerate(together):
        np.testing.assert_array_equal(found, alone[number % len(alone)])


def test_a_stored_model_is_restored_unchanged(world: World, model: FactorPredictor, tmp_path: Path) -> None:
    np.savez(tmp_path / "model.npz", **model.arrays())
    with np.load(tmp_path / "model.npz", allow_pickle=False) as stored:
        again = fold_in.from_arrays(dict(stored))
    history = world.history(3)
    assert again.name == model.name
    np.testing.assert_array_equal(again.predict(history, model.movies), model.predict(history, model.movies))


@pytest.mark.parametrize("array", [*fold_in.SHAPES, "name"])
def test_a_missing_array_is_named(model: FactorPredictor, array: str) -> None:
    arrays = dict(model.arrays())
    del arrays[array]
    with pytest.raises(DataError, match=f"lacks the array '{array}'"):
        fold_in.from_arrays(arrays)


@pytest.mark.parametrize("array", ["movies", "levels", "implicit", "common", "lightest", "precision", "noise", "cuts"])
def test_inconsistent_arrays_are_named(model: FactorPredictor, array: str) -> None:
    arrays = dict(model.arrays())
    arrays[array] = np.concatenate([arrays[array], arrays[array]])
    with pytest.raises(DataError, match=f"array '{array}': expected the shape"):
        fold_in.from_arrays(arrays)


def test_an_array_with_other_axes_is_refused(model: FactorPredictor) -> None:
    with pytest.raises(DataError, match="array 'levels': expected 2 axes, got 1"):
        fold_in.from_arrays({**model.arrays(), "levels": np.zeros(3, dtype=np.float32)})

"""Calibration, the rating baseline, the map from features to factors, and the blend schedule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.taste import newcomers
from core.types import Movie, MovieId
from engine.recommender import blend, calibration
from engine.recommender.blend import BlendSchedule, BlendStep
from engine.recommender.models import biases, content
from engine.recommender.models.interactions import NOTHING
from engine.training.fit import blend_weights
from tests.engine.recommender import scorer_kit as kit

TRUE = calibration.Calibration(stars=1.5, place=0.4, constant=-5.5, user=(0.6, 0), slope=(0, -0.5))


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw stars, scores, two user features, and likes with a known probability."""
    draw = np.random.default_rng(seed)
    stars, place = draw.uniform(1, 5, 6_000).astype(np.float32), draw.normal(size=6_000).astype(np.float32)
    user = draw.normal(size=(6_000, 2))
    return stars, place, user, draw.random(6_000) < TRUE.probability(stars, place, user)


def test_a_fit_recovers_the_true_weights() -> None:
    found = calibration.fit(*drawn(1))
    assert found.stars == pytest.approx(1.5, abs=0.15)
    assert found.place == pytest.approx(0.4, abs=0.15)
    assert found.user == pytest.approx((0.6, 0), abs=0.15)
    assert found.slope == pytest.approx((0, -0.5), abs=0.15)


def test_user_features_improve_the_probabilities() -> None:
    stars, place, user, liked = drawn(1)
    other_stars, other_place, other_user, other_liked = drawn(2)
    losses = [
        calibration.log_loss(
            calibration.fit(stars, place, user[:, :figures], liked).probability(
                other_stars, other_place, other_user[:, :figures]
            ),
            other_liked,
        )
        for figures in (0, 2)
    ]
    true = calibration.log_loss(TRUE.probability(other_stars, other_place, other_user), other_liked)
    assert losses[1] < losses[0] - 0.03
    assert losses[1] == pytest.approx(true, abs=0.005)


def test_few_ratings_give_user_features_little_weight() -> None:
    few = [values[:40] for values in drawn(1)]
    found = calibration.fit(*few)
    assert np.abs((*found.user, *found.slope)).max() < 0.3


def test_the_log_loss_is_the_mean_negative_logarithm() -> None:
    said, came = np.array([0.25, 0.5], np.float32), np.array([True, False])
    assert calibration.log_loss(said, came) == pytest.approx((np.log(4) + np.log(2)) / 2)
    assert np.isfinite(calibration.log_loss(np.zeros(1, np.float32), np.ones(1, np.bool_)))


def test_probabilities_are_calibrated_on_unseen_ratings() -> None:
    fitted = calibration.fit(*drawn(1))
    stars, place, user, liked = drawn(2)
    curve = calibration.reliability(fitted.probability(stars, place, user), liked)
    assert calibration.calibration_error(curve) < 0.03
    assert sum(number for *_, number in curve) == len(liked)
    assert [said for said, *_ in curve] == sorted(said for said, *_ in curve)


def test_an_overconfident_model_has_a_large_calibration_error() -> None:
    *_, liked = drawn(2)
    assert calibration.calibration_error(calibration.reliability(np.full(len(liked), 0.99, np.float32), liked)) > 0.3


@pytest.mark.parametrize("liked", [[], [True] * 50, [False] * 50, [True, False]])
def test_without_data_the_default_calibration_is_used(liked: list[bool]) -> None:
    flags = np.array(liked, np.bool_)
    values = np.ones(len(flags), np.float32)
    assert calibration.fit(values, values, np.zeros((len(flags), 5)), flags) == calibration.Calibration()


@given(st.floats(0.5, 5), st.floats(-1e6, 1e6))
def test_probabilities_are_between_zero_and_one(stars: float, place: float) -> None:
    asked = np.array([stars], np.float32), np.array([place], np.float32), np.zeros(5)
    found = calibration.Calibration().probability(*asked)
    assert 0 <= found[0] <= 1


MOVIES = [
    Movie(MovieId(int(movie)), "A film", vote_count=2_000, vote_average=5 + int(movie) % 2 * 3)
    for movie in kit.IDS[:20]
]


def test_generous_users_get_higher_predictions() -> None:
    model = biases.fit(kit.checkerboard(), MOVIES)
    asked = kit.IDS[10:12]
    generous, severe = (model.stars(kit.history({kit.FIRST_ID: stars}), asked) for stars in (5, 1))
    assert np.all(generous > severe)


def test_without_ratings_votes_distinguish_good_from_bad_movies() -> None:
    found = biases.fit(NOTHING, MOVIES).stars(kit.EMPTY, np.array([kit.FIRST_ID, kit.FIRST_ID + 1, 7]))
    assert found[0] < found[1]
    assert np.isnan(found[2])


def test_a_map_recovers_a_linear_world_and_more_ridge_shrinks_it_to_the_mean() -> None:
    draw = np.random.default_rng(1)
    features = draw.normal(size=(300, 8))
    factors = (features @ draw.normal(size=(8, 3)) + 2).astype(np.float32)
    sure = np.ones(300)
    exact = content.learn_map(features, factors, weights=sure, ridge=1e-6).factors(features)
    drawn_in = content.learn_map(features, factors, weights=sure, ridge=1e9).factors(features)
    assert newcomers.explained(factors, exact) == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(drawn_in, np.tile(factors.mean(axis=0), (300, 1)), atol=1e-3)


def test_movies_with_more_ratings_have_more_weight_in_the_map() -> None:
    features, factors = np.zeros((2, 1)), np.array([[0.0], [1.0]], np.float32)
    found = content.learn_map(features, factors, weights=np.array([1, 3]), ridge=1).factors(features)
    np.testing.assert_allclose(found, 0.75)


def test_the_blend_step_depends_on_the_number_of_positive_movies() -> None:
    schedule = BlendSchedule(tuple(BlendStep(movies, {"als": float(movies)}) for movies in (0, 1, 5)))
    steps = {0: 0.0, 1: 1.0, 4: 1.0, 5: 5.0, 9: 5.0}
    for movies, expected in steps.items():
        assert schedule.weights(kit.history({kit.FIRST_ID + i: 5 for i in range(movies)}))["als"] == expected
    only_disliked = kit.history({kit.FIRST_ID + i: 1 for i in range(9)})
    assert schedule.weights(only_disliked)["als"] == 1


def test_a_component_without_spread_does_not_count() -> None:
    same, none = np.ones(5, np.float32), np.full(5, np.nan, np.float32)
    assert blend.scale(same, np.ones(5, np.bool_)) == blend.scale(none, np.ones(5, np.bool_)) == 0


NAMES = blend.PARTS
ONLY_ALS = np.array([1.0, 0, 0, 0, 0])


def contest(good: int) -> blend_weights.Contest:
    """Ten users who like the first of four movies; only the component `good` ranks it first."""
    parts = np.zeros((10, len(NAMES), 40), np.float32)
    parts[:, :, 1:] = np.linspace(1, 0.1, 39)
    parts[:, good, 0] = 2
    liked = np.zeros((10, 40), np.bool_)
    liked[:, 0] = True
    pool = np.tile(np.arange(40), (10, 1))
    return blend_weights.Contest(NAMES, parts, np.zeros((10, 40), np.bool_), pool, liked, np.ones(10, np.int64), 40)


@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_the_search_weights_the_component_that_ranks_liked_movies_first(good: int) -> None:
    weights, ndcg = blend_weights.search(contest(good), least_coverage=0)
    assert weights[NAMES[good]] > 0
    assert ndcg == pytest.approx(1)


def test_missing_coverage_has_its_cost() -> None:
    asked = contest(0)
    free, ndcg = blend_weights.worth(asked, ONLY_ALS, least_coverage=0)
    paid, same = blend_weights.worth(asked, ONLY_ALS, least_coverage=0.5)
    assert free == ndcg == same
    assert free - paid == pytest.approx(0.25 * blend_weights.COVERAGE_PRICE)


def test_padding_never_comes_first() -> None:
    asked = contest(0)
    padding = np.zeros_like(asked.padding)
    padding[:, 0] = True
    assert blend_weights.worth(asked, ONLY_ALS, least_coverage=0)[1] == 1
    assert blend_weights.worth(replace(asked, padding=padding), ONLY_ALS, least_coverage=0)[1] == 0

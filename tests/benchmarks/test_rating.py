"""The measurement of rating predictors: errors by hand, what is predicted for whom, and the tables."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import rating
from benchmarks.baselines import bias_only
from benchmarks.movielens100k import Ratings
from benchmarks.rating import Answers


def ratings(*rows: tuple[int, int, float]) -> Ratings:
    users, movies, stars = zip(*rows, strict=True)
    return Ratings(np.array(users), np.array(movies), np.array(stars, dtype=np.float32), np.zeros(len(rows), np.int64))


def test_errors_equal_those_computed_by_hand() -> None:
    found = Answers(np.array([4, 2, 5], dtype=np.float32), np.array([3, 2, 3], dtype=np.float32))
    assert (found.rmse, found.mae) == (pytest.approx((5 / 3) ** 0.5), pytest.approx(1.0))


def test_a_history_contains_the_ratings_of_one_user_ordered_by_movie() -> None:
    found = rating.history(ratings((1, 9, 3), (2, 5, 1), (1, 4, 5)), 1)
    assert (found.movies.tolist(), found.stars.tolist()) == ([4, 9], [5.0, 3.0])


def test_every_user_is_folded_in_only_from_the_known_ratings() -> None:
    known = ratings((1, 10, 5), (1, 20, 5), (2, 10, 1), (2, 20, 1), (3, 10, 4))
    model = bias_only.train(known.users, known.movies, known.stars)
    asked = ratings((2, 20, 5), (1, 20, 1), (2, 10, 5))
    found = rating.answers(model, known, asked)
    expected = [
        model.predict(rating.history(known, user), np.array([movie]))[0] for user, movie in ((2, 20), (1, 20), (2, 10))
    ]
    assert found.predicted.tolist() == pytest.approx(expected)
    assert found.truth.tolist() == [5.0, 1.0, 5.0]


def test_an_unrated_movie_is_predicted_with_the_mean() -> None:
    known = ratings((1, 10, 5), (2, 10, 2))
    model = bias_only.train(known.users, known.movies, known.stars)
    assert rating.answers(model, known, ratings((1, 99, 4))).predicted.tolist() == [3.5]


def test_new_users_are_never_part_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = ratings(*((user, movie, 1 + (user + movie) % 5) for user in range(1, 31) for movie in range(1, 41)))
    trained: list[set[int]] = []

    def fit(users: rating.Ids, movies: rating.Ids, stars: rating.Floats) -> bias_only.FactorPredictor:
        trained.append(set(users.tolist()))
        return bias_only.train(users, movies, stars)

    monkeypatch.setattr(rating, "MODELS", {"baseline": fit})
    errors = rating.new_users(everybody)
    assert list(errors["baseline"]) == [str(count) for count in rating.NEW_RATINGS]
    assert len(trained[0]) == 27


@pytest.mark.parametrize(("rmse", "mark"), [(0.90, "ok"), (0.92, "MISSED")])
def test_the_tables_show_whether_the_target_is_met(rmse: float, mark: str) -> None:
    measured = {
        "target": rating.TARGET,
        "folds": {"served": [{"rmse": rmse, "mae": 0.7}] * 5},
        "new_viewers": {"served": dict.fromkeys(map(str, rating.NEW_RATINGS), 1.0)},
        "calibration": [{"said": 0.5, "given": 0.51, "ratings": 7}],
        "speed": {"train_s": 5.0, "predict_p50_ms": 0.3, "predict_p95_ms": 0.4},
    }
    shown = rating.tables(measured)
    assert f"≤ 0.91: {mark}." in shown
    assert f"{rmse:.4f}" in shown

"""Metrics of lists beyond accuracy, computed by hand and at their limits; and the split by time of the benchmarks."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.taste import datasets
from engine.training.evaluation import holdout, list_metrics, ranking, splits
from tests.engine.recommender import scorer_kit as kit


def test_gini_distinguishes_equal_exposure_from_one_list_for_all() -> None:
    equal, same = np.arange(12).reshape(4, 3), np.tile(np.arange(3), (4, 1))
    assert list_metrics.gini(equal, 12) == pytest.approx(0)
    assert list_metrics.gini(same, 12) == pytest.approx(0.75)


def test_diversity_is_the_mean_distance_of_all_pairs() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0.6, 0.8]], np.float32)
    found = list_metrics.intra_list_diversity(np.array([[0, 1], [0, 2], [0, 3]]), vectors)
    np.testing.assert_allclose(found, [0, 1, 0.4], atol=1e-6)


def test_a_movie_that_half_of_the_users_know_has_one_bit_of_novelty() -> None:
    assert list_metrics.novelty(np.array([[0, 1]]), np.array([0.5, 0.125])).tolist() == [2]


def test_a_hit_that_popularity_would_have_shown_is_not_serendipitous() -> None:
    hits, lists = np.array([[True, True, False, False]]), np.array([[0, 1, 2, 3]])
    obvious = np.array([[True, False, False, False]])
    assert list_metrics.serendipity(hits, lists, obvious).tolist() == [0.25]


def test_in_a_split_by_time_no_training_rating_is_later_than_a_held_out_one() -> None:
    split = datasets.by_time(kit.checkerboard())
    assert split.train.times.max() < split.test.times.min()
    assert len(split.test) == pytest.approx(0.2 * len(kit.checkerboard()), abs=1)


def test_only_users_with_a_history_and_a_held_out_movie_are_evaluated() -> None:
    split = datasets.by_time(kit.checkerboard())
    given = {case.history.movies.tobytes() for case in ranking.cases(split, kit.IDS)}
    both = set(split.train.users.tolist()) & set(split.test.users.tolist())
    assert len(given) == len(both) < kit.USERS


def test_users_are_grouped_by_the_share_of_popular_movies_in_their_profiles() -> None:
    share = np.array([0.9, 0.1, 0.1, 0.1, 0.1])  # a fifth of the movies is popular: the first
    profiles = [np.array(rows) for rows in ([0], [0, 1], [0, 2], [0, 3], [1, 2])]
    assert list_metrics.user_groups(profiles, share).tolist() == [2, 1, 1, 1, 0]


def test_the_popularity_bias_is_the_relative_difference_of_list_and_profile() -> None:
    share = np.array([0.8, 0.4, 0.2])
    profiles = [np.array([2]), np.array([0, 1])]
    found = list_metrics.popularity_bias(np.array([[1, 1], [2, 2]]), profiles, np.array([0, 2]), share)
    assert found == pytest.approx({"niche": 1.0, "blockbuster": 0.2 / 0.6 - 1})


def test_a_list_of_what_everybody_knows_is_neither_serendipitous_nor_novel() -> None:
    parts = splits.by_pair(kit.checkerboard(missing=False))
    bench = holdout.bench(parts, kit.IDS)
    popular = holdout.popular(bench.share.astype(np.float32), bench, np.ones(len(kit.IDS), np.bool_))
    odd = holdout.popular(-bench.share.astype(np.float32), bench, np.ones(len(kit.IDS), np.bool_))
    assert popular.metrics["serendipity"] == 0
    assert popular.metrics["novelty"] < odd.metrics["novelty"]
    assert popular.metrics["popularity_bias_diverse"] > odd.metrics["popularity_bias_diverse"]
    assert "diversity" not in popular.metrics

"""The contract of rating predictors for the simpler models: the tests of the served one, with their fixtures."""

from __future__ import annotations

from tests.engine.recommender.ratings.test_fit import (
    test_a_single_rating_is_enough_to_train,
    test_the_order_of_the_ratings_changes_nothing,
    test_training_does_not_change_the_ratings,
)
from tests.engine.recommender.ratings.test_fold_in import (
    test_the_fold_in_is_the_ridge_solution_of_each_draw,
    test_the_mean_is_the_prediction_before_it_is_clipped,
    test_the_spread_shrinks_with_more_ratings,
)
from tests.engine.recommender.ratings.test_predictors import (
    test_a_single_rating_moves_predictions_in_the_right_direction,
    test_a_stored_model_is_restored_unchanged,
    test_an_unknown_movie_gets_nan_and_the_others_keep_their_positions,
    test_answers_are_clipped_stars_for_any_history,
    test_many_threads_get_the_same_result,
    test_marked_but_unrated_movies_do_not_count,
    test_movies_are_ascending_ids,
    test_no_movies_give_no_predictions,
    test_predicting_changes_neither_the_history_nor_the_model,
    test_predictions_are_in_the_order_of_the_requested_movies,
    test_predictions_do_not_depend_on_the_other_requested_movies,
    test_predictions_for_a_user_who_gives_only_fives_reach_the_upper_bound,
    test_unknown_movies_in_a_history_do_not_count,
    test_without_history_every_movie_gets_its_shrunk_mean,
)

__all__ = [
    "test_a_single_rating_is_enough_to_train",
    "test_a_single_rating_moves_predictions_in_the_right_direction",
    "test_a_stored_model_is_restored_unchanged",
    "test_an_unknown_movie_gets_nan_and_the_others_keep_their_positions",
    "test_answers_are_clipped_stars_for_any_history",
    "test_many_threads_get_the_same_result",
    "test_marked_but_unrated_movies_do_not_count",
    "test_movies_are_ascending_ids",
    "test_no_movies_give_no_predictions",
    "test_predicting_changes_neither_the_history_nor_the_model",
    "test_predictions_are_in_the_order_of_the_requested_movies",
    "test_predictions_do_not_depend_on_the_other_requested_movies",
    "test_predictions_for_a_user_who_gives_only_fives_reach_the_upper_bound",
    "test_the_fold_in_is_the_ridge_solution_of_each_draw",
    "test_the_mean_is_the_prediction_before_it_is_clipped",
    "test_the_order_of_the_ratings_changes_nothing",
    "test_the_spread_shrinks_with_more_ratings",
    "test_training_does_not_change_the_ratings",
    "test_unknown_movies_in_a_history_do_not_count",
    "test_without_history_every_movie_gets_its_shrunk_mean",
]

"""The contract of rating predictors for the simpler models: the tests of the served one, with their fixtures."""

from __future__ import annotations

from tests.engine.recommender.ratings.test_fit import (
    test_a_single_rating_is_enough_to_train,
    test_the_order_of_the_ratings_changes_nothing,
    test_training_leaves_the_ratings_as_they_are,
)
from tests.engine.recommender.ratings.test_fold_in import (
    test_the_fold_in_is_the_ridge_solution_of_each_draw,
    test_the_mean_is_the_prediction_before_it_is_clipped,
    test_the_spread_shrinks_as_more_is_known,
)
from tests.engine.recommender.ratings.test_predictors import (
    test_a_stored_model_comes_back_equal,
    test_a_user_who_gives_nothing_but_fives_meets_the_upper_bound,
    test_an_unknown_movie_gets_no_answer_and_the_others_keep_their_places,
    test_answers_are_clipped_stars_for_any_history,
    test_answers_come_in_the_order_of_the_question,
    test_many_threads_get_what_one_gets,
    test_movies_are_ascending_ids,
    test_movies_that_the_model_does_not_know_count_for_nothing,
    test_movies_that_were_marked_and_not_rated_count_for_nothing,
    test_no_movies_get_no_answers,
    test_of_a_user_of_whom_nothing_is_known_every_movie_gets_its_shrunk_mean,
    test_one_rating_counts_in_the_right_direction,
    test_predicting_changes_neither_the_history_nor_the_model,
    test_some_movies_get_what_they_get_among_all,
)

__all__ = [
    "test_a_single_rating_is_enough_to_train",
    "test_a_stored_model_comes_back_equal",
    "test_a_user_who_gives_nothing_but_fives_meets_the_upper_bound",
    "test_an_unknown_movie_gets_no_answer_and_the_others_keep_their_places",
    "test_answers_are_clipped_stars_for_any_history",
    "test_answers_come_in_the_order_of_the_question",
    "test_many_threads_get_what_one_gets",
    "test_movies_are_ascending_ids",
    "test_movies_that_the_model_does_not_know_count_for_nothing",
    "test_movies_that_were_marked_and_not_rated_count_for_nothing",
    "test_no_movies_get_no_answers",
    "test_of_a_user_of_whom_nothing_is_known_every_movie_gets_its_shrunk_mean",
    "test_one_rating_counts_in_the_right_direction",
    "test_predicting_changes_neither_the_history_nor_the_model",
    "test_some_movies_get_what_they_get_among_all",
    "test_the_fold_in_is_the_ridge_solution_of_each_draw",
    "test_the_mean_is_the_prediction_before_it_is_clipped",
    "test_the_order_of_the_ratings_changes_nothing",
    "test_the_spread_shrinks_as_more_is_known",
    "test_training_leaves_the_ratings_as_they_are",
]

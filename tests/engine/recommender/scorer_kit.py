"""What every scorer promises, as functions over any of them; `test_scorers.py` runs them all on each.

The world with a known answer is a checkerboard: users and movies of even number belong together, and those of odd
number. Each user has seen all movies of the own colour but one, so that one must come first of all unseen movies.
(After `benfred/implicit`, `tests/recommender_base_test.py`.)
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import strategies as st

from core.recommendations.records import Explainer, Floats, History, Ids, RankingModel
from engine.recommender.models.interactions import Interactions, weigh

USERS = MOVIES = 40
FIRST_ID = 100
"""Ids differ from row numbers."""
UNKNOWN = np.array([7, 99_999], np.int64)
IDS: Ids = np.arange(FIRST_ID, FIRST_ID + MOVIES, dtype=np.int64)


def history(stars: dict[int, float]) -> History:
    """Return a history of ratings."""
    movies = np.array(sorted(stars), np.int64)
    given = np.array([stars[int(movie)] for movie in movies], np.float32)
    return History(movies, weigh(given), given)


EMPTY = history({})


def checkerboard(*, missing: bool = True) -> Interactions:
    """Each user liked the movies of their own colour; with `missing`, one of them is unseen."""
    pairs = [
        (user, movie)
        for user in range(USERS)
        for movie in range(MOVIES)
        if user % 2 == movie % 2 and not (missing and movie == user)
    ]
    users, movies = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    stars = np.full(len(pairs), 5, np.float32)
    return Interactions(
        tuple(f"ml:{user}" for user in range(USERS)),
        users,
        movies + FIRST_ID,
        weigh(stars),
        stars,
        np.arange(len(pairs), dtype=np.int64),
    )


def answers_for_each_movie_it_knows(scorer: RankingModel) -> None:
    """Scores have the right shape, type and order."""
    assert isinstance(scorer, RankingModel)
    assert scorer.name
    assert np.all(np.diff(scorer.movies) > 0)
    scores = scorer.scores(history({int(scorer.movies[0]): 5}))
    assert (scores.shape, scores.dtype) == (scorer.movies.shape, np.float32)


def says_nan_of_users_it_knows_nothing_of(scorer: RankingModel) -> None:
    """Scores are NaN for an empty history and for one of unknown movies."""
    for nothing in (EMPTY, history({int(movie): 5 for movie in UNKNOWN})):
        assert np.isnan(scorer.scores(nothing)).all()


def passes_over_unknown_movies(scorer: RankingModel) -> None:
    """Unknown movies in a history do not change the scores."""
    known = {int(scorer.movies[0]): 5.0, int(scorer.movies[3]): 4.0}
    more = {**known, **{int(movie): 5.0 for movie in UNKNOWN}}
    order = np.argsort(-scorer.scores(history(known)), kind="stable")
    assert order.tolist() == np.argsort(-scorer.scores(history(more)), kind="stable").tolist()


def changes_nothing(scorer: RankingModel) -> None:
    """Scoring changes neither the model nor the history."""
    asked = history({int(movie): 4 for movie in scorer.movies[:5]})
    before, told = scorer.scores(asked), copy.deepcopy(asked)
    first = before.copy()
    before[:] = 0
    again = scorer.scores(asked)
    np.testing.assert_array_equal(again, first)
    for name in ("movies", "weights", "stars"):
        np.testing.assert_array_equal(getattr(asked, name), getattr(told, name))


def answers_threads_as_it_answers_one(scorer: RankingModel) -> None:
    """Concurrent calls return the same as single ones."""
    asked = [history({int(scorer.movies[i]): 5, int(scorer.movies[-1 - i]): 1}) for i in range(10)] * 8
    alone = [scorer.scores(one) for one in asked]
    with ThreadPoolExecutor(8) as pool:
        for found, expected in zip(pool.map(scorer.scores, asked), alone, strict=True):
            np.testing.assert_array_equal(found, expected)


def finds_the_unseen_movie_of_the_own_colour(scorer: RankingModel) -> None:
    """The scorer finds the checkerboard's known answer for every user."""
    known = checkerboard()
    for user, told in enumerate(known.histories()):
        scores = scorer.scores(told)
        scores[np.isin(scorer.movies, told.movies)] = -np.inf
        assert int(scorer.movies[np.argmax(scores)]) == FIRST_ID + user


def moves_away_from_disliked_movies(scorer: RankingModel) -> None:
    """A disliked movie lowers its own colour against the other, never the reverse."""
    liked = {FIRST_ID: 5.0, FIRST_ID + 1: 5.0}
    scores = scorer.scores(history({**liked, FIRST_ID + 2: 0.5, FIRST_ID + 4: 0.5}))
    even, odd = (float(np.mean(scores[rest])) for rest in (slice(6, None, 2), slice(7, None, 2)))
    assert even < odd


def explains_its_scores(scorer: RankingModel, asked: History) -> None:
    """Terms sum to the scores minus those without history; NaN for movies that the scorer cannot score."""
    assert isinstance(scorer, Explainer)
    movies = np.concatenate((scorer.movies, UNKNOWN))
    terms = scorer.terms(asked, movies)
    assert (terms.shape, terms.dtype) == ((len(movies), len(asked)), np.float32)
    assert np.isnan(terms[-len(UNKNOWN) :]).all()
    scores: Floats = scorer.scores(asked)
    if not np.isin(asked.movies, scorer.movies).any():
        assert np.isnan(scores).all()
        assert np.isnan(terms).all()
        return
    tolerance = 1e-4 * max(float(np.abs(scores).max()), 1e-6)
    personal = scores - getattr(scorer, "resting", np.zeros(len(scores), np.float32))
    np.testing.assert_allclose(terms[: -len(UNKNOWN)].sum(axis=1), personal, rtol=1e-4, atol=tolerance)


PROMISES = (
    answers_for_each_movie_it_knows,
    says_nan_of_users_it_knows_nothing_of,
    passes_over_unknown_movies,
    changes_nothing,
    answers_threads_as_it_answers_one,
    finds_the_unseen_movie_of_the_own_colour,
    moves_away_from_disliked_movies,
)
"""The contract of all scorers."""

HISTORIES = st.dictionaries(
    st.sampled_from([*IDS.tolist(), *UNKNOWN.tolist()]), st.sampled_from([0.5 * i for i in range(1, 11)])
).map(history)

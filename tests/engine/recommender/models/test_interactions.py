"""The table of weights, and the histories and training data made with it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.snapshots import Snapshot
from core.types import MovieId
from core.users import Diary, MarkKind, Rating
from data.catalogues.movielens import Ratings
from engine.recommender.models import interactions
from tests.engine.recommender import scorer_kit as kit

NOW = datetime(2020, 1, 1, tzinfo=UTC)


def diary(ratings: dict[int, float] | None = None, **marks: list[int]) -> Diary:
    return Diary(
        ratings={MovieId(m): Rating(MovieId(m), stars, NOW) for m, stars in (ratings or {}).items()},
        marks={MarkKind(kind): {MovieId(m): NOW for m in movies} for kind, movies in marks.items()},
    )


def test_every_star_and_every_mark_has_a_weight_in_the_documented_table() -> None:
    rows = [line.split("|")[1:3] for line in (interactions.__doc__ or "").splitlines() if line.startswith("| ")]
    table = {name.strip().split(" ")[0]: float(weight) for name, weight in rows if name.strip() != "input"}
    stars = dict(zip(interactions.STARS, interactions.STAR_WEIGHTS, strict=True))
    marks = {kind.value: weight for kind, weight in interactions.MARKS.items()}
    feedback = {"searched": interactions.SEARCHED, "clicked": interactions.CLICKED, "skipped": interactions.SKIPPED}
    assert table == {**{f"{star:g}".removeprefix("0"): weight for star, weight in stars.items()}, **marks, **feedback}
    assert set(interactions.MARKS) == set(MarkKind)


@given(st.sampled_from(interactions.STARS))
def test_two_stars_or_less_are_negative_and_more_are_not(stars: float) -> None:
    weight = interactions.weigh(np.array([stars]))[0]
    assert (weight < 0) == (stars <= 2)
    assert weight != 0


def test_more_stars_never_weigh_less() -> None:
    assert np.all(np.diff(interactions.weigh(np.linspace(0.5, 5, 91))) >= 0)


def test_a_history_is_ordered_and_marks_unrated_movies() -> None:
    found = interactions.history(diary({9: 5.0, 3: 1.0}, watchlist=[5], dismissed=[1]))
    assert found.movies.tolist() == [1, 3, 5, 9]
    np.testing.assert_allclose(found.weights, [-1, -0.8, 0.7, 1.5])
    np.testing.assert_array_equal(found.stars, [np.nan, 1, np.nan, 5])


def test_a_rating_takes_precedence_over_marks() -> None:
    found = interactions.history(diary({1: 1.0}, favourite=[1], liked=[1]))
    np.testing.assert_allclose(found.weights, [-0.8])


@pytest.mark.parametrize(
    ("marks", "weight"),
    [
        ({"dismissed": [1], "favourite": [1]}, -1),
        ({"favourite": [1], "passed": [1]}, 1.5),
        ({"watchlist": [1], "passed": [1], "watched": [1]}, 0.7),
        ({"passed": [1], "watched": [1]}, -0.2),
    ],
)
def test_of_several_marks_the_first_of_the_table_counts(marks: dict[str, list[int]], weight: float) -> None:
    np.testing.assert_allclose(interactions.history(diary(**marks)).weights, [weight])


def test_an_empty_diary_gives_an_empty_history() -> None:
    assert len(interactions.history(Diary())) == 0


def snapshot(ratings: list[tuple[int, int, float]], marks: list[tuple[int, int, str]]) -> Snapshot:
    columns = list(zip(*ratings, strict=True)) or [(), (), ()]
    marked = list(zip(*marks, strict=True)) or [(), (), ()]
    return Snapshot(
        np.array(columns[0], np.int64),
        np.array(columns[1], np.int64),
        np.array(columns[2], np.float32),
        np.full(len(ratings), 50, np.int64),
        np.array(marked[0], np.int64),
        np.array(marked[1], np.int64),
        np.full(len(marks), 60, np.int64),
        np.array(marked[2], np.str_),
    )


def test_the_interactions_of_the_site_match_users_diaries() -> None:
    found = interactions.of_site(
        snapshot([(42, 9, 5.0), (42, 3, 1.0)], [(42, 9, "dismissed"), (42, 5, "watchlist"), (7, 5, "passed")])
    )
    assert found.names == ("7", "42")
    theirs = interactions.history(diary({9: 5.0, 3: 1.0}, watchlist=[5], dismissed=[9]))
    for name in ("movies", "weights", "stars"):
        np.testing.assert_array_equal(getattr(found.histories()[1], name), getattr(theirs, name))


def test_a_site_without_ratings_and_marks_has_no_interactions() -> None:
    assert len(interactions.of_site(snapshot([], []))) == 0


def test_users_of_both_sources_keep_their_names_and_movies() -> None:
    ratings = Ratings(
        np.array([3, 11], np.int64), np.array([862, 5], np.int64), np.array([4, 2], np.float32), np.zeros(2, np.int64)
    )
    both = interactions.join((interactions.of_movielens(ratings), interactions.of_site(snapshot([(3, 862, 1.0)], []))))
    assert both.names == ("ml:3", "ml:11", "3")
    assert [told.movies.tolist() for told in both.histories()] == [[862], [5], [862]]


def test_rare_users_and_movies_are_left_out_of_training_only() -> None:
    known = kit.checkerboard()
    rare = interactions.Interactions(
        ("ml:900",),
        np.zeros(2, np.int64),
        np.array([kit.FIRST_ID, 5_000], np.int64),
        np.ones(2, np.float32),
        np.full(2, 5, np.float32),
        np.zeros(2, np.int64),
    )
    whole = interactions.join((known, rare))
    learned = interactions.learnable(whole, min_user_ratings=3, min_movie_ratings=3)
    assert len(learned) == len(known)
    assert 5_000 not in learned.movies
    assert len(whole) == len(known) + 2

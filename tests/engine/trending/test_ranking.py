"""Ranking of trending lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends import Origin, Trend, Window
from core.types import MovieId
from engine.trending import explanations, ranking
from tests.engine.trending.made import hourly

NOW = 500_000
"""Hours since 1970."""
HALF_LIFE = 12.0


def scores(rows: Sequence[tuple[int, int, float]], window: Window, *, half_life: float = HALF_LIFE) -> dict[int, float]:
    ranked = ranking.rank(hourly(rows), window, hour=NOW, half_life=half_life)
    return dict(zip(ranked.movies.tolist(), ranked.scores.tolist(), strict=True))


ROWS = st.lists(
    st.tuples(st.integers(NOW - 900, NOW + 3), st.integers(1, 5), st.sampled_from([-1.0, 0.5, 1.0, 2.0, 3.0])),
    max_size=40,
    unique_by=lambda row: row[:2],
)


@given(rows=ROWS, window=st.sampled_from([Window.DAY, Window.WEEK]))
def test_the_score_is_the_decayed_sum(rows: list[tuple[int, int, float]], window: Window) -> None:
    half_life, span = (HALF_LIFE, 24) if window is Window.DAY else (HALF_LIFE * 7, 168)
    for movie in range(1, 6):
        own = [row for row in rows if row[1] == movie and NOW - ranking.READ_HOURS < row[0] <= NOW]
        expected = sum(weight * 0.5 ** ((NOW - hour) / half_life) for hour, _, weight in own)
        recent = sum(weight for hour, _, weight in own if hour > NOW - span)
        listed = expected > 1e-9 and recent > 0
        assert scores(rows, window).get(movie, 0.0) == pytest.approx(expected if listed else 0.0, abs=1e-9)


def test_an_event_counts_half_after_its_half_life() -> None:
    found = scores([(NOW, 1, 8.0), (NOW - 12, 2, 8.0), (NOW - 12, 3, 8.0), (NOW, 3, 1e-9)], Window.DAY)
    assert found[2] == pytest.approx(found[1] / 2)
    week = scores([(NOW, 1, 8.0), (NOW - 84, 2, 8.0)], Window.WEEK)
    assert week[2] == pytest.approx(week[1] / 2)


def test_no_score_is_negative_however_many_swipe_left() -> None:
    found = scores([(NOW, 1, -5.0), (NOW - 3, 2, 4.0), (NOW, 2, -9.0), (NOW, 3, 1.0)], Window.DAY)
    assert list(found) == [3]
    assert scores([(NOW - 20, 1, 2.0), (NOW, 1, -1.0), (NOW, 2, 1.0)], Window.DAY) == {2: 1.0}  # what is new outweighs


def test_equal_scores_are_ordered_by_id() -> None:
    rows = [(NOW - movie % 3, movie, 2.0 ** ((movie % 3) / HALF_LIFE)) for movie in (9, 4, 7, 2, 5)]
    assert list(scores(rows, Window.DAY)) == [2, 4, 5, 7, 9]


def test_hours_in_the_future_do_not_count() -> None:
    assert scores([(NOW + 1, 1, 50.0), (NOW, 2, 1.0)], Window.DAY) == {2: 1.0}


def steady(movie: int, weight: float, days: int = 30) -> list[tuple[int, int, float]]:
    """The same weight of a movie on every day before the last."""
    return [(NOW - 24 * day - 1, movie, weight) for day in range(1, days + 1)]


def test_rising_depends_on_the_movies_own_past_and_not_on_its_size() -> None:
    great, small = [*steady(1, 100.0), (NOW, 1, 105.0)], [*steady(2, 1.0), (NOW, 2, 12.0)]
    assert list(scores([*great, *small], Window.RISING)) == [2]


@pytest.mark.parametrize(
    ("recent", "usual", "variance", "z"),
    [
        (12.0, 4.0, 0.0, 4.0),  # Poisson: (12 - 4) / sqrt(4)
        (12.0, 4.0, 16.0, 2.0),  # busier on some days than on others
        (3.0, 0.0, 0.0, 3.0),  # no past: one event is the least deviation
        (1.0, 0.25, 0.1, 0.75),
    ],
)
def test_the_burst_is_a_standard_score_with_a_floor(recent: float, usual: float, variance: float, z: float) -> None:
    assert ranking.burst(np.array([recent]), np.array([usual]), np.array([variance])) == pytest.approx([z])


def test_a_single_click_on_a_movie_without_past_does_not_rise() -> None:
    assert scores([*steady(1, 5.0), (NOW, 2, 1.0)], Window.RISING) == {}


def test_nothing_rises_on_the_first_day_of_a_site() -> None:
    assert scores([(NOW - 20, 1, 50.0), (NOW, 2, 50.0)], Window.RISING) == {}


def test_a_new_site_is_compared_with_the_days_it_has() -> None:
    ranked = ranking.rank(hourly([*steady(1, 6.0, days=3), (NOW, 1, 6.0)]), Window.DAY, hour=NOW, half_life=HALF_LIFE)
    assert ranked.usual[0] == pytest.approx(6.0, rel=0.4)
    assert scores([*steady(1, 6.0, days=3), (NOW, 1, 6.0)], Window.RISING) == {}


def test_the_week_is_compared_with_the_four_weeks_before_it() -> None:
    rows = [(NOW - 24 * day, 1, 1.0 if day >= 7 else 3.0) for day in range(35)]
    ranked = ranking.rank(hourly(rows), Window.WEEK, hour=NOW, half_life=HALF_LIFE)
    assert (ranked.recent[0], ranked.usual[0]) == (21.0, pytest.approx(7.0, rel=0.05))


def test_a_movie_needs_enough_distinct_users_and_spam_takes_no_place() -> None:
    spam, real = [(NOW, movie, 50.0) for movie in range(1, 1001)], [(NOW, 5000 + movie, 1.0) for movie in range(8)]
    ranked = ranking.rank(hourly([*spam, *real]), Window.DAY, hour=NOW, half_life=HALF_LIFE)
    listed = ranking.choose(
        ranked, floor=3, count_users=lambda movies: {movie: 3 if movie >= 5000 else 1 for movie in movies}
    )
    assert [trend.movie for trend in listed] == list(range(5000, 5008))


def test_a_list_has_a_maximum_length() -> None:
    ranked = ranking.rank(
        hourly([(NOW, movie, 1.0) for movie in range(1, 400)]), Window.DAY, hour=NOW, half_life=HALF_LIFE
    )
    asked: list[int] = []

    def count(movies: Sequence[MovieId]) -> dict[MovieId, int]:
        asked.append(len(movies))
        return dict.fromkeys(movies, 5)

    assert len(ranking.choose(ranked, floor=3, count_users=count)) == ranking.LENGTH
    assert asked == [ranking.PORTION]


@pytest.mark.parametrize(
    ("window", "origin", "figures", "sentence"),
    [
        (
            Window.DAY,
            Origin.EVENTS,
            (38, 40, 10),
            "38 viewers showed interest in the last day, 4 times as much as usual.",
        ),
        (Window.DAY, Origin.EVENTS, (3, 10, 9), "3 viewers showed interest in the last day."),
        (
            Window.WEEK,
            Origin.EVENTS,
            (1, 9, 6),
            "1 viewer showed interest in the last week, 1.5 times as much as usual.",
        ),
        (
            Window.RISING,
            Origin.EVENTS,
            (5, 9, 0),
            "5 viewers showed interest in the last day, and hardly anybody before.",
        ),
        (
            Window.RISING,
            Origin.EVENTS,
            (1234, 900, 1),
            "1,234 viewers showed interest in the last day, more than 100 times as much as usual.",
        ),
        (Window.DAY, Origin.MOVIELENS, (21, 21, 2), "Loved by 21 viewers in MovieLens’ newest ratings."),
        (
            Window.RISING,
            Origin.MOVIELENS,
            (6, 6, 2),
            "Loved by 6 viewers in MovieLens’ newest ratings, 3 times as much as usual.",
        ),
    ],
)
def test_each_movie_is_explained(
    window: Window, origin: Origin, figures: tuple[int, float, float], sentence: str
) -> None:
    trend = Trend(MovieId(1), 1.0, *figures)
    assert explanations.why(trend, window=window, origin=origin) == sentence

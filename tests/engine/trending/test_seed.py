"""Trending lists for a site without events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.trends import Window
from engine.trending import seed
from engine.trending.seed import DAY, MONTH, QUARTER, YEAR, Loved

NEWEST = 1_537_800_000


def loved(*rows: tuple[int, int, float]) -> Loved:
    """Return good ratings, given as movies with numbers of users and days before the newest rating."""
    movies = [movie for movie, users, _ in rows for _ in range(users)]
    seconds = [NEWEST - int(days * DAY) for _, users, days in rows for _ in range(users)]
    return Loved(np.array(movies, np.int64), np.array(seconds, np.int64))


def listed(given: Loved, window: Window, *, floor: int = 3) -> list[int]:
    return [int(movie) for movie in seed.rank(given, window, floor=floor).movies]


def test_the_newest_month_is_relative_to_movielens_newest_rating() -> None:
    recent = [(movie, 5 + movie % 2, 10) for movie in range(1, 31)]
    found = listed(loved((99, 1, 0), *recent, (50, 80, MONTH + 5)), Window.DAY)
    assert found == [*range(1, 31, 2), *range(2, 31, 2)]


def test_a_quarter_is_used_if_the_newest_month_has_few_ratings() -> None:
    quarter = [(movie, 4, QUARTER - 1) for movie in range(10, 35)]
    assert set(listed(loved((1, 9, 0), *quarter), Window.DAY)) == {1, *range(10, 35)}


def test_movies_need_enough_users() -> None:
    assert listed(loved((1, 3, 0), (2, 2, 0)), Window.WEEK) == [1]


def test_the_weekly_list_covers_a_year() -> None:
    assert listed(loved((1, 3, 0), (2, 4, YEAR - 1), (3, 90, YEAR + 1)), Window.WEEK) == [2, 1]


def test_movies_loved_far_more_than_before_rise_regardless_of_overall_growth() -> None:
    past = [(movie, 10, QUARTER + 10) for movie in (1, 2, 3)]
    grown = [(1, 20, 5), (2, 20, 5), (3, 60, 5)]
    assert listed(loved(*past, *grown), Window.RISING) == [3]


def test_without_good_ratings_the_list_is_empty() -> None:
    for window in Window:
        assert listed(loved(), window) == []


@pytest.mark.data
def test_the_real_movielens_fills_all_three_lists(real_data: Path) -> None:
    given = seed.read(next(real_data.rglob("links.csv")).parent)
    found = {window: seed.rank(given, window, floor=3) for window in Window}
    assert min(len(ranked) for ranked in found.values()) >= seed.ENOUGH
    assert all(min(seed.users(ranked).values()) >= 3 for ranked in found.values())

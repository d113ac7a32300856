"""Training pairs from a site's own searches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.trends import DiaryColumns, EventColumns
from core.users import EventKind
from engine.search.ranking import tuning_job
from engine.search.ranking.training_pairs import Pair

SEARCH, CLICK = EventKind.SEARCH, EventKind.CLICK
Row = tuple[EventKind, float, int, int, str, str]
"""Kind, seconds, user, movie, list and text of an event."""


def _events(*rows: Row) -> EventColumns:
    kinds, seconds, users, movies, lists, texts = zip(*rows, strict=True) if rows else ((),) * 6
    empty = np.array([""] * len(rows), np.object_)
    return EventColumns(
        kinds=np.array(kinds, np.str_),
        seconds=np.array(seconds, np.float64),
        users=np.array(users, np.int64),
        movies=np.array(movies, np.int64),
        positions=np.full(len(rows), -1, np.int64),
        lists=np.array(lists, np.object_),
        models=empty,
        queries=np.array(texts, np.object_),
    )


def _said(*rows: tuple[str, float, float, int, int]) -> DiaryColumns:
    kinds, stars, seconds, users, movies = zip(*rows, strict=True) if rows else ((),) * 5
    return DiaryColumns(
        kinds=np.array(kinds, np.str_),
        stars=np.array(stars, np.float64),
        seconds=np.array(seconds, np.float64),
        users=np.array(users, np.int64),
        movies=np.array(movies, np.int64),
    )


def _answered(events: Sequence[Row], said: Sequence[tuple[str, float, float, int, int]] = ()) -> list[tuple[int, Pair]]:
    return tuning_job.answered(_events(*events), _said(*said))


def test_a_click_on_a_result_yields_a_pair() -> None:
    rows: list[Row] = [
        (SEARCH, 0, 1, -1, "", "a shark"),
        (CLICK, 5, 1, 578, "search", "a shark"),
        (CLICK, 9, 1, 578, "search", "a shark"),
    ]
    assert _answered(rows) == [(1, Pair("a shark", 578))]


def test_clicks_elsewhere_or_without_an_account_yield_no_pair() -> None:
    rows: list[Row] = [
        (CLICK, 5, 1, 578, "for-you", ""),
        (CLICK, 5, 1, 578, "similar", "a shark"),
        (CLICK, 5, -1, 578, "search", "a shark"),
        (CLICK, 5, 1, 578, "search", "!!!"),
    ]
    assert _answered(rows) == []


def test_a_good_rating_in_the_same_visit_yields_a_pair() -> None:
    rows: list[Row] = [(SEARCH, 0, 1, -1, "", "an earlier text"), (SEARCH, 60, 1, -1, "", "a shark")]
    assert _answered(rows, [("rating", 4.5, 600, 1, 578)]) == [(1, Pair("a shark", 578))]


def test_bad_late_and_other_users_ratings_yield_no_pair() -> None:
    rows: list[Row] = [(SEARCH, 0, 1, -1, "", "a shark")]
    said = [("rating", 1.0, 60, 1, 578), ("rating", 5.0, 9_000, 1, 578), ("rating", 5.0, 60, 2, 578)]
    assert _answered(rows, [*said, ("favourite", np.nan, 60, 1, 578)]) == []

"""Counts of users' actions by movie and hour."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends import HourTally
from core.users import EventKind, MarkKind
from engine.trending import counts
from engine.trending.counts import WEIGHTS, Activity
from tests.engine.trending.made import happened, said

CLICK, RIGHT, LEFT = EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT


def as_dict(tally: HourTally) -> dict[tuple[int, int], float]:
    return dict(zip(zip(tally.hours.tolist(), tally.movies.tolist(), strict=True), tally.weights.tolist(), strict=True))


@pytest.mark.parametrize(
    ("kind", "query", "list_name", "activity"),
    [
        (CLICK, "", "home", Activity.CLICK),
        (CLICK, "a robot alone", "search", Activity.SEARCH_CLICK),
        (CLICK, "", counts.LIST, Activity.LISTED_CLICK),
        (RIGHT, "", "swipe", Activity.SWIPE_RIGHT),
        (LEFT, "", "swipe", Activity.SWIPE_LEFT),
    ],
)
def test_each_kind_of_event_has_its_weight(kind: EventKind, query: str, list_name: str, activity: Activity) -> None:
    tally = counts.tally(happened((kind, 5.5, 1, 100), query=query, list_name=list_name), said())
    assert as_dict(tally) == {(5, 100): WEIGHTS[activity]}


@pytest.mark.parametrize(
    ("kind", "stars", "weight"),
    [
        ("rating", 4.0, WEIGHTS[Activity.LOVED]),
        ("rating", 3.5, None),
        (MarkKind.FAVOURITE.value, math.nan, WEIGHTS[Activity.FAVOURITE]),
        (MarkKind.WATCHLIST.value, math.nan, WEIGHTS[Activity.WATCHLIST]),
        (MarkKind.DISMISSED.value, math.nan, None),
        (MarkKind.LIKED.value, math.nan, None),
    ],
)
def test_positive_ratings_and_marks_count(kind: str, stars: float, weight: float | None) -> None:
    tally = counts.tally(happened(), said((kind, stars, 5.5, 1, 100)))
    assert as_dict(tally) == ({} if weight is None else {(5, 100): weight})


def test_impressions_and_searches_do_not_count() -> None:
    shown = happened((EventKind.IMPRESSION, 1, 1, 100), (EventKind.SEARCH, 1, 1, -1), (CLICK, 1, 1, -1))
    assert len(counts.tally(shown, said())) == 0


def test_a_user_counts_once_per_hour_and_kind_of_action() -> None:
    spam = happened(*[(CLICK, 3 + n / 100, 7, 100) for n in range(99)], (CLICK, 4, 7, 100), (RIGHT, 3.5, 7, 100))
    tally = counts.tally(spam, said())
    assert as_dict(tally) == {
        (3, 100): WEIGHTS[Activity.CLICK] + WEIGHTS[Activity.SWIPE_RIGHT],
        (4, 100): WEIGHTS[Activity.CLICK],
    }
    assert tally.events.tolist() == [2, 1]


def test_all_visitors_without_an_account_count_as_one_user() -> None:
    crowd = happened(*[(CLICK, 3.5, -1, 100)] * 50, (CLICK, 3.6, 8, 100))
    assert as_dict(counts.tally(crowd, said())) == {(3, 100): 2 * WEIGHTS[Activity.CLICK]}


KINDS = st.sampled_from([*EventKind])
EVENTS = st.lists(
    st.tuples(KINDS, st.floats(0, 72, exclude_max=True, width=32), st.integers(-1, 4), st.integers(-1, 5)), max_size=60
)


@given(events=EVENTS)
def test_the_tally_matches_a_set_of_actions(events: list[tuple[EventKind, float, int, int]]) -> None:
    weights = {CLICK: WEIGHTS[Activity.CLICK], RIGHT: WEIGHTS[Activity.SWIPE_RIGHT], LEFT: WEIGHTS[Activity.SWIPE_LEFT]}
    actions = {(int(hour), movie, user, kind) for kind, hour, user, movie in events if kind in weights and movie > 0}
    expected: dict[tuple[int, int], float] = defaultdict(float)
    for hour, movie, _, kind in actions:
        expected[hour, movie] += weights[kind]
    tally = counts.tally(happened(*events), said())
    assert as_dict(tally) == dict(expected)
    assert int(tally.events.sum()) == len(actions)
    assert sorted(as_dict(tally)) == list(as_dict(tally))


@given(events=EVENTS, cuts=st.sets(st.integers(1, 71), max_size=4))
def test_counting_in_portions_equals_counting_at_once(
    events: list[tuple[EventKind, float, int, int]], cuts: set[int]
) -> None:
    bounds = [0, *sorted(cuts), 72]
    stretches = [[event for event in events if start <= event[1] < end] for start, end in itertools.pairwise(bounds)]
    parts = counts.join([counts.tally(happened(*stretch), said()) for stretch in stretches])
    whole = counts.tally(happened(*events), said())
    for name in ("hours", "movies", "weights", "events"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name))

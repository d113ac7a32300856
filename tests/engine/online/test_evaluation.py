"""Measurements of simulated visitors match their simulated behaviour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.records import ExploredMovie, LoggedDraw
from core.trends import EventColumns
from core.types import MovieId
from core.users import EventKind, MarkKind, UserId
from engine.online import evaluation, event_columns, rates
from tests.engine.online.visitors import DAY, MINUTE, START, Visits, halving, said

CLICK, SEEN, SEARCH = EventKind.CLICK, EventKind.IMPRESSION, EventKind.SEARCH
YES, NO = EventKind.HELPFUL, EventKind.UNHELPFUL


def _seen(visits: Visits, *, clicked: bool = False, at: float = START, user: int = 1, **shown: Any) -> None:
    shown = {"movie": 1, "position": 1, "list_name": "for-you", "model": "m", **shown}
    visits.add(SEEN, at, user, **shown)
    if clicked:
        visits.add(CLICK, at + 5, user, **shown)


def _all(events: EventColumns) -> tuple[int, int]:
    found = evaluation.click_through(events)["all"]
    return found["count"], found["of"]


def test_click_through_by_position_matches_the_simulation() -> None:
    found = evaluation.click_through(halving(4_000, first=0.4, places=5))["by_position"]
    assert [(rate["name"], rate["of"]) for rate in found] == [(str(place), 4_000) for place in range(1, 6)]
    for rate, true in zip(found, [0.4, 0.2, 0.1, 0.05, 0.025], strict=True):
        assert rate["share"] == pytest.approx(true, abs=4 * (true * (1 - true) / 4_000) ** 0.5)
        assert rate["low"] < rate["share"] < rate["high"]


def test_intervals_contain_the_truth_as_often_as_stated() -> None:
    held = 0
    for seed in range(60):
        (rate,) = evaluation.click_through(halving(150, first=0.3, places=1, seed=seed))["by_position"]
        held += rate["low"] <= 0.3 <= rate["high"]
    assert held >= 52  # of 57 expected; less than that has a chance below 1 %


def test_rates_are_grouped_by_list_and_model_and_unnamed_ones_left_out() -> None:
    visits = Visits()
    _seen(visits, clicked=True)
    _seen(visits, list_name="search", model="")
    _seen(visits, user=2, model="other")
    found = evaluation.click_through(visits.columns())
    assert [(rate["name"], rate["count"], rate["of"]) for rate in found["by_list"]] == [
        ("for-you", 1, 2),
        ("search", 0, 1),
    ]
    assert [(rate["name"], rate["count"], rate["of"]) for rate in found["by_model"]] == [("m", 1, 1), ("other", 0, 1)]


def test_a_movie_counts_once_per_visit_and_list() -> None:
    visits = Visits()
    for minute in range(4):
        _seen(visits, clicked=True, at=START + minute * MINUTE)
    _seen(visits, at=START + DAY)
    assert _all(visits.columns()) == (1, 2)


def test_a_click_in_another_list_or_visit_does_not_count() -> None:
    visits = Visits()
    _seen(visits)
    visits.add(CLICK, START + 1, movie=1, list_name="search")
    visits.add(CLICK, START + DAY, movie=1, list_name="for-you")
    visits.add(CLICK, START + 1, user=2, movie=1, list_name="for-you")
    assert _all(visits.columns()) == (0, 1)


def test_visitors_without_an_account_are_not_counted() -> None:
    visits = Visits()
    _seen(visits, clicked=True, user=-1)
    assert _all(visits.columns()) == (0, 0)
    assert evaluation.sessions(visits.columns(), said())["of"] == 0


def test_missing_and_far_positions_are_left_out_of_the_positions_only() -> None:
    visits = Visits()
    for movie, position in enumerate((-1, 0, 50, 51, 2**40), start=1):
        _seen(visits, movie=movie, position=position)
    found = evaluation.click_through(visits.columns())
    assert [rate["name"] for rate in found["by_position"]] == ["50"]
    assert found["all"]["of"] == 5


def test_without_events_every_rate_is_unknown() -> None:
    nothing = Visits().columns()
    rates = (evaluation.click_through(nothing)["all"], evaluation.sessions(nothing, said()))
    for share in (*rates, evaluation.helpful(nothing)["all"]):
        assert (share["count"], share["of"], share["share"]) == (0, 0, None)
    assert evaluation.rated_well(evaluation.Recommended.of([]), said(("rating", 5.0, START, 1, 1)))["of"] == 0
    assert evaluation.click_through(nothing)["by_position"] == []


@pytest.mark.parametrize(
    ("kind", "good"),
    [(CLICK, 1), (EventKind.SWIPE_RIGHT, 1), (EventKind.SWIPE_LEFT, 0), (SEARCH, 0), (SEEN, 0), (YES, 1), (NO, 0)],
)
def test_which_events_make_a_visit_successful(kind: EventKind, good: int) -> None:
    visits = Visits()
    visits.add(SEEN, START, movie=1)
    visits.add(kind, START + MINUTE, movie=1)
    found = evaluation.sessions(visits.columns(), said())
    assert (found["count"], found["of"]) == (good, 1)


@pytest.mark.parametrize(
    ("kind", "good"),
    [("rating", 1), *((mark, int(mark not in (MarkKind.PASSED, MarkKind.DISMISSED))) for mark in MarkKind)],
)
def test_which_ratings_and_marks_make_a_visit_successful(kind: str, good: int) -> None:
    visits = Visits()
    visits.add(SEARCH, START)
    found = evaluation.sessions(visits.columns(), said((kind, float("nan"), START + MINUTE, 1, 1)))
    assert (found["count"], found["of"]) == (good, 1)


@pytest.mark.parametrize(
    ("kinds", "good"),
    [((CLICK, NO), 0), ((NO, CLICK), 1), ((YES, NO), 0), ((NO, YES), 1), ((NO, SEEN), 0), ((NO, CLICK, SEARCH), 1)],
)
def test_not_helpful_makes_a_visit_a_failure_unless_a_success_follows(kinds: tuple[EventKind, ...], good: int) -> None:
    visits = Visits()
    for minute, kind in enumerate(kinds):
        visits.add(kind, START + minute * MINUTE, list_name="search", query="sea")
    visits.add(YES, START, user=2, list_name="search", query="sea")
    found = evaluation.sessions(visits.columns(), said())
    assert (found["count"], found["of"]) == (good + 1, 2)


def test_a_rating_after_not_helpful_makes_a_visit_successful() -> None:
    visits = Visits()
    visits.add(NO, START, list_name="search", query="sea")
    for at, good in ((START - MINUTE, 0), (START, 1), (START + MINUTE, 1)):
        assert evaluation.sessions(visits.columns(), said(("rating", 4.0, at, 1, 1)))["count"] == good


def test_the_last_answer_about_each_search_and_list_counts_once_per_visit() -> None:
    visits = Visits()
    for minute, kind in enumerate((YES, NO)):
        visits.add(kind, START + minute * MINUTE, list_name="search", query="sea")
    visits.add(YES, START, list_name="search", query="robots")
    visits.add(YES, START, list_name="for-you")
    visits.add(YES, START + DAY, list_name="search", query="sea")
    visits.add(NO, START, user=2, list_name="for-you")
    visits.add(YES, START, user=-1, list_name="for-you")
    found = evaluation.helpful(visits.columns())
    assert (found["all"]["count"], found["all"]["of"]) == (3, 5)
    assert [(rate["name"], rate["count"], rate["of"]) for rate in found["by_list"]] == [
        ("for-you", 1, 2),
        ("search", 2, 3),
    ]


def test_a_visit_ends_after_half_an_hour_without_events() -> None:
    seconds = np.array([0, 1_800, 3_600, 5_401, 0, 10]) + START
    users = np.array([1, 1, 1, 1, 2, 2])
    visit = event_columns.visits(users, seconds)
    assert visit.tolist() == [0, 0, 0, 1, 2, 2]
    backwards = event_columns.visits(users[::-1], seconds[::-1])
    assert backwards.tolist() == visit[::-1].tolist()


def test_a_draw_counts_if_its_movie_was_seen_within_a_day_and_is_rewarded_by_a_click_there() -> None:
    visits = Visits()
    for user, (seen_after, clicked, list_name) in enumerate(
        [(MINUTE, True, "for-you"), (MINUTE, False, "for-you"), (2 * DAY, True, "for-you"), (MINUTE, True, "search")], 1
    ):
        visits.add(SEEN, START + seen_after, user, 5, list_name=list_name)
        if clicked:
            visits.add(CLICK, START + seen_after + MINUTE, user, 5, list_name=list_name)
    at = datetime.fromtimestamp(START, UTC)
    draws = [LoggedDraw(UserId(user), ExploredMovie(MovieId(5), 1, 0, 4, 0.5), at) for user in range(1, 6)]
    found = evaluation.exploration([draw for draw in draws for _ in range(20)], visits.columns())
    assert (found["drawn"], found["seen"]) == (100, 40)
    by_name = {row["policy"]: row for row in found["policies"]}
    assert by_name["as drawn"]["snips"] == pytest.approx(0.5)
    assert by_name["as drawn"]["low"] < 0.5 < by_name["as drawn"]["high"]
    assert evaluation.exploration([], visits.columns()) == {"drawn": 0, "seen": 0, "policies": []}


def _recommended(*shown: tuple[float, int, int, str]) -> evaluation.Recommended:
    days = []
    for at, user, movie, model in shown:
        visits = Visits()
        visits.add(SEEN, at, user, movie, model=model)
        days.append(visits.columns())
    return evaluation.Recommended.of(days)


def test_a_recommended_movie_rated_well_in_time_counts() -> None:
    shown = _recommended((START, 1, 7, "m"), (START, 1, 8, "m"), (START, 2, 7, "m"), (START, 3, 7, "m"))
    found = evaluation.rated_well(
        shown,
        said(
            ("rating", 4.0, START + 14 * DAY, 1, 7),
            ("rating", 3.5, START + DAY, 1, 8),
            ("rating", 5.0, START - 1, 2, 7),
            ("rating", 5.0, START + 14 * DAY + 1, 3, 7),
            ("rating", 5.0, START + DAY, 9, 7),
            ("liked", float("nan"), START + DAY, 3, 7),
        ),
    )
    assert (found["count"], found["rated"], found["of"]) == (1, 2, 4)


def test_the_first_recommendation_counts_and_lists_without_a_model_do_not() -> None:
    shown = _recommended((START, 1, 7, "m"), (START + 10 * DAY, 1, 7, "m"), (START, 1, 8, ""), (START, -1, 9, "m"))
    assert (len(shown.keys), shown.seconds.tolist()) == (1, [START])
    twice = said(("rating", 5.0, START + DAY, 1, 7), ("rating", 4.5, START + 2 * DAY, 1, 7))
    assert evaluation.rated_well(shown, twice)["count"] == 1


def test_forged_movie_ids_are_ignored() -> None:
    visits = Visits()
    visits.add(SEEN, START, 1, 2**62, model="m")
    assert len(evaluation.Recommended.of([visits.columns()]).keys) == 0
    assert _all(visits.columns()) == (0, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([CLICK, SEEN, SEARCH]),
            st.integers(0, 9_000),
            st.integers(-1, 3),
            st.integers(-1, 4),
            st.integers(-1, 5),
            st.sampled_from(["", "for-you", "search"]),
        ),
        max_size=40,
    )
)
def test_rates_are_at_most_one_and_parts_add_up(rows: list[tuple[EventKind, int, int, int, int, str]]) -> None:
    visits = Visits()
    for kind, second, user, movie, position, list_name in rows:
        visits.add(kind, START + second, user, movie, position=position, list_name=list_name, model=list_name)
    found = evaluation.click_through(visits.columns())
    shares = [found["all"], *found["by_position"], *found["by_list"], evaluation.sessions(visits.columns(), said())]
    assert all(0 <= share["count"] <= share["of"] for share in shares)
    for name in ("by_position", "by_list", "by_model"):
        assert sum(share["of"] for share in found[name]) <= found["all"]["of"]
    assert found["by_list"] == found["by_model"]


def test_a_rate_has_its_interval() -> None:
    # Wilson's interval of 1 of 10, by hand: (.1 + 1.92/10 ± 1.96 √(.009 + .0960)) / 1.384
    assert rates.rate("x", 1, 10) == {"name": "x", "count": 1, "of": 10, "share": 0.1, "low": 0.01788, "high": 0.40415}

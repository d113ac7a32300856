"""Clicks and ignored movies become implicit feedback, which is weaker than ratings and marks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings
from core.errors import Cancelled
from core.recommendations.snapshots import ImplicitFeedback
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.online import implicit_feedback
from engine.recommender.models import interactions
from tests.data.database.servers import NOW, sign_up
from tests.engine.online.visitors import DAY, START, Visits, Watched

CLICK, SEEN = EventKind.CLICK, EventKind.IMPRESSION
HEAT, ALIEN, JAWS = MovieId(949), MovieId(348), MovieId(578)
A_DAY = timedelta(days=1)


def _rows(feedback: ImplicitFeedback) -> list[tuple[int, ...]]:
    columns = (feedback.users, feedback.movies, feedback.clicks, feedback.searches, feedback.skips)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _of(*days: Visits) -> list[tuple[int, ...]]:
    counts = implicit_feedback.of_day(Visits().columns())
    for day in days:
        counts = implicit_feedback.add(counts, implicit_feedback.of_day(day.columns()))
    return _rows(implicit_feedback.of_counts(counts))


def _day(number: int, *events: tuple[EventKind, int, int], **fields: Any) -> Visits:
    visits = Visits()
    for kind, user, movie in events:
        visits.add(kind, START + number * DAY, user, movie, **fields)
    return visits


def _derive(settings: Settings, stores: Stores, work: Watched, *, days: int = 0) -> dict[str, Any]:
    result = implicit_feedback.run(
        wiring.job_context(settings, stores, lambda: NOW + days * A_DAY), work, parameters={}
    )
    return dict(result.figures)


def test_clicks_and_clicks_from_searches_are_counted_separately() -> None:
    visits = _day(0, (CLICK, 1, 7), (CLICK, 1, 8))
    visits.add(CLICK, START, 1, 7, query="robots")
    visits.add(CLICK, START, 1, 7, list_name="search")
    assert _of(visits) == [(1, 7, 3, 2, 0), (1, 8, 1, 0, 0)]


def test_a_movie_seen_on_three_days_without_action_counts_as_skipped() -> None:
    assert _of(*(_day(number, (SEEN, 1, 7)) for number in range(3))) == [(1, 7, 0, 0, 3)]
    assert _of(*(_day(number, (SEEN, 1, 7)) for number in range(2))) == []


def test_reloading_a_page_on_the_same_day_counts_once() -> None:
    assert _of(_day(0, *[(SEEN, 1, 7)] * 9)) == []


@pytest.mark.parametrize("kind", [EventKind.SWIPE_LEFT, EventKind.SWIPE_RIGHT])
def test_a_movie_with_an_action_on_any_day_is_not_skipped(kind: EventKind) -> None:
    days = [_day(number, (SEEN, 1, 7)) for number in range(5)]
    assert _of(*days, _day(1, (kind, 1, 7))) == []
    assert _of(*days, _day(9, (CLICK, 1, 7))) == [(1, 7, 1, 0, 0)]


def test_events_without_user_or_movie_give_no_feedback() -> None:
    assert _of(_day(0, (CLICK, -1, 7), (CLICK, 1, -1), (CLICK, 1, 0))) == []


def test_feedback_has_the_time_of_the_last_event() -> None:
    counts = implicit_feedback.add(
        implicit_feedback.of_day(_day(3, (CLICK, 1, 7)).columns()),
        implicit_feedback.of_day(_day(1, (CLICK, 1, 7)).columns()),
    )
    assert implicit_feedback.of_counts(counts).times.tolist() == [int(START + 3 * DAY)]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([CLICK, SEEN]), st.integers(1, 3), st.integers(1, 3))))
def test_days_can_be_added_in_any_order(rows: list[tuple[int, EventKind, int, int]]) -> None:
    days = [_day(number, *(row[1:] for row in rows if row[0] == number)) for number in range(4)]
    clicks = sum(kind is CLICK for _, kind, _, _ in rows)
    found = _of(*days)
    assert found == _of(*reversed(days))
    assert sum(row[2] for row in found) == clicks


def test_the_job_derives_feedback_from_stored_events_and_reports_it(
    settings: Settings, stores: Stores, work: Watched
) -> None:
    ann = sign_up(stores)
    seen = [Event(SEEN, NOW - day * A_DAY, ann.id, JAWS, position=2) for day in (1, 2, 3)]
    clicks = [Event(CLICK, NOW - A_DAY, ann.id, HEAT, query="robbers"), Event(CLICK, NOW - 90 * A_DAY, ann.id, ALIEN)]
    stores.events.add([*seen, *clicks, Event(CLICK, NOW - A_DAY, None, HEAT)])
    figures = _derive(settings, stores, work)
    expected = [(ann.id, ALIEN, 1, 0, 0), (ann.id, JAWS, 0, 0, 3), (ann.id, HEAT, 1, 1, 0)]
    assert _rows(stores.implicit_feedback.read()) == expected
    assert figures == {"events": 6, "pairs": 3, "users": 1, "clicked": 2, "searched": 1, "skipped": 1}
    assert work.said == ["6 events, 3 pairs, 1 users, 2 clicked, 1 searched, 1 skipped"]
    assert _derive(settings, stores, work) == figures
    assert _rows(stores.implicit_feedback.read()) == expected


def test_a_late_event_counts_in_the_next_run(settings: Settings, stores: Stores, work: Watched) -> None:
    ann = sign_up(stores)
    _derive(settings, stores, work)
    stores.events.add([Event(CLICK, NOW - 5 * A_DAY, ann.id, HEAT)])
    _derive(settings, stores, work, days=1)
    assert _rows(stores.implicit_feedback.read()) == [(ann.id, HEAT, 1, 0, 0)]


def test_feedback_is_deleted_with_its_events(settings: Settings, stores: Stores, work: Watched) -> None:
    ann = sign_up(stores)
    stores.events.add([Event(CLICK, NOW - A_DAY, ann.id, HEAT)])
    _derive(settings, stores, work)
    _derive(settings, stores, work, days=settings.events_days)
    assert len(stores.implicit_feedback.read()) == 0


def test_opted_out_users_leave_no_feedback_even_from_queued_events(
    settings: Settings, stores: Stores, work: Watched
) -> None:
    ann, bob = sign_up(stores), sign_up(stores, "Bob")
    stores.accounts.set_preferences(ann.id, Preferences(keep_events=False))
    stores.events.add([Event(CLICK, NOW - A_DAY, user.id, HEAT) for user in (ann, bob)])
    _derive(settings, stores, work)
    assert _rows(stores.implicit_feedback.read()) == [(bob.id, HEAT, 1, 0, 0)]


def test_a_cancelled_run_leaves_the_previous_feedback(settings: Settings, stores: Stores, work: Watched) -> None:
    ann = sign_up(stores)
    stores.events.add([Event(CLICK, NOW - A_DAY, ann.id, HEAT)])
    _derive(settings, stores, work)
    stores.events.forget(ann.id)
    with pytest.raises(Cancelled):
        _derive(settings, stores, Watched(patience=3))
    assert _rows(stores.implicit_feedback.read()) == [(ann.id, HEAT, 1, 0, 0)]


def test_a_site_without_stored_events_has_no_feedback(settings: Settings, stores: Stores, work: Watched) -> None:
    off = settings.model_copy(update={"events_days": 0})
    assert _derive(off, stores, work)["pairs"] == 0


def _feedback(user: User, **rows: tuple[int, int, int, int]) -> ImplicitFeedback:
    given = np.array([(user.id, *row) for row in rows.values()], np.int64)
    return ImplicitFeedback(*np.column_stack((given, np.full(len(given), int(START)))).T)


def test_ratings_and_marks_take_precedence_over_feedback(stores: Stores) -> None:
    ann = sign_up(stores)
    stores.diaries.rate(ann.id, {HEAT: 1.0}, at=NOW)
    stores.diaries.mark(ann.id, MarkKind.PASSED, [ALIEN], on=True, at=NOW)
    feedback = _feedback(ann, heat=(HEAT, 9, 9, 0), alien=(ALIEN, 9, 0, 0), jaws=(JAWS, 1, 0, 0))
    merged = interactions.merge(
        interactions.of_site(stores.diaries.snapshot()), interactions.of_implicit_feedback(feedback)
    )
    weights = dict(zip(merged.movies.tolist(), merged.weights.tolist(), strict=True))
    assert weights == pytest.approx({HEAT: -0.8, ALIEN: -0.2, JAWS: 0.1})
    assert np.isnan(merged.stars).sum() == 2


def test_each_kind_of_feedback_has_its_weight_below_that_of_marks(stores: Stores) -> None:
    ann = sign_up(stores)
    feedback = _feedback(ann, searched=(1, 3, 1, 0), clicked=(2, 3, 0, 0), skipped=(3, 0, 0, 4))
    found = interactions.of_implicit_feedback(feedback)
    assert found.weights.tolist() == pytest.approx([0.2, 0.1, -0.05])
    assert found.names == (str(ann.id),)
    assert np.abs(found.weights).max() <= min(map(abs, interactions.MARKS.values()))
    assert len(interactions.of_implicit_feedback(ImplicitFeedback(*np.empty((6, 0), np.int64)))) == 0

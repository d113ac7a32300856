"""Clicks and ignored movies become implicit feedback, which is weaker than ratings and marks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

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
from tests.engine.online.visitors import START, Watched

CLICK, SEEN = EventKind.CLICK, EventKind.IMPRESSION
HEAT, ALIEN, JAWS = MovieId(949), MovieId(348), MovieId(578)
A_DAY = timedelta(days=1)


def _rows(feedback: ImplicitFeedback) -> list[tuple[int, ...]]:
    columns = (feedback.users, feedback.movies, feedback.clicks, feedback.searches, feedback.skips)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _derive(settings: Settings, stores: Stores, work: Watched, *, days: int = 0) -> dict[str, Any]:
    result = implicit_feedback.run(
        wiring.job_context(settings, stores, lambda: NOW + days * A_DAY), work, parameters={}
    )
    return dict(result.figures)


def _at(day: int, user: User | None, kind: EventKind, movie: MovieId = HEAT, **fields: Any) -> Event:
    return Event(kind, NOW - 20 * A_DAY + day * A_DAY, user and user.id, movie, **fields)


def _found(settings: Settings, stores: Stores, work: Watched, *events: Event) -> list[tuple[int, ...]]:
    stores.events.add(events)
    _derive(settings, stores, work)
    return [row[1:] for row in _rows(stores.implicit_feedback.read())]


def test_clicks_and_clicks_from_searches_are_counted_separately(
    settings: Settings, stores: Stores, work: Watched
) -> None:
    ann = sign_up(stores)
    events = [_at(0, ann, CLICK), _at(0, ann, CLICK, JAWS), _at(0, ann, CLICK, query="robots")]
    events.append(_at(0, ann, CLICK, list="search"))
    assert _found(settings, stores, work, *events) == [(JAWS, 1, 0, 0), (HEAT, 3, 2, 0)]


@pytest.mark.parametrize(("days", "skips"), [(3, [(HEAT, 0, 0, 3)]), (2, [])])
def test_a_movie_seen_on_three_days_without_action_counts_as_skipped(
    settings: Settings, stores: Stores, work: Watched, days: int, skips: list[tuple[int, ...]]
) -> None:
    ann = sign_up(stores)
    assert _found(settings, stores, work, *(_at(day, ann, SEEN) for day in range(days))) == skips


def test_reloading_a_page_on_the_same_day_counts_once(settings: Settings, stores: Stores, work: Watched) -> None:
    assert _found(settings, stores, work, *[_at(0, sign_up(stores), SEEN)] * 9) == []


@pytest.mark.parametrize("kind", [EventKind.SWIPE_LEFT, EventKind.SWIPE_RIGHT])
def test_a_movie_with_an_action_on_any_day_is_not_skipped(
    settings: Settings, stores: Stores, work: Watched, kind: EventKind
) -> None:
    ann = sign_up(stores)
    days = [_at(day, ann, SEEN) for day in range(5)]
    assert _found(settings, stores, work, *days, _at(1, ann, kind)) == []
    assert _found(settings, stores, work, _at(9, ann, CLICK)) == [(HEAT, 1, 0, 0)]


def test_events_without_user_or_movie_give_no_feedback(settings: Settings, stores: Stores, work: Watched) -> None:
    ann = sign_up(stores)
    events = [_at(0, None, CLICK), _at(0, ann, CLICK, MovieId(0)), Event(CLICK, NOW - A_DAY, ann.id)]
    assert _found(settings, stores, work, *events) == []


def test_feedback_has_the_time_of_the_last_event(settings: Settings, stores: Stores, work: Watched) -> None:
    ann = sign_up(stores)
    _found(settings, stores, work, _at(3, ann, CLICK), _at(1, ann, CLICK))
    assert stores.implicit_feedback.read().times.tolist() == [int((NOW - 17 * A_DAY).timestamp())]


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_the_size_of_portions_changes_nothing(
    settings: Settings, stores: Stores, work: Watched, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(implicit_feedback, "EVENTS_AT_ONCE", at_once)
    users = [sign_up(stores, f"User {number}") for number in range(5)]
    stores.accounts.delete(users[0].id)
    events = [_at(0, user, CLICK, movie) for user in users[1:] for movie in (JAWS, HEAT, ALIEN)]
    assert len(_found(settings, stores, work, *events)) == 12


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
        _derive(settings, stores, Watched(patience=0))
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

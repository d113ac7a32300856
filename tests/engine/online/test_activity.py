"""The activity of a site by day: what is counted, and in which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import time_zones
from core.trends import LATENCY_BOUNDS_MS, RequestCounts, ServedRequest
from core.types import MovieId
from core.users import Event, EventKind
from data.database import Stores
from engine.online.activity import Activity, quantile, total
from tests.data.database.servers import MINUTE, NOW, sign_up

CLICK, SEEN, SEARCH = EventKind.CLICK, EventKind.IMPRESSION, EventKind.SEARCH
HEAT, ALIEN = MovieId(949), MovieId(348)
A_DAY = timedelta(days=1)


def _activity(stores: Stores, *, at: datetime = NOW, zone: tzinfo = UTC) -> Activity:
    return Activity(stores, clock=lambda: at, zone=zone)


def test_requests_of_all_processes_are_added_up_by_day(stores: Stores) -> None:
    one = [ServedRequest(NOW - A_DAY, 4.0), ServedRequest(NOW, 9.0, failed=True), ServedRequest(NOW, 30.0, found=0)]
    other = [ServedRequest(NOW, 12_000.0, found=7)]
    stores.request_counts.add(one)
    stores.request_counts.add(other)
    stores.request_counts.add([])
    before, yesterday, today = _activity(stores).days(3)
    assert (before.requests, before.searches, before.empty, before.errors, before.p50) == (None,) * 5
    assert (yesterday.requests, yesterday.searches, yesterday.empty, yesterday.errors) == (1, 0, None, 0)
    assert (today.requests, today.searches, today.empty, today.errors) == (3, 2, 0.5, 1)
    assert today.p95 == LATENCY_BOUNDS_MS[-1]


def test_active_users_are_those_with_events_or_ratings(stores: Stores) -> None:
    ann, bob, cat = (sign_up(stores, name) for name in ("Ann", "Bob", "Cat"))
    stores.events.add([Event(SEEN, NOW, ann.id, HEAT), Event(SEEN, NOW, None, HEAT)])
    stores.diaries.rate(ann.id, {HEAT: 4.0}, at=NOW)
    stores.diaries.rate(bob.id, {HEAT: 4.0}, at=NOW)
    stores.diaries.rate(cat.id, {HEAT: 4.0}, at=NOW - 20 * A_DAY)
    assert [day.users for day in _activity(stores).days(2)] == [0, 2]


def test_a_click_shortly_after_midnight_answers_a_search_before_it(stores: Stores) -> None:
    ann = sign_up(stores, "Ann")
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    stores.events.add(
        [
            Event(SEARCH, midnight - 5 * MINUTE, ann.id, list="search", query="robots"),
            Event(CLICK, midnight + 5 * MINUTE, ann.id, HEAT, list="search", query="robots"),
            Event(SEARCH, midnight - 600 * MINUTE, ann.id, list="search", query="otters"),
            Event(SEARCH, midnight + 300 * MINUTE, ann.id, list="search", query="otters"),
        ]
    )
    assert [day.clicked for day in _activity(stores).days(3)] == [None, 0.5, 0.0]


def test_the_share_of_helpful_answers_is_that_of_users_by_day(stores: Stores) -> None:
    ann, bob = (sign_up(stores, name) for name in ("Ann", "Bob"))
    yes, no = EventKind.HELPFUL, EventKind.UNHELPFUL
    stores.events.add([Event(yes, NOW, user.id, list="for-you") for user in (ann, bob)])
    stores.events.add([Event(no, NOW, ann.id, list="search", query="sea"), Event(no, NOW, None, list="for-you")])
    assert [day.helpful for day in _activity(stores).days(2)] == [None, pytest.approx(2 / 3)]


@pytest.mark.parametrize(
    ("zone", "counts"),
    [("UTC", {"2026-03-07": 1, "2026-03-08": 2}), ("America/Los_Angeles", {"2026-03-07": 3, "2026-03-08": 0})],
)
def test_requests_are_counted_by_days_of_the_site(stores: Stores, zone: str, counts: dict[str, int]) -> None:
    hours = (datetime(2026, 3, 7, 23, 59, tzinfo=UTC), datetime(2026, 3, 8, 0, 0, tzinfo=UTC))
    stores.request_counts.add([ServedRequest(at, 5.0) for at in (*hours, datetime(2026, 3, 8, 7, 59, tzinfo=UTC))])
    late = datetime(2026, 3, 8, 20, tzinfo=UTC)
    days = _activity(stores, at=late, zone=time_zones.zone(zone)).days(2)
    assert {f"{day.day}": day.requests or 0 for day in days} == counts


def test_a_past_day_is_read_once_and_today_every_time(stores: Stores) -> None:
    activity = _activity(stores)
    activity.days(4)
    stores.request_counts.add([ServedRequest(NOW - back * A_DAY, 5.0) for back in range(4)])
    assert [day.requests for day in activity.days(4)] == [None, None, 1, 1]


def test_a_movie_is_counted_by_day_list_and_stars(stores: Stores) -> None:
    ann, bob = sign_up(stores, "Ann"), sign_up(stores, "Bob")
    stores.events.add(
        [
            Event(SEEN, NOW - A_DAY, ann.id, HEAT, list="search"),
            Event(SEEN, NOW, None, HEAT, list="search"),
            Event(CLICK, NOW, None, HEAT, list="search"),
            Event(SEEN, NOW, ann.id, HEAT, list="home"),
            Event(SEEN, NOW, ann.id, ALIEN, list="home"),
            Event(SEEN, NOW - 3 * A_DAY, ann.id, HEAT, list="home"),
        ]
    )
    stores.diaries.rate(ann.id, {HEAT: 4.5, ALIEN: 1.0}, at=NOW - 90 * A_DAY)
    stores.diaries.rate(bob.id, {HEAT: 3.0}, at=NOW)
    found = _activity(stores).movie(HEAT, count=2)
    assert found.days == ((date(2026, 11, 20), 1, 0), (date(2026, 11, 21), 2, 1))
    assert found.lists == (("search", 2, 1), ("home", 1, 0))
    assert (found.stars, found.ratings, found.mean) == ({3.0: 1, 4.5: 1}, 2, 3.75)
    assert (found.impressions, found.clicks) == (3, 1)


def test_a_movie_that_nobody_saw_has_no_mean(stores: Stores) -> None:
    found = _activity(stores).movie(HEAT)
    assert (found.impressions, found.clicks, found.ratings, found.mean, found.lists) == (0, 0, 0, None, ())


def test_old_counts_of_requests_are_deleted(stores: Stores) -> None:
    stores.request_counts.add([ServedRequest(NOW - 90 * A_DAY, 5.0), ServedRequest(NOW, 5.0)])
    assert stores.request_counts.purge(before=NOW - 60 * A_DAY) == 2
    assert len(stores.request_counts.hours(since=NOW - 99 * A_DAY, until=NOW + A_DAY)) == 1


@given(st.lists(st.floats(0, 9_999), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_quantile_lies_in_the_class_of_the_exact_one(durations: list[float], share: float) -> None:
    counts = [0] * (len(LATENCY_BOUNDS_MS) + 1)
    for one in durations:
        counts[_class(one)] += 1
    found = quantile(tuple(counts), share)
    assert found is not None
    exact = sorted(durations)[max(0, -int(-share * len(durations) // 1) - 1)]
    low = LATENCY_BOUNDS_MS[_class(exact) - 1] if _class(exact) else 0
    assert low <= found <= LATENCY_BOUNDS_MS[_class(exact)]


def test_nothing_has_no_quantile_and_no_total() -> None:
    assert quantile(RequestCounts().durations, 0.5) is None
    assert total([]) == RequestCounts()


def _class(ms: Any) -> int:
    return next(place for place, bound in enumerate(LATENCY_BOUNDS_MS) if ms <= bound)

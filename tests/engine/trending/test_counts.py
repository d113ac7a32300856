"""The weights of users' actions by movie and hour."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends import Activity, ActivityCounts, HourTally
from core.users import LIKED_STARS, Event, EventKind, MarkKind
from data.database import Stores
from engine.trending import counts
from engine.trending.counts import WEIGHTS
from tests.data.database.servers import NOW, sign_up
from tests.engine.trending.made import counted

HOUR = int(NOW.timestamp()) // 3600
MOVIE = 949
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 72), st.integers(1, 5), st.sampled_from([*Activity])), st.integers(1, 9), max_size=30
)


def as_dict(tally: HourTally) -> dict[tuple[int, int], float]:
    return dict(zip(zip(tally.hours.tolist(), tally.movies.tolist(), strict=True), tally.weights.tolist(), strict=True))


def of_site(stores: Stores) -> HourTally:
    since, until = NOW.replace(minute=0, second=0, microsecond=0), NOW.replace(hour=NOW.hour + 1, minute=0)
    found = stores.events.activities(since=since, until=until)
    return counts.tally(found, stores.diaries.activities(since=since, until=until))


@pytest.mark.parametrize(
    ("kind", "query", "list_name", "activity"),
    [
        (EventKind.CLICK, "", "home", Activity.CLICK),
        (EventKind.CLICK, "a robot alone", "search", Activity.SEARCH_CLICK),
        (EventKind.CLICK, "a robot alone", "trending", Activity.SEARCH_CLICK),
        (EventKind.CLICK, "", "trending", Activity.LISTED_CLICK),
        (EventKind.SWIPE_RIGHT, "", "swipe", Activity.SWIPE_RIGHT),
        (EventKind.SWIPE_LEFT, "", "swipe", Activity.SWIPE_LEFT),
        (EventKind.IMPRESSION, "", "home", None),
        (EventKind.SEARCH, "a robot alone", "", None),
    ],
)
def test_each_kind_of_event_has_its_weight(
    stores: Stores, kind: EventKind, query: str, list_name: str, activity: Activity | None
) -> None:
    stores.events.add([Event(kind, NOW, sign_up(stores).id, MOVIE, list=list_name, query=query)])  # type: ignore[arg-type]
    assert as_dict(of_site(stores)) == ({} if activity is None else {(HOUR, MOVIE): WEIGHTS[activity]})


@pytest.mark.parametrize(
    ("stars", "mark", "activity"),
    [
        (LIKED_STARS, None, Activity.LOVED),
        (LIKED_STARS - 0.5, None, None),
        (None, MarkKind.FAVOURITE, Activity.FAVOURITE),
        (None, MarkKind.WATCHLIST, Activity.WATCHLIST),
        (None, MarkKind.DISMISSED, None),
        (None, MarkKind.LIKED, None),
    ],
)
def test_positive_ratings_and_marks_count(
    stores: Stores, stars: float | None, mark: MarkKind | None, activity: Activity | None
) -> None:
    user = sign_up(stores).id
    if mark is None:
        stores.diaries.rate(user, {MOVIE: stars}, at=NOW)  # type: ignore[dict-item]
    else:
        stores.diaries.mark(user, mark, [MOVIE], on=True, at=NOW)  # type: ignore[list-item]
    assert as_dict(of_site(stores)) == ({} if activity is None else {(HOUR, MOVIE): WEIGHTS[activity]})


def test_each_activity_has_a_weight() -> None:
    assert set(WEIGHTS) == set(Activity)


def test_every_user_of_an_activity_counts() -> None:
    tally = counts.tally(counted((5, MOVIE, Activity.CLICK, 4), (5, MOVIE, Activity.SWIPE_LEFT, 1)))
    assert as_dict(tally) == {(5, MOVIE): 4 * WEIGHTS[Activity.CLICK] + WEIGHTS[Activity.SWIPE_LEFT]}
    assert tally.events.tolist() == [5]


def test_without_activities_there_are_no_hours() -> None:
    assert len(counts.tally(counted(), counted())) == 0


@given(events=ROWS, said=ROWS)
def test_the_tally_matches_a_dictionary(
    events: dict[tuple[int, int, Activity], int], said: dict[tuple[int, int, Activity], int]
) -> None:
    expected: dict[tuple[int, int], float] = defaultdict(float)
    for rows in (events, said):
        for (hour, movie, activity), users in rows.items():
            expected[hour, movie] += WEIGHTS[activity] * users
    tally = counts.tally(*(counted(*((*key, users) for key, users in rows.items())) for rows in (events, said)))
    assert as_dict(tally) == dict(expected)
    assert int(tally.events.sum()) == sum(events.values()) + sum(said.values())
    assert sorted(as_dict(tally)) == list(as_dict(tally))


@given(rows=ROWS, cut=st.integers(0, 73))
def test_counting_in_portions_equals_counting_at_once(rows: dict[tuple[int, int, Activity], int], cut: int) -> None:
    def portion(first: int, last: int) -> ActivityCounts:
        return counted(*((*key, users) for key, users in rows.items() if first <= key[0] < last))

    parts = counts.join([counts.tally(portion(0, cut)), counts.tally(portion(cut, 99))])
    whole = counts.tally(portion(0, 99))
    for name in ("hours", "movies", "weights", "events"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name))

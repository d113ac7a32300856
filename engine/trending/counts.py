"""Counts users' actions by movie and hour. Pure; the result does not depend on how the time is divided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.trends import DiaryColumns, EventColumns, HourTally
from core.users import LIKED_STARS, EventKind, MarkKind

HOUR = 3600
"""Seconds."""


class Activity(StrEnum):
    """An action that counts towards a trending movie."""

    CLICK = "click"
    LISTED_CLICK = "click on a trending list"
    SEARCH_CLICK = "search click"
    SWIPE_RIGHT = "swipe right"
    SWIPE_LEFT = "swipe left"
    WATCHLIST = "watchlist"
    FAVOURITE = "favourite"
    LOVED = "loved"
    """Rated with `LIKED_STARS` or more."""


WEIGHTS: Mapping[Activity, float] = MappingProxyType(
    {
        Activity.CLICK: 1.0,
        Activity.LISTED_CLICK: 0.5,
        Activity.SEARCH_CLICK: 2.0,
        Activity.SWIPE_RIGHT: 2.0,
        Activity.SWIPE_LEFT: -1.0,
        Activity.WATCHLIST: 2.0,
        Activity.FAVOURITE: 3.0,
        Activity.LOVED: 3.0,
    }
)
"""The weight of each action: opening a movie is 1; finding it by a search, swiping it to the right or adding it to the
watchlist is a choice of this movie and counts twice; loving it, three times. A swipe to the left subtracts one; sums
below 0 count as 0. Impressions do not count: the site itself causes them, and a list that counted them would sustain
itself; for the same reason a movie opened from a trending list counts half. Searches name no movie. See
docs/trending.md."""

LIST = "trending"
"""Name of trending lists in events."""
COUNTED_KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""Events that have a weight; others are not read."""
TURNING_KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
"""Events whose users count towards the floor."""
_ACTIVITIES = tuple(Activity)
_WEIGHTS = np.array([WEIGHTS[activity] for activity in _ACTIVITIES])
_NOTHING = -1
"""The code of rows that do not count."""


def tally(events: EventColumns, said: DiaryColumns) -> HourTally:
    """Return the weight and the number of events of each movie in each hour.

    Each kind of action counts once per user, movie and hour; all visitors without an account count as one user.
    """
    codes = np.concatenate((_event_codes(events), _diary_codes(said)))
    seconds = np.concatenate((events.seconds, said.seconds))
    movies = np.concatenate((events.movies, said.movies))
    users = np.concatenate((events.users, said.users))
    kept = (codes != _NOTHING) & (movies > 0)
    hours = np.floor_divide(seconds[kept], HOUR).astype(np.int64)
    return _sums(*_once(hours, movies[kept], users[kept], codes[kept]))


def join(tallies: Sequence[HourTally]) -> HourTally:
    """Concatenate tallies of consecutive periods that share no hour."""
    if not tallies:
        return NO_HOURS
    return HourTally(
        *(np.concatenate([getattr(one, name) for one in tallies]) for name in ("hours", "movies", "weights", "events"))
    )


NO_HOURS = HourTally(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
"""The tally without any events."""


def _event_codes(events: EventColumns) -> NDArray[np.int64]:
    """Return the index of each event's action in `_ACTIVITIES`."""
    clicked, asked, listed = events.kinds == EventKind.CLICK, events.queries != "", events.lists == LIST
    return _coded(
        len(events),
        {
            Activity.CLICK: clicked & ~asked & ~listed,
            Activity.LISTED_CLICK: clicked & ~asked & listed,
            Activity.SEARCH_CLICK: clicked & asked,
            Activity.SWIPE_RIGHT: events.kinds == EventKind.SWIPE_RIGHT,
            Activity.SWIPE_LEFT: events.kinds == EventKind.SWIPE_LEFT,
        },
    )


def _diary_codes(said: DiaryColumns) -> NDArray[np.int64]:
    return _coded(
        len(said),
        {
            Activity.LOVED: (said.kinds == "rating") & (said.stars >= LIKED_STARS),
            Activity.FAVOURITE: said.kinds == MarkKind.FAVOURITE,
            Activity.WATCHLIST: said.kinds == MarkKind.WATCHLIST,
        },
    )


def _coded(length: int, found: Mapping[Activity, NDArray[np.bool_]]) -> NDArray[np.int64]:
    codes = np.full(length, _NOTHING, np.int64)
    for activity, places in found.items():
        codes[np.asarray(places, np.bool_)] = _ACTIVITIES.index(activity)
    return codes


def _once(
    hours: NDArray[np.int64], movies: NDArray[np.int64], users: NDArray[np.int64], codes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return hour, movie and code of each distinct action, ordered by hour, then movie."""
    order = np.lexsort((codes, users, movies, hours))
    columns = hours[order], movies[order], users[order], codes[order]
    first = _changes(*columns)
    return columns[0][first], columns[1][first], columns[3][first]


def _sums(hours: NDArray[np.int64], movies: NDArray[np.int64], codes: NDArray[np.int64]) -> HourTally:
    starts = np.flatnonzero(_changes(hours, movies))
    if not len(starts):
        return NO_HOURS
    weights = np.add.reduceat(_WEIGHTS[codes], starts)
    events = np.diff(np.append(starts, len(hours)))
    return HourTally(hours[starts], movies[starts], weights, events.astype(np.int64))


def _changes(*columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where a row differs from the previous one; the first row counts as different."""
    first = np.ones(len(columns[0]), np.bool_)
    first[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return first

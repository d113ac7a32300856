"""What users did, counted by movie and hour. Pure, and the same whichever stretch of time is counted at once."""

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
    """What counts towards a movie being turned to."""

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
"""What each deed weighs, by how much it says: opening a movie is 1; looking for it by name, swiping it to the right or
keeping it for later is meant for this very movie and counts twice; loving it, three times. A swipe to the left takes
one away; sums below 0 count as 0. Impressions weigh nothing: what the site shows is its own doing, and a list that
counted them would keep itself up; for the same reason a movie opened from a trending list counts half. Searches name no
movie. See docs/trending.md."""

LIST = "trending"
"""What pages call trending lists in the events that they send."""
COUNTED_KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""Events that have a weight; others are not even read."""
TURNING_KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
"""Events that speak for a movie: their users count towards the floor."""
_ACTIVITIES = tuple(Activity)
_WEIGHTS = np.array([WEIGHTS[activity] for activity in _ACTIVITIES])
_NOTHING = -1
"""The code of what does not count."""


def tally(events: EventColumns, said: DiaryColumns) -> HourTally:
    """Weights and numbers of events for each movie in each hour.

    What one user does with one movie in one hour counts once for each kind of deed, however often it was done; all
    visitors without an account are one user here.
    """
    codes = np.concatenate((_event_codes(events), _diary_codes(said)))
    seconds = np.concatenate((events.seconds, said.seconds))
    movies = np.concatenate((events.movies, said.movies))
    users = np.concatenate((events.users, said.users))
    kept = (codes != _NOTHING) & (movies > 0)
    hours = np.floor_divide(seconds[kept], HOUR).astype(np.int64)
    return _sums(*_once(hours, movies[kept], users[kept], codes[kept]))


def join(tallies: Sequence[HourTally]) -> HourTally:
    """Tallies of stretches that follow each other and share no hour, as one."""
    if not tallies:
        return NO_HOURS
    return HourTally(
        *(np.concatenate([getattr(one, name) for one in tallies]) for name in ("hours", "movies", "weights", "events"))
    )


NO_HOURS = HourTally(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
"""Nothing was done."""


def _event_codes(events: EventColumns) -> NDArray[np.int64]:
    """The place of each event's deed in `_ACTIVITIES`."""
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
    """Hour, movie and code of each distinct deed, ordered by hour, then movie."""
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
    """Where a row differs from the one before it; the first row does."""
    first = np.ones(len(columns[0]), np.bool_)
    first[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return first

"""The weights of users' actions by movie and hour. Pure; the database counts the users of each action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from core.trends import Activity, ActivityCounts, HourTally
from core.users import EventKind

HOUR = 3600
"""Seconds."""


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

TURNING_KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
"""Events whose users count towards the floor."""
_WEIGHTS = np.array([WEIGHTS[activity] for activity in Activity])


def tally(*counted: ActivityCounts) -> HourTally:
    """Return the weight and the number of actions of each movie in each hour.

    Args:
        counted: the users by hour, movie and activity, from events and from diaries, in any order.
    """
    names = ("hours", "movies", "activities", "users")
    hours, movies, activities, users = (np.concatenate([getattr(one, name) for one in counted]) for name in names)
    order = np.lexsort((movies, hours))
    hours, movies = hours[order], movies[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(hours) != 0) | (np.diff(movies) != 0)
    starts = np.flatnonzero(first)
    if not len(starts):
        return NO_HOURS
    weights = np.add.reduceat(_WEIGHTS[activities[order]] * users[order], starts)
    return HourTally(hours[starts], movies[starts], weights, np.add.reduceat(users[order], starts))


def join(tallies: Sequence[HourTally]) -> HourTally:
    """Concatenate tallies of consecutive periods that share no hour."""
    if not tallies:
        return NO_HOURS
    return HourTally(
        *(np.concatenate([getattr(one, name) for one in tallies]) for name in ("hours", "movies", "weights", "events"))
    )


NO_HOURS = HourTally(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
"""The tally without any events."""

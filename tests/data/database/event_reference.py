"""Counts of events in plain Python, to which those of the databases are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from core.trends import TRENDING_LIST, Activity
from core.users import LIKED_STARS, Event, EventKind, MarkKind, UserId


class Said(NamedTuple):
    """A rating or a mark."""

    what: str
    stars: float | None
    user: UserId
    movie: int
    at: datetime


def activity_of(event: Event) -> Activity | None:
    """Return the activity that an event is."""
    match event.kind:
        case EventKind.SWIPE_RIGHT:
            return Activity.SWIPE_RIGHT
        case EventKind.SWIPE_LEFT:
            return Activity.SWIPE_LEFT
        case EventKind.CLICK if event.query:
            return Activity.SEARCH_CLICK
        case EventKind.CLICK:
            return Activity.LISTED_CLICK if event.list == TRENDING_LIST else Activity.CLICK
        case _:
            return None


def activity_said(said: Said) -> Activity | None:
    """Return the activity that a rating or a mark is."""
    if said.what == "rating":
        return Activity.LOVED if said.stars is not None and said.stars >= LIKED_STARS else None
    return {MarkKind.FAVOURITE: Activity.FAVOURITE, MarkKind.WATCHLIST: Activity.WATCHLIST}.get(MarkKind(said.what))


def users_by_activity(
    actions: Iterable[tuple[datetime, int, UserId | None, Activity | None]],
) -> list[tuple[int, int, int, int]]:
    """Return hour, movie, activity and number of distinct users, ordered; visitors without an account are one."""
    found: dict[tuple[int, int, int], set[UserId | None]] = defaultdict(set)
    for at, movie, user, activity in actions:
        if activity is not None and movie > 0:
            found[int(at.timestamp()) // 3600, movie, list(Activity).index(activity)].add(user)
    return sorted((*key, len(users)) for key, users in found.items())


def feedback(events: Iterable[Event], *, skipped_days: int) -> list[tuple[int, ...]]:
    """Return user, movie, clicks, searches, skips and time of the pairs with clicks or enough days without action."""
    pairs: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in events:
        counted = event.kind in (EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
        if counted and event.user is not None and event.movie is not None and event.movie > 0:
            pairs[event.user, event.movie].append(event)
    rows = ((user, movie, *_figures(found, skipped_days)) for (user, movie), found in sorted(pairs.items()))
    return [row for row in rows if row[2] or row[4]]


def _figures(events: Sequence[Event], skipped_days: int) -> tuple[int, int, int, int]:
    clicks = [event for event in events if event.kind == EventKind.CLICK]
    searches = [event for event in clicks if event.query or event.list == "search"]
    acted = any(event.kind != EventKind.IMPRESSION for event in events)
    days: set[date] = {event.at.date() for event in events if event.kind == EventKind.IMPRESSION}
    skips = 0 if acted or len(days) < skipped_days else len(days)
    return len(clicks), len(searches), skips, int(max(event.at for event in events).timestamp())

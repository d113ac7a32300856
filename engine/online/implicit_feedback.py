"""The job `implicit-feedback`: derive implicit feedback for training from clicks and repeatedly ignored movies.

All feedback is recomputed from the stored events. So late events count, nothing counts twice, and feedback is deleted
with its events. Swipes are stored as marks and not counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jobs.runs import Result, Work
from core.recommendations.snapshots import ImplicitFeedback
from core.trends import EventColumns
from core.users import EventKind, UserId
from data.database.stores.accounts import AccountStore
from engine.job_context import JobContext
from engine.online import event_columns

SKIPPED_DAYS = 3
"""Distinct days on which a movie was seen without any action before it counts as ignored: reloading a page is no second
look, and a single look means nothing."""
SEARCH_LIST = "search"
KINDS = (EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)

Counts = NDArray[np.int64]
"""int64, (n, 7), a row per user and movie: user, movie, clicks, of these from searches, days seen, actions, time."""
_NOTHING: Counts = np.empty((0, 7), np.int64)
_USER, _MOVIE, _CLICKS, _SEARCHES, _SEEN, _TOUCHES, _TIME = range(7)


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Recompute all implicit feedback.

    Raises:
        StoreUnavailable, Cancelled: the previous feedback is unchanged.
    """
    del parameters
    stores, until = context.stores, context.clock()
    since = until - timedelta(days=context.settings.events_days)
    read, counts = 0, _NOTHING
    for day in event_columns.daily(stores.events, since=since, until=until, work=work, kinds=KINDS):
        read, counts = read + len(day), add(counts, of_day(day))
    feedback = _allowed(of_counts(counts), stores.accounts)
    stores.implicit_feedback.replace(feedback)
    figures = {"events": read, **described(feedback)}
    work.say(", ".join(f"{count:,} {name}" for name, count in figures.items()))
    return Result(figures)


def of_day(events: EventColumns) -> Counts:
    """Count one day's events; events without user or movie are ignored."""
    found = event_columns.select(events, (events.users >= 0) & (events.movies > 0))
    clicked = found.kinds == EventKind.CLICK
    searched = clicked & ((found.queries != "") | (found.lists == SEARCH_LIST))
    seen = found.kinds == EventKind.IMPRESSION
    parts = (found.users, found.movies, clicked, searched, seen, ~seen, found.seconds)
    counts = add(_NOTHING, np.stack([part.astype(np.int64) for part in parts], axis=1))
    counts[:, _SEEN] = counts[:, _SEEN] > 0
    return counts


def add(first: Counts, second: Counts) -> Counts:
    """Add two tables: sum the counts and keep the later time; ordered by user and movie."""
    both = np.concatenate((first, second))
    if not len(both):
        return _NOTHING
    both = both[np.lexsort((both[:, _MOVIE], both[:, _USER]))]
    starts = np.flatnonzero(np.r_[True, (np.diff(both[:, : _MOVIE + 1], axis=0) != 0).any(axis=1)])
    summed: Counts = np.add.reduceat(both, starts)
    summed[:, : _MOVIE + 1] = both[starts, : _MOVIE + 1]
    summed[:, _TIME] = np.maximum.reduceat(both[:, _TIME], starts)
    return summed


def of_counts(counts: Counts) -> ImplicitFeedback:
    """Return the feedback of counts, without pairs that were only seen a few times or only swiped (a mark)."""
    skips = np.where((counts[:, _TOUCHES] == 0) & (counts[:, _SEEN] >= SKIPPED_DAYS), counts[:, _SEEN], 0)
    said = (counts[:, _CLICKS] > 0) | (skips > 0)
    kept = counts[said]
    return ImplicitFeedback(
        kept[:, _USER], kept[:, _MOVIE], kept[:, _CLICKS], kept[:, _SEARCHES], skips[said], kept[:, _TIME]
    )


def described(feedback: ImplicitFeedback) -> dict[str, int]:
    """Return the figures of the feedback."""
    return {
        "pairs": len(feedback),
        "users": len(np.unique(feedback.users)),
        "clicked": int((feedback.clicks > 0).sum()),
        "searched": int((feedback.searches > 0).sum()),
        "skipped": int((feedback.skips > 0).sum()),
    }


def _allowed(feedback: ImplicitFeedback, accounts: AccountStore) -> ImplicitFeedback:
    """Keep feedback of users who allow events. Opting out deletes stored events; this covers queued ones."""
    allowed = willing(np.unique(feedback.users).tolist(), accounts)
    kept = np.isin(feedback.users, np.array(sorted(allowed), np.int64))
    return ImplicitFeedback(*(getattr(feedback, name)[kept] for name in ImplicitFeedback.__slots__))


def willing(users: Iterable[int], accounts: AccountStore) -> set[UserId]:
    """Return the users who have an account and allow events."""
    found = (accounts.user(UserId(user)) for user in users)
    return {user.id for user in found if user is not None and user.preferences.keep_events}

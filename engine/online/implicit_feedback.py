"""The job `harvest`: clicks, and movies passed over again and again, as hints that the next model may learn from.

All hints are made anew of the events that are still kept. So an event that is written late counts, nothing counts
twice however often the job runs, and hints do not outlive what they were made of. Swipes are marks already.
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
"""Different days on which a movie was seen, and not touched on any, before that says something: a page that is loaded
again at once is no second chance, and one look proves nothing."""
SEARCH_LIST = "search"
KINDS = (EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)

Counts = NDArray[np.int64]
"""int64, (n, 7), a row each user and movie: user, movie, clicks, of these from searches, days seen, touches, time."""
_NOTHING: Counts = np.empty((0, 7), np.int64)
_USER, _MOVIE, _CLICKS, _SEARCHES, _SEEN, _TOUCHES, _TIME = range(7)


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Make all hints anew.

    Raises:
        StoreUnavailable, Cancelled: the hints before still stand.
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
    """What one day's events say; an event that names no user or no movie says nothing."""
    found = event_columns.select(events, (events.users >= 0) & (events.movies > 0))
    clicked = found.kinds == EventKind.CLICK
    searched = clicked & ((found.queries != "") | (found.lists == SEARCH_LIST))
    seen = found.kinds == EventKind.IMPRESSION
    parts = (found.users, found.movies, clicked, searched, seen, ~seen, found.seconds)
    counts = add(_NOTHING, np.stack([part.astype(np.int64) for part in parts], axis=1))
    counts[:, _SEEN] = counts[:, _SEEN] > 0
    return counts


def add(first: Counts, second: Counts) -> Counts:
    """Both together: counts summed, the later time, ordered by user and movie."""
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
    """The feedback, without pairs that say nothing: seen now and then, or swiped alone (a mark says that already)."""
    skips = np.where((counts[:, _TOUCHES] == 0) & (counts[:, _SEEN] >= SKIPPED_DAYS), counts[:, _SEEN], 0)
    said = (counts[:, _CLICKS] > 0) | (skips > 0)
    kept = counts[said]
    return ImplicitFeedback(
        kept[:, _USER], kept[:, _MOVIE], kept[:, _CLICKS], kept[:, _SEARCHES], skips[said], kept[:, _TIME]
    )


def described(feedback: ImplicitFeedback) -> dict[str, int]:
    """The hints in numbers."""
    return {
        "pairs": len(feedback),
        "users": len(np.unique(feedback.users)),
        "clicked": int((feedback.clicks > 0).sum()),
        "searched": int((feedback.searches > 0).sum()),
        "skipped": int((feedback.skips > 0).sum()),
    }


def _allowed(feedback: ImplicitFeedback, accounts: AccountStore) -> ImplicitFeedback:
    """Those of users whose visits may be noticed. Opting out deletes the events; this is for events on their way."""
    allowed = willing(np.unique(feedback.users).tolist(), accounts)
    kept = np.isin(feedback.users, np.array(sorted(allowed), np.int64))
    return ImplicitFeedback(*(getattr(feedback, name)[kept] for name in ImplicitFeedback.__slots__))


def willing(users: Iterable[int], accounts: AccountStore) -> set[UserId]:
    """Which of these have an account, and agree to be noticed."""
    found = (accounts.user(UserId(user)) for user in users)
    return {user.id for user in found if user is not None and user.preferences.keep_events}

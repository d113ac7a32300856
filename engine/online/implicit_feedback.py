"""The job `implicit-feedback`: derive implicit feedback for training from clicks and repeatedly ignored movies.

All feedback is recomputed from the stored events. So late events count, nothing counts twice, and feedback is deleted
with its events. Swipes are stored as marks and not counted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from core.jobs.runs import Result, Work
from core.recommendations.snapshots import ImplicitFeedback
from data.database.stores.accounts import AccountStore
from engine.job_context import JobContext

SKIPPED_DAYS = 3
"""Distinct days on which a movie was seen without any action before it counts as ignored: reloading a page is no second
look, and a single look means nothing."""
EVENTS_AT_ONCE = 10_000_000
"""Events that one statement groups: the memory or the temporary files that it needs grow with them."""


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Recompute all implicit feedback.

    Raises:
        StoreUnavailable, Cancelled: the previous feedback is unchanged.
    """
    del parameters
    stores, until = context.stores, context.clock()
    since = until - timedelta(days=context.settings.events_days)
    read, highest = stores.events.feedback_size(since=since, until=until)
    parts, portions = [], _portions(highest, read)
    for done, users in enumerate(portions):
        work.check()
        work.step("counting", done, len(portions))
        counted = stores.events.feedback(since=since, until=until, users=users, skipped_days=SKIPPED_DAYS)
        parts.append(counted)
    work.step("counting", len(portions), len(portions))
    feedback = _allowed(_join(parts), stores.accounts)
    stores.implicit_feedback.replace(feedback)
    figures = {"events": read, **described(feedback)}
    work.say(", ".join(f"{count:,} {name}" for name, count in figures.items()))
    return Result(figures)


def described(feedback: ImplicitFeedback) -> dict[str, int]:
    """Return the figures of the feedback."""
    return {
        "pairs": len(feedback),
        "users": len(np.unique(feedback.users)),
        "clicked": int((feedback.clicks > 0).sum()),
        "searched": int((feedback.searches > 0).sum()),
        "skipped": int((feedback.skips > 0).sum()),
    }


def _portions(highest: int, size: int) -> list[range]:
    """Return ranges of user ids from 0 to `highest` with about `EVENTS_AT_ONCE` events each."""
    width = -(-(highest + 1) // max(1, -(-size // EVENTS_AT_ONCE)))
    return [range(first, min(first + width, highest + 1)) for first in range(0, highest + 1, width)]


def _join(parts: Sequence[ImplicitFeedback]) -> ImplicitFeedback:
    columns = ([getattr(part, name) for part in parts] for name in ImplicitFeedback.__slots__)
    return ImplicitFeedback(*map(np.concatenate, columns))


def _allowed(feedback: ImplicitFeedback, accounts: AccountStore) -> ImplicitFeedback:
    """Keep feedback of users who allow events. Opting out deletes stored events; this covers queued ones."""
    kept = ~np.isin(feedback.users, np.array(sorted(accounts.without_events()), np.int64))
    return ImplicitFeedback(*(getattr(feedback, name)[kept] for name in ImplicitFeedback.__slots__))

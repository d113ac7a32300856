"""Events of a long stretch of time, a day at a time, and what can be told of columns of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jobs.runs import Work
from core.trends import EventColumns
from core.users import EventKind
from data.database.stores.events import EventStore

DAY = 86_400
"""Seconds."""
VISIT_GAP = 1_800
"""Seconds without a sign after which a user's next one is another visit: half an hour, as is usual."""

_KINDS = (np.str_, np.float64, np.int64, np.int64, np.int64, np.object_, np.object_, np.object_)
"""Of the fields of `EventColumns`, in their order."""


def daily(
    events: EventStore, *, since: datetime, until: datetime, work: Work, kinds: Sequence[EventKind] = ()
) -> Iterator[EventColumns]:
    """The events of each day (UTC) between two moments, so that no more than a day's are in memory."""
    days = max(1, -(-int((until - since).total_seconds()) // DAY))
    start, done = since, 0
    while start < until:
        work.check()
        work.step("reading", done, days)
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        end = min(until, midnight)
        yield events.columns(since=start, until=end, kinds=kinds)
        start, done = end, min(done + 1, days)
    work.step("reading", days, days)


def select(events: EventColumns, rows: NDArray[np.bool_] | NDArray[np.intp]) -> EventColumns:
    """Some of the events."""
    return EventColumns(*(getattr(events, name)[rows] for name in EventColumns.__slots__))


def join(parts: Iterable[EventColumns]) -> EventColumns:
    """Several stretches of time as one."""
    whole = list(parts)
    columns: list[Any] = [
        np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in whole)])
        for name, kind in zip(EventColumns.__slots__, _KINDS, strict=True)
    ]
    return EventColumns(*columns)


def visits(users: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """int64, (n,): the visit that each sign of life belongs to; a visit ends when `VISIT_GAP` passes without one.

    Args:
        users: int64, (n,), all named.
        seconds: float64, (n,), since 1970, in any order.
    """
    order = np.lexsort((seconds, users))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(users[order]) != 0) | (np.diff(seconds[order]) > VISIT_GAP)
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(fresh) - 1
    return found


def codes(values: NDArray[np.object_]) -> tuple[list[str], NDArray[np.int64]]:
    """The different words in order, and int64, (n,), the place of each in these."""
    known, places = np.unique(values.astype(np.str_), return_inverse=True)
    return [str(word) for word in known], places.astype(np.int64)

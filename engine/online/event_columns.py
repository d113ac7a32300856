"""Operations on columns of events, read day by day."""

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
"""Seconds without events that end a visit: the customary half an hour."""

_KINDS = (np.str_, np.float64, np.int64, np.int64, np.int64, np.object_, np.object_, np.object_)
"""Types of the fields of `EventColumns`, in their order."""


def daily(
    events: EventStore, *, since: datetime, until: datetime, work: Work, kinds: Sequence[EventKind] = ()
) -> Iterator[EventColumns]:
    """Yield the events day by day (UTC), so that only one day's events are in memory."""
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
    """Return the selected events."""
    return EventColumns(*(getattr(events, name)[rows] for name in EventColumns.__slots__))


def join(parts: Iterable[EventColumns]) -> EventColumns:
    """Concatenate events."""
    whole = list(parts)
    columns: list[Any] = [
        np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in whole)])
        for name, kind in zip(EventColumns.__slots__, _KINDS, strict=True)
    ]
    return EventColumns(*columns)


def visits(users: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return int64, (n,): the visit of each event; a visit ends when `VISIT_GAP` passes without events.

    Args:
        users: int64, (n,), without visitors.
        seconds: float64, (n,), since 1970, in any order.
    """
    order = np.lexsort((seconds, users))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(users[order]) != 0) | (np.diff(seconds[order]) > VISIT_GAP)
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(fresh) - 1
    return found


def codes(values: NDArray[np.object_]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct words in order, and int64, (n,), the position of each value in them."""
    known, places = np.unique(values.astype(np.str_), return_inverse=True)
    return [str(word) for word in known], places.astype(np.int64)

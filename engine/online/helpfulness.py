"""Answers to "Was this helpful?" after a search and under a list."""

from __future__ import annotations

import numpy as np

from core.trends import EventColumns
from core.users import EventKind
from engine.online import event_columns

ANSWERS = (EventKind.HELPFUL, EventKind.UNHELPFUL)


def final(events: EventColumns) -> EventColumns:
    """Return the last answer of each user about each search or list in each visit, without those of visitors."""
    named = event_columns.select(events, events.users >= 0)
    visit = event_columns.visits(named.users, named.seconds)
    rows = np.flatnonzero(np.isin(named.kinds, ANSWERS))
    about = (visit[rows], event_columns.codes(named.lists[rows])[1], event_columns.codes(named.queries[rows])[1])
    order = np.lexsort((named.seconds[rows], *about))
    last = np.ones(len(order), np.bool_)
    last[:-1] = np.any([np.diff(part[order]) != 0 for part in about], axis=0)
    return event_columns.select(named, np.sort(rows[order][last]))


def share(events: EventColumns) -> float | None:
    """Return the share of yes among the final answers; None if there are none."""
    found = final(events)
    return float((found.kinds == EventKind.HELPFUL).mean()) if len(found) else None

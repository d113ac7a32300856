"""What webhooks are told: changes of a user's history and lists as messages. Pure."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from core.sync.records import EVENT_OF_CHANGE, ChangedList, NewDelivery, WebhookEvent
from core.users import Change

MAX_CHANGES = 100
"""Changes of one message: an import changes thousands of movies."""
WATCH = "watch"
ID_BYTES = 16


def of_changes(changes: Iterable[Change], events: frozenset[WebhookEvent], *, at: datetime) -> list[NewDelivery]:
    """Return the messages about changes, in their order; adjacent ones of one kind share a message."""
    found = []
    for event, same in groupby(changes, event_of):
        if event in events:
            shown = [_change(change) for change in same]
            parts = [shown[start : start + MAX_CHANGES] for start in range(0, len(shown), MAX_CHANGES)]
            found += [message(event, {"changes": part}, at=at) for part in parts]
    return found


def of_lists(lists: Sequence[ChangedList], *, at: datetime) -> list[NewDelivery]:
    """Return the messages about lists, one for each."""
    return [
        message(
            WebhookEvent.LIST,
            {"list": {"id": one.id, "name": one.name, "public": one.public, "movies": one.movies,
                      "changed_at": one.changed_at.isoformat(), "deleted": one.deleted}},
            at=at,
        )
        for one in lists
    ]  # fmt: skip


def message(event: WebhookEvent, data: dict[str, Any], *, at: datetime) -> NewDelivery:
    """Return a message in the form of Standard Webhooks: type, time and data."""
    payload = {"type": event.value, "timestamp": at.isoformat(), "data": data}
    return NewDelivery(f"msg_{secrets.token_urlsafe(ID_BYTES)}", event, json.dumps(payload, ensure_ascii=False))


def event_of(change: Change) -> WebhookEvent:
    """Return the event that a change is."""
    if change.what == WATCH:
        if change.before is None:
            return WebhookEvent.WATCH_ADDED
        return WebhookEvent.WATCH_DELETED if change.after is None else WebhookEvent.WATCH_CHANGED
    return EVENT_OF_CHANGE.get(change.what, WebhookEvent.MARK)


def _change(change: Change) -> dict[str, Any]:
    """Return a change as JSON: stars as numbers, watchings as objects, marks as whether they are set."""
    values: dict[str, Any] = {"movie": int(change.movie), "what": change.what}
    for name, value in (("before", change.before), ("after", change.after)):
        values[name] = _value(change.what, value)
    return {**values, "at": change.at.isoformat()}


def _value(what: str, value: str | None) -> object:
    if value is None:
        return None if what in (WATCH, "rating", "review") else False
    if what == "rating":
        return float(value)
    if what == WATCH:
        return json.loads(value)
    return value if what == "review" else True

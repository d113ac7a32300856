"""Values that stay the same during a request."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

_values: ContextVar[dict[Hashable, Any] | None] = ContextVar("values", default=None)


def begin() -> None:
    """Begin a request in this thread with no values."""
    _values.set({})


def end(_error: BaseException | None = None) -> None:
    """End the request: drop its values."""
    _values.set(None)


def once(key: Hashable, choose: Callable[[], Value]) -> Value:
    """Return what `choose` returned first in this request; outside of requests, call it."""
    values = _values.get()
    if values is None:
        return choose()
    if key not in values:
        values[key] = choose()
    return cast("Value", values[key])

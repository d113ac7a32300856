"""What was chosen while an answer is made stays chosen until it is made."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)


def begin() -> None:
    """An answer begins in this thread: nothing is chosen yet."""
    _held.set({})


def end(_error: BaseException | None = None) -> None:
    """The answer is made: what was chosen is let go."""
    _held.set(None)


def once(key: Hashable, choose: Callable[[], Value]) -> Value:
    """What `choose` gave the first time in this answer; outside of answers, what it gives now."""
    held = _held.get()
    if held is None:
        return choose()
    if key not in held:
        held[key] = choose()
    return cast("Value", held[key])

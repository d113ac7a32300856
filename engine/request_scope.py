"""Values that stay the same during a request, and the time that its stages take."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from engine.telemetry import traces

Value = TypeVar("Value")

_values: ContextVar[dict[Hashable, Any] | None] = ContextVar("values", default=None)


@dataclass
class _Stages:
    """Seconds by stage. A stage within another one interrupts that one."""

    seconds: dict[str, float] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    since: float = 0.0

    def count(self) -> None:
        """Count the time since the last change for the innermost stage."""
        now = time.perf_counter()
        if self.running:
            self.seconds[self.running[-1]] = self.seconds.get(self.running[-1], 0.0) + now - self.since
        self.since = now


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


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Count the time of the block, or of a decorated function, as this stage of the request, and trace it."""
    if _values.get() is None:
        yield
        return
    stages = once(_Stages, _Stages)
    stages.count()
    stages.running.append(name)
    try:
        with traces.span(name):
            yield
    finally:
        stages.count()
        stages.running.pop()


def stages() -> Mapping[str, float]:
    """Return the seconds by stage of this request so far; empty outside of requests."""
    values = _values.get() or {}
    return values[_Stages].seconds if _Stages in values else {}

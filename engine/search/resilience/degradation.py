"""What is missing from the answer that is being made, noted by whoever made do without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.types import Degradation

_found: ContextVar[set[Degradation] | None] = ContextVar("degradations", default=None)


def note(degradation: Degradation) -> None:
    """Note a degradation; without effect outside of `observed`."""
    found = _found.get()
    if found is not None:
        found.add(degradation)


@contextmanager
def observed() -> Iterator[set[Degradation]]:
    """Collect what is noted in the block."""
    found: set[Degradation] = set()
    before = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(before)

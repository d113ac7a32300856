"""How long to wait before a failed job is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

LONGEST = timedelta(hours=1)
JITTER = 0.25
"""Share of the pause by which it is longer or shorter: what failed together does not come back together."""

_dice = random.Random()  # noqa: S311 - no secret


def pause(attempt: int, *, first: float) -> timedelta:
    """The pause before an attempt, the second or a later one: `first` seconds, doubled each time, at most an hour."""
    doubled = first * 2.0 ** min(max(0, attempt - 2), 32)
    return min(timedelta(seconds=min(doubled, 1e6)), LONGEST) * _dice.uniform(1 - JITTER, 1 + JITTER)

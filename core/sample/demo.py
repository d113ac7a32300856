"""The records of demo data: made-up users for the sample catalogue. Frozen.

Names of demo users begin with `demo:`. No account that anybody signs up for can be called that: names have no colon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.types import MovieId
from core.users import Event, MarkKind, Rating

PREFIX = "demo:"
"""Begins the name of every demo user, and of no other account."""
MODEL = "demo"
"""What demo events name as the model that made a list."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A made-up user with everything that they said and did."""

    name: str
    """With its prefix."""
    ratings: Sequence[Rating]
    marks: Mapping[MarkKind, Mapping[MovieId, datetime]]
    events: Sequence[Event]
    """`user` is left open: the database gives the number."""

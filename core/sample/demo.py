"""Records of demo data: made-up users for the sample catalogue. Frozen.

Names of demo users begin with `demo:`. Nobody can sign up with such a name, since account names cannot contain a colon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.types import MovieId
from core.users import Event, MarkKind, Rating

PREFIX = "demo:"
"""Prefix of the names of demo users; no other account has it."""
MODEL = "demo"
"""Name of the model in demo events."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A made-up user with ratings, marks and events."""

    name: str
    """Includes the prefix."""
    ratings: Sequence[Rating]
    marks: Mapping[MarkKind, Mapping[MovieId, datetime]]
    events: Sequence[Event]
    """Without `user`, which is assigned when they are loaded."""

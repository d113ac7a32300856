"""What users did, for those who follow them. Immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.social.profiles import Person


class ActivityKind(StrEnum):
    """What a user did, in the order of activities of the same time."""

    LISTED = "listed"
    """Created or changed a list that is shared by link."""
    RATED = "rated"
    REVIEWED = "reviewed"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityItem:
    """One activity."""

    kind: ActivityKind
    at: datetime
    person: Person
    subject: int
    """A movie (rated), a watching, a review or a list."""
    movie: int | None = None
    stars: float | None = None
    text: str = ""
    """The review, or the name of the list."""
    spoilers: bool = False
    size: int = 0
    """Movies of the list."""


@dataclass(frozen=True, slots=True)
class ActivityCursor:
    """The last activity of a page: the next page begins after it."""

    at: datetime
    kind: ActivityKind
    user: int
    subject: int


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Activities, the newest first, and where the next page begins."""

    items: Sequence[ActivityItem]
    next: ActivityCursor | None


def cursor(item: ActivityItem) -> ActivityCursor:
    """Return the cursor of the page after an activity."""
    return ActivityCursor(item.at, item.kind, item.person.id, item.subject)

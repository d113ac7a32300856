"""The records of people: who they are, what they said of movies, what they did. Frozen, and checked on creation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from core.types import MovieId

UserId = NewType("UserId", int)
"""The number of an account. Models know users by names: `42` for the account 42, `ml:42` for MovieLens' user 42."""

MIN_STARS, MAX_STARS, STAR_STEP = 0.5, 5.0, 0.5
LIKED_STARS = 4.0
"""Stars from which a user is said to have liked a movie: what evaluation counts as a hit, and trending as praise."""
MAX_REVIEW_LENGTH = 2_000
MAX_MARKS_PER_REQUEST = 500
"""Movies that one request may rate or mark at once; an import goes in portions of this size."""


class MarkKind(StrEnum):
    """What a user may say of a movie besides a rating."""

    WATCHLIST = "watchlist"
    FAVOURITE = "favourite"
    WATCHED = "watched"
    DISMISSED = "dismissed"
    """Not interested: never shown again, and held against movies like it."""
    LIKED = "liked"
    """Swiped to the right: would watch."""
    PASSED = "passed"
    """Swiped to the left: not now."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a user wants to be served."""

    genres: tuple[str, ...] = ()
    """Favourite genres, as the catalogue spells them."""
    taste_in_search: bool = True
    """Whether taste may reorder the results of a search within its band."""
    keep_events: bool = True
    """Whether impressions, clicks and searches of this user are kept."""
    familiarity: float = 0.5
    """0: discover what few know; 1: keep to the well known."""
    language: str = ""
    """ISO 639-1 code of the language that pages are shown in; empty: as the browser asks."""
    onboarded: bool = False
    """Whether the welcome was finished or skipped."""

    def __post_init__(self) -> None:
        if not 0 <= self.familiarity <= 1:
            raise ValueError(f"familiarity: expected 0 to 1, got {self.familiarity}")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account."""

    id: UserId
    name: str
    created_at: datetime
    administrator: bool = False
    preferences: Preferences = field(default_factory=Preferences)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. The secret in its cookie is stored as a hash only."""

    id: int
    user: UserId
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    label: str = ""
    """What the browser called itself, shortened."""


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; its secret is shown once and stored as a hash only."""

    id: int
    user: UserId
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """Half stars from .5 to 5 that a user gave a movie."""

    movie: MovieId
    stars: float
    at: datetime

    def __post_init__(self) -> None:
        check_stars(self.stars)


@dataclass(frozen=True, slots=True)
class Review:
    """A user's own words on a movie."""

    movie: MovieId
    text: str
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a user's history: what was said of a movie before and after, None where nothing was."""

    movie: MovieId
    what: str
    """`rating`, `review` or a `MarkKind`."""
    before: str | None
    after: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """All that one user said of movies, as it stood at one moment.

    `revision` grows with every write of the user: equal revisions mean an equal diary.
    """

    revision: int = 0
    ratings: Mapping[MovieId, Rating] = field(default_factory=lambda: MappingProxyType({}))
    marks: Mapping[MarkKind, Mapping[MovieId, datetime]] = field(default_factory=lambda: MappingProxyType({}))
    reviews: Mapping[MovieId, Review] = field(default_factory=lambda: MappingProxyType({}))

    def marked(self, kind: MarkKind) -> Mapping[MovieId, datetime]:
        """The movies with this mark, and since when."""
        return self.marks.get(kind, MappingProxyType({}))


class EventKind(StrEnum):
    """What was noticed of a visit."""

    IMPRESSION = "impression"
    """A movie stood in a list that was shown."""
    CLICK = "click"
    SWIPE_RIGHT = "swipe_right"
    SWIPE_LEFT = "swipe_left"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was noticed. Nobody is named where `user` is None."""

    kind: EventKind
    at: datetime
    user: UserId | None = None
    movie: MovieId | None = None
    list: str = ""
    """The list: `for-you`, `search`, `similar`, `swipe`, …"""
    position: int | None = None
    """Place in the list, from 1."""
    model: str = ""
    """Version of the model that made the list."""
    query: str = ""
    """The text of a search, or of the search that a click came from."""


@dataclass(frozen=True, slots=True)
class MovieFeedback:
    """Implicit feedback of a user on a movie, see `core.recommendations.snapshots.ImplicitFeedback`."""

    movie: MovieId
    clicks: int
    searches: int
    skips: int
    at: datetime


def check_stars(stars: float) -> None:
    """Raise `ValueError` unless `stars` is a half star from .5 to 5."""
    if not MIN_STARS <= stars <= MAX_STARS or stars % STAR_STEP:
        raise ValueError(f"stars: expected half stars from {MIN_STARS} to {MAX_STARS}, got {stars}")

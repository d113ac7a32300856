"""The records of users: accounts, diaries and events. Immutable, and validated on creation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from core.types import MovieId

UserId = NewType("UserId", int)
"""The number of an account. Models identify users by name: `42` for account 42, `ml:42` for MovieLens user 42."""

MIN_STARS, MAX_STARS, STAR_STEP = 0.5, 5.0, 0.5
LIKED_STARS = 4.0
"""Minimum stars of a liked movie: a hit in evaluation, a positive signal in trending."""
MAX_REVIEW_LENGTH = 2_000
MAX_MARKS_PER_REQUEST = 500
"""Movies that one request may rate or mark; imports are split into portions of this size."""


class MarkKind(StrEnum):
    """Marks that a user can give a movie in addition to a rating."""

    WATCHLIST = "watchlist"
    FAVOURITE = "favourite"
    WATCHED = "watched"
    DISMISSED = "dismissed"
    """Not interested: never shown again, and counts against similar movies."""
    LIKED = "liked"
    """Swiped right: would watch."""
    PASSED = "passed"
    """Swiped left: not now."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences of a user."""

    genres: tuple[str, ...] = ()
    """Favourite genres, spelled as in the catalogue."""
    taste_in_search: bool = True
    """Whether taste may reorder search results within its band."""
    keep_events: bool = True
    """Whether impressions, clicks and searches of this user are stored."""
    familiarity: float = 0.5
    """0: prefer little-known movies; 1: prefer well-known ones."""
    watchlist_in_lists: bool = False
    """Whether recommendations include movies of the watchlist."""
    language: str = ""
    """ISO 639-1 code of the language of pages; empty: follow the browser."""
    time_zone: str = ""
    """IANA name of the zone of dates on pages and in imports; empty: the site's."""
    onboarded: bool = False
    """Whether the welcome pages were completed or skipped."""

    def __post_init__(self) -> None:
        if not 0 <= self.familiarity <= 1:
            raise ValueError(f"familiarity: expected 0 to 1, got {self.familiarity}")


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: UserId
    name: str
    created_at: datetime
    administrator: bool = False
    preferences: Preferences = field(default_factory=Preferences)
    email: str = field(default="", repr=False)
    """The confirmed email address, for resetting the password; empty if there is none."""
    second_factor: bool = False
    """Whether signing in needs a second factor."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. The secret in its cookie is stored only as a hash."""

    id: int
    user: UserId
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    label: str = ""
    """The browser's user agent, shortened."""
    new_device: bool = False
    """Whether to tell this browser about a sign-in from a new device."""


class Scope(StrEnum):
    """Permissions of an API token."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    """The rights of an administrator, in addition to `read` and `write`; only administrators can grant it."""
    SCROBBLE = "scrobble"
    """To report what was watched, and nothing else: for the addresses that media servers call."""


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; its secret is shown once and stored only as a hash."""

    id: int
    user: UserId
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """The browser or program of a request, as far as it is recorded."""

    place: str = ""
    """The network of its address, such as `192.0.2.0/24`."""
    label: str = ""
    """The user agent, shortened."""
    device: str = field(default="", repr=False)
    """The secret that identifies a browser across sign-ins; stored only as a hash."""


NO_CLIENT = Client()
"""For commands and tests."""


class SecurityEventKind(StrEnum):
    """What the security log records."""

    SIGN_IN = "sign_in"
    NEW_DEVICE = "new_device"
    """A sign-in from a browser that had not signed in to this account before."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - not a password
    WRONG_FACTOR = "wrong_factor"
    SECOND_FACTOR = "second_factor"
    """A second factor was accepted."""
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES = "recovery_codes"
    """New recovery codes were created."""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - not a password
    EMAIL_CHANGED = "email_changed"
    TOKEN_CREATED = "token_created"  # noqa: S105 - not a password
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - not a password
    SESSION_ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One entry of the security log of a user."""

    user: UserId
    at: datetime
    kind: SecurityEventKind
    place: str = ""
    label: str = ""
    device_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey (WebAuthn credential) of a user."""

    id: int
    user: UserId
    credential: str
    """The id that its authenticator gave it, in base64url."""
    public_key: str = field(repr=False)
    """COSE key in base64url."""
    uses: int
    """The authenticator's signature counter; 0 if it has none."""
    name: str
    created_at: datetime
    used_at: datetime | None = None


class OneTimeKind(StrEnum):
    """What a one-time secret is for."""

    SIGN_IN = "sign_in"
    """A sign-in whose password was right and whose second factor is missing."""
    PASSKEY = "passkey"
    """The challenge for a new passkey."""
    ASSERTION = "assertion"
    """The challenge for signing in with a passkey."""
    TOTP = "totp"
    """A key for one-time passwords that was shown but not yet confirmed."""
    EMAIL = "email"
    """Confirmation of an email address."""
    RESET = "reset"
    """Reset of a password."""


@dataclass(frozen=True, slots=True)
class OneTimeSecret:
    """A secret that can be used once, within a short time. It is stored only as a hash."""

    user: UserId
    kind: OneTimeKind
    expires_at: datetime
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    """A user's rating of a movie: half stars from .5 to 5."""

    movie: MovieId
    stars: float
    at: datetime

    def __post_init__(self) -> None:
        check_stars(self.stars)


@dataclass(frozen=True, slots=True)
class Review:
    """A user's review of a movie."""

    movie: MovieId
    text: str
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a user's history: the value before and after, None if there was none."""

    movie: MovieId
    what: str
    """`rating`, `review`, `watch` or a `MarkKind`."""
    before: str | None
    after: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """All ratings, marks and reviews of one user at one point in time.

    `revision` grows with every write of the user: equal revisions mean equal diaries.
    """

    revision: int = 0
    ratings: Mapping[MovieId, Rating] = field(default_factory=lambda: MappingProxyType({}))
    marks: Mapping[MarkKind, Mapping[MovieId, datetime]] = field(default_factory=lambda: MappingProxyType({}))
    reviews: Mapping[MovieId, Review] = field(default_factory=lambda: MappingProxyType({}))

    def marked(self, kind: MarkKind) -> Mapping[MovieId, datetime]:
        """Return the movies with this mark and when each was set."""
        return self.marks.get(kind, MappingProxyType({}))

    def without(self, *movies: MovieId) -> Diary:
        """Return the diary without ratings and marks of some movies."""
        gone = frozenset(movies)
        ratings = {other: rating for other, rating in self.ratings.items() if other not in gone}
        marks = {
            kind: {other: at for other, at in own.items() if other not in gone} for kind, own in self.marks.items()
        }
        return replace(self, ratings=ratings, marks=marks)


class EventKind(StrEnum):
    """The kinds of recorded events."""

    IMPRESSION = "impression"
    """A movie appeared in a list that was shown."""
    CLICK = "click"
    SWIPE_RIGHT = "swipe_right"
    SWIPE_LEFT = "swipe_left"
    SEARCH = "search"
    HELPFUL = "helpful"
    """A user answered that a search or a list was helpful."""
    UNHELPFUL = "unhelpful"
    """A user answered that it was not."""


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event. It is anonymous if `user` is None."""

    kind: EventKind
    at: datetime
    user: UserId | None = None
    movie: MovieId | None = None
    list: str = ""
    """The list: `for-you`, `search`, `similar`, `swipe`, …"""
    position: int | None = None
    """Position in the list, from 1."""
    model: str = ""
    """Version of the model that produced the list."""
    query: str = ""
    """The text of a search, or of the search that led to a click."""


@dataclass(frozen=True, slots=True)
class MovieFeedback:
    """Implicit feedback of a user on a movie; see `core.recommendations.snapshots.ImplicitFeedback`."""

    movie: MovieId
    clicks: int
    searches: int
    skips: int
    at: datetime


def check_stars(stars: float) -> None:
    """Raise `ValueError` unless `stars` is a half star from .5 to 5."""
    if not MIN_STARS <= stars <= MAX_STARS or stars % STAR_STEP:
        raise ValueError(f"stars: expected half stars from {MIN_STARS} to {MAX_STARS}, got {stars}")

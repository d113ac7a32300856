"""Profiles, and how users are connected. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from core.types import MovieId
from core.users import UserId

MAX_BIO_LENGTH = 300
MAX_SHOWN_FAVOURITES = 4
MAX_FOLLOWING = 1_000
"""Users whom one user follows: a page of their activity looks at each of them."""
MAX_BLOCKED = 1_000


class Visibility(StrEnum):
    """Who sees a profile, besides its owner."""

    PRIVATE = "private"
    """Nobody. The page does not exist."""
    FOLLOWERS = "followers"
    """Accepted followers. Other users see the name only, and may ask to follow."""
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSettings:
    """What a user shares, and with whom. By default, nothing."""

    visibility: Visibility = Visibility.PRIVATE
    bio: str = ""
    favourites: tuple[MovieId, ...] = ()
    """The movies at the top of the profile, at most `MAX_SHOWN_FAVOURITES`."""
    ratings: bool = False
    """Whether ratings and favourites are shown."""
    diary: bool = False
    reviews: bool = False
    lists: bool = False
    """Whether the profile shows the lists that are shared by link."""
    approve_followers: bool = False
    """Whether each follower has to be accepted."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as stored, with what moderators decided about it."""

    settings: ProfileSettings = field(default_factory=ProfileSettings)
    hidden: str = ""
    """Why moderators hid the profile page; empty if they did not."""
    suspended: str = ""
    """Why moderators stopped this user from sharing anything; empty if they did not."""


class Follow(StrEnum):
    """How far one user follows another."""

    NO = "no"
    REQUESTED = "requested"
    FOLLOWING = "following"

    @property
    def known(self) -> bool:
        """Whether one user knows the other: the followed one sees who follows or asks to."""
        return self is not Follow.NO


@dataclass(frozen=True, slots=True)
class Standing:
    """How one user stands to another: whether they follow them, and whether either blocked the other."""

    follow: Follow = Follow.NO
    blocked: bool = False


class ConnectionKind(StrEnum):
    """The lists of users that somebody is connected with."""

    FOLLOWING = "following"
    FOLLOWERS = "followers"
    REQUESTS = "requests"
    """Users who wait to be accepted."""
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as others see them."""

    id: UserId
    name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A user on one of the lists of `ConnectionKind`, and since when."""

    person: Person
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCounts:
    """The numbers on a profile."""

    watched: int = 0
    """Watchings in the diary."""
    rated: int = 0
    reviews: int = 0
    lists: int = 0
    followers: int = 0
    following: int = 0
    stars: Mapping[float, int] = field(default_factory=lambda: MappingProxyType({}))
    """How often each number of stars was given."""

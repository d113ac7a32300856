"""Users' lists of movies: their entries, their members and the limits. Immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.types import MovieId
from core.users import UserId

MAX_LISTS = 500
"""Lists of one user."""
MAX_ENTRIES = 5_000
"""Movies of one list."""
MAX_MEMBERS = 50
"""Users who may edit a list, besides its owner."""
MAX_TASTES = 10
"""Users whose ratings the suggestions of one list use."""
MAX_INVITATIONS = 20
"""Unused invitations to one list; new ones replace the oldest."""
MAX_NAME_LENGTH = 100
MAX_DESCRIPTION_LENGTH = 2_000
INVITATION_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDetails:
    """What the owner of a list enters about it."""

    name: str
    description: str = ""
    public: bool = False
    """Whether anybody who has the link may read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovieList:
    """A list of movies."""

    id: int
    owner: UserId
    owner_name: str
    details: ListDetails
    created_at: datetime
    changed_at: datetime
    size: int
    """Number of movies."""
    hidden: str = ""
    """Why moderators hid it from everybody but its owner, or suspended the owner; empty if they did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """A movie on a list."""

    movie: MovieId
    note: str
    by: UserId
    """Who added it."""
    at: datetime


@dataclass(frozen=True, slots=True)
class ListMember:
    """A user who was invited to edit a list."""

    user: UserId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ListAddition:
    """What an import adds to a list of a user."""

    number: int | None
    """The list; None: a new one."""
    details: ListDetails
    entries: tuple[tuple[MovieId, str], ...]
    """Movies in order, each with its note, that the list does not have."""

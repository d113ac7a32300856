"""Published reviews, and what other users think of a movie. Immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.social.profiles import Person
from core.types import MovieId


class ReviewSort(StrEnum):
    """Sort orders of the reviews of a movie."""

    FRIENDS = "friends"
    """Most likes of users whom the reader follows."""
    LIKED = "liked"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedReview:
    """A review as one reader sees it."""

    id: int
    writer: Person
    movie: MovieId
    text: str
    stars: float | None
    """None also if the writer does not show ratings."""
    spoilers: bool
    published_at: datetime
    watch: int | None
    """The watching whose note it is; None if it was written on the page of the movie."""
    likes: int
    friend_likes: int = 0
    """Likes of users whom the reader follows."""
    liked: bool = False
    """Whether the reader likes it."""
    hidden: str = ""
    """Why moderators hid it; only its writer sees it then."""


@dataclass(frozen=True, slots=True)
class ReviewCursor:
    """The last review of a page: the next page begins after it."""

    id: int
    likes: int = 0
    friend_likes: int = 0


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Reviews of a movie, and where the next page begins."""

    reviews: Sequence[PublishedReview]
    next: ReviewCursor | None


@dataclass(frozen=True, slots=True)
class FriendOpinion:
    """What a user whom the reader follows gave a movie."""

    person: Person
    stars: float
    review: int | None
    """The number of their published review."""


@dataclass(frozen=True, slots=True)
class FriendOpinions:
    """What all users whom the reader follows gave a movie."""

    count: int = 0
    mean: float | None = None
    opinions: Sequence[FriendOpinion] = ()
    """The latest of them."""

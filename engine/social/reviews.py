"""Published reviews: notes of watchings, and reviews written on the page of a movie.

A review is seen by those to whom its writer shows reviews: publishing it does not make the profile public.
"""

from __future__ import annotations

from core.social.reviews import FriendOpinions, PublishedReview, ReviewCursor, ReviewPage, ReviewSort
from core.types import MovieId
from core.users import User, UserId
from data.database import Stores
from engine import clock

PAGE_SIZE = 10
FRIENDS = 12
"""Friends who are named on the page of a movie."""


class Reviews:
    """Published reviews of movies, and what friends think of them."""

    def __init__(self, stores: Stores, *, clock: clock.Clock = clock.now) -> None:
        self._stores, self._clock = stores, clock

    def publish(self, user: User, watch: int, *, spoilers: bool) -> PublishedReview:
        """Publish the note of an own watching. Raises `NotFound`, `InvalidRequest` (field `note`) without a note."""
        number = self._stores.reviews.publish(user.id, watch, spoilers=spoilers, at=self._clock())
        return self._stores.reviews.get(number, user.id)

    def withdraw(self, user: User, watch: int) -> None:
        """Make the note of an own watching private again."""
        self._stores.reviews.withdraw(user.id, watch)

    def of_watch(self, user: User, watch: int) -> PublishedReview | None:
        """Return the review that an own watching is published as."""
        return self._stores.reviews.of_watch(user.id, watch)

    def of_movie(self, user: User, movie: MovieId) -> PublishedReview | None:
        """Return the user's own review that was written on the page of a movie."""
        return self._stores.reviews.of_movie(user.id, movie)

    def get(self, reader: User | None, review: int) -> PublishedReview:
        """Return a review that a reader may see. Raises `NotFound`."""
        return self._stores.reviews.get(review, _id(reader))

    def page(
        self,
        reader: User | None,
        movie: MovieId,
        *,
        sort: ReviewSort = ReviewSort.LIKED,
        after: ReviewCursor | None = None,
        size: int = PAGE_SIZE,
    ) -> ReviewPage:
        """Return a page of the reviews of a movie that a reader may see."""
        return self._stores.reviews.page(movie, _id(reader), sort=sort, after=after, limit=size)

    def like(self, user: User, review: int, *, on: bool) -> None:
        """Like a review of somebody else, or take the like back. Raises `NotFound`, `InvalidRequest`."""
        self._stores.reviews.like(user.id, review, on=on, at=self._clock())

    def friends(self, reader: User, movie: MovieId) -> FriendOpinions:
        """Return what the users whom a reader follows gave a movie."""
        return self._stores.friends.opinions(reader.id, movie, limit=FRIENDS)


def _id(reader: User | None) -> UserId | None:
    return reader.id if reader else None
